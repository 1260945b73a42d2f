/// The shape rule of convolutions.
extension Convolution {
  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let (left, right) = (operands[0], operands[1])
    guard left.element == right.element, left.element != .bool else {
      throw VMapError(.typeMismatch, "\(name): takes numbers of one type, got \(left) and \(right)")
    }
    let rank = left.shape.count
    guard rank >= 2, right.shape.count == rank else {
      throw VMapError(
        .shapeMismatch,
        "\(name): takes two operands of as many dimensions, at least 2, got shapes "
          + "\(left.shape.shapeText) and \(right.shape.shapeText)")
    }
    try checkAttributes(rank: rank)
    let features = try featureCounts(left.shape, right.shape)
    var shape = [Int](repeating: 0, count: rank)
    shape[dimensions.result[0]] = left.shape[dimensions.left[0]] / batchGroups
    shape[dimensions.result[1]] = features
    for d in 0..<rank - 2 {
      shape[dimensions.result[d + 2]] = try places(
        d, left.shape[dimensions.left[d + 2]], right.shape[dimensions.right[d + 2]])
    }
    return [TensorType(element: left.element, shape: try shape.counted(for: name))]
  }

  private func checkAttributes(rank: Int) throws(VMapError) {
    let lists = [dimensions.left, dimensions.right, dimensions.result]
    for (side, list) in zip(["lhs", "rhs", "out"], lists)
    where list.sorted() != Array(0..<rank) {
      throw VMapError(
        .invalidArgument,
        "\(name): dimension_numbers of \(side) should name each of \(rank) dimensions once, "
          + "got \(list.shapeText)")
    }
    let counts = [
      ("window_strides", window.strides.count), ("padding", window.padding.count),
      ("lhs_dilation", window.leftDilation.count), ("rhs_dilation", window.rightDilation.count),
      ("window_reversal", window.reversal.count),
    ]
    for (attribute, count) in counts where count != rank - 2 {
      throw VMapError(
        .invalidArgument,
        "\(name): \(attribute) should say something for \(rank - 2) dimensions, got \(count)")
    }
    let positive = [
      ("window_strides", window.strides), ("lhs_dilation", window.leftDilation),
      ("rhs_dilation", window.rightDilation), ("feature_group_count", [featureGroups]),
      ("batch_group_count", [batchGroups]),
    ]
    for (attribute, values) in positive {
      if let value = values.first(where: { $0 < 1 }) {
        throw VMapError(
          .invalidArgument, "\(name): \(attribute) should be positive, got \(value)")
      }
    }
    if let pair = window.padding.first(where: { $0.count != 2 }) {
      throw VMapError(
        .invalidArgument, "\(name): padding should be pairs of low and high, got \(pair.shapeText)")
    }
    guard window.reversal.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw VMapError(
        .invalidArgument,
        "\(name): window_reversal should be 0 or 1, got \(window.reversal.shapeText)")
    }
    guard featureGroups == 1 || batchGroups == 1 else {
      throw VMapError(
        .invalidArgument,
        "\(name): feature_group_count or batch_group_count should be 1, "
          + "got \(featureGroups) and \(batchGroups)")
    }
  }

  /// The number of features of the result.
  private func featureCounts(_ left: [Int], _ right: [Int]) throws(VMapError) -> Int {
    let (batch, inputs) = (left[dimensions.left[0]], left[dimensions.left[1]])
    let (outputs, summed) = (right[dimensions.right[0]], right[dimensions.right[1]])
    guard batch.isMultiple(of: batchGroups) else {
      throw VMapError(
        .shapeMismatch,
        "\(name): batch_group_count \(batchGroups) does not divide the batch of \(batch) "
          + "in shape \(left.shapeText)")
    }
    guard inputs.isMultiple(of: featureGroups), inputs / featureGroups == summed else {
      throw VMapError(
        .shapeMismatch,
        "\(name): \(inputs) features of shape \(left.shapeText) in \(featureGroups) groups do not "
          + "fit the \(summed) of the kernel of shape \(right.shapeText)")
    }
    guard outputs.isMultiple(of: featureGroups), outputs.isMultiple(of: batchGroups) else {
      throw VMapError(
        .shapeMismatch,
        "\(name): \(outputs) features of the kernel of shape \(right.shapeText) do not fall in "
          + "\(max(featureGroups, batchGroups)) groups")
    }
    return outputs
  }

  /// At how many places along a dimension in space the kernel fits.
  private func places(_ d: Int, _ size: Int, _ kernel: Int) throws(VMapError) -> Int {
    guard kernel > 0 else {
      throw VMapError(
        .shapeMismatch, "\(name): the kernel has no element along dimension \(d) in space")
    }
    let (low, high) = (window.padding[d][0], window.padding[d][1])
    guard let spread = Self.dilated(size, by: window.leftDilation[d]),
      let wide = Self.dilated(kernel, by: window.rightDilation[d]),
      let padded = Self.sum(Self.sum(spread, low), high)
    else {
      throw VMapError(
        .sizeOverflow,
        "\(name): padding and dilation along dimension \(d) in space exceed what an Int can count")
    }
    guard padded >= 0 else {
      throw VMapError(
        .invalidArgument,
        "\(name): padding \(low) and \(high) leaves no size for dimension \(d) in space of \(size)")
    }
    return padded < wide ? 0 : (padded - wide) / window.strides[d] + 1
  }

  /// A size once its elements are spread out; nil where an `Int` cannot hold it.
  static func dilated(_ size: Int, by dilation: Int) -> Int? {
    if size == 0 { return 0 }
    let (spread, overflow) = (size - 1).multipliedReportingOverflow(by: dilation)
    return overflow ? nil : sum(spread, 1)
  }

  private static func sum(_ a: Int?, _ b: Int) -> Int? {
    guard let (sum, overflow) = a?.addingReportingOverflow(b) else { return nil }
    return overflow ? nil : sum
  }
}
