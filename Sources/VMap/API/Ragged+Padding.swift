extension Ragged {
  /// The examples as a tensor of one shape, each followed by a value up to a length.
  ///
  ///     try Ragged<Float>(rows: [[1, 2], [], [3]]).padded(to: 2, with: 0)     // [[1, 2], [0, 0], [3, 0]]
  ///
  /// - Parameters:
  ///   - length: How long examples are then; nil for as long as the longest is.
  ///   - value: What follows them.
  /// - Returns: `[n, length, …]`.
  /// - Throws: ``VMapError`` of kind `raggedDimension` where an example is longer.
  ///
  /// After PyTorch's `to_padded_tensor`.
  public func padded(to length: Int? = nil, with value: Element) throws(VMapError) -> Tensor<
    Element
  > {
    let longest = lengths.max() ?? 0
    let length = length ?? longest
    guard longest <= length else {
      throw VMapError(
        .raggedDimension,
        "padded: examples should be no longer than \(length), the longest has \(quantity(longest, "row"))"
      )
    }
    return try vmap(
      { (x: Tensor<Element>, value: Tensor<Element>) in x.followed(by: value, to: length) },
      inAxes: [.ragged, nil])(self, Tensor(value))
  }

  /// The first rows of each example of a tensor.
  ///
  ///     try Ragged(unpadding: padded, lengths: [2, 0, 1])
  ///
  /// - Parameters:
  ///   - padded: `[n, length, …]`.
  ///   - lengths: How many rows each example has.
  /// - Throws: ``VMapError`` of kind `raggedDimension` where there are not as many lengths as examples, or
  ///   one is negative or more than there are rows.
  public init(unpadding padded: Tensor<Element>, lengths: [Int]) throws(VMapError) {
    if let failure = padded.failure { throw failure }
    let shape = padded.shape
    guard shape.count >= 2, shape[0] == lengths.count else {
      throw VMapError(
        .raggedDimension,
        "unpadding: shape [n, length, …] with n = \(lengths.count), as there are lengths, is wanted, got "
          + shape.shapeText)
    }
    var offsets = [0]
    for (example, length) in lengths.enumerated() {
      guard (0...shape[1]).contains(length) else {
        throw VMapError(
          .raggedDimension,
          "unpadding: lengths should be 0 to \(shape[1]), got \(length) for example \(example)")
      }
      offsets.append(offsets[example] + length)
    }
    let segments = try RowSegments(offsets: offsets, rowCount: offsets[lengths.count])
    // Only the lengths are read of it.
    let rows = Ragged<Int32>(try segments.unreadExamples(), segments)
    let first = vmap(
      { (rows: Tensor<Int32>, x: Tensor<Element>) in x.take(rows.positions, axis: 0) },
      inAxes: [.ragged, 0], outAxes: .ragged)
    try self.init(try first(rows, padded))
  }
}

extension Tensor {
  /// The positions along the first dimension.
  fileprivate var positions: Tensor<Int32> {
    Tensor<Int32>(handle) { try .iota(.int32, [handle.shape[0]], along: 0) }
  }

  /// The first rows, and behind the last one a value, up to so many.
  fileprivate func followed(by value: Tensor, to length: Int) -> Tensor {
    let positions = Tensor<Int32>.arange(Int32(clamping: length))
    let rows = take(positions, axis: 0)
    let ones = [Int](repeating: 1, count: rank - 1)
    return select((positions .< dimensionSize(0)).reshaped(to: [length] + ones), rows, value)
  }
}
