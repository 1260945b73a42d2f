import Device

extension TensorHandle {
  /// Every `strides`-th element from `starts` up to, but not including, `limits`, under another shape.
  ///
  /// Outside of traces a few neighbours are copied, and other slices are programs that are told where to
  /// begin: one serves all slices of a size.
  ///
  /// - Parameter shape: The shape of the result; where it is nil, that of the slice.
  func sliced(
    _ starts: [Int], _ limits: [Int], _ strides: [Int], as shape: [Int]? = nil
  ) throws(VMapError) -> TensorHandle {
    var slice = Slice(starts: starts, limits: limits, strides: strides)
    let sizes = try slice.resultTypes([type])[0].shape
    guard isEager else { return try .step(slice, self).reshaped(to: shape ?? sizes) }
    if let copy = try copied(starts, sizes, strides, as: shape ?? sizes) { return copy }
    var whole = self
    if !isConstant {
      let spans = zip(starts, limits).map { $1 - $0 }
      var operands = [self]
      for (start, sizes) in zip(starts, zip(spans, self.shape)) {
        operands.append(
          sizes.0 == sizes.1
            ? .constant(0, .int64) : try Tensor<Int64>(shape: [], scalars: [Int64(start)]).handle)
      }
      whole = try .step(DynamicSlice(sizes: spans), operands)
      slice = Slice(starts: starts.map { _ in 0 }, limits: spans, strides: strides)
    }
    if slice.strides.contains(where: { $0 != 1 }) || isConstant { whole = try .step(slice, whole) }
    return try whole.reshaped(to: shape ?? sizes)
  }

  /// A range of indices along a dimension; nothing where it is all of them.
  func sliced(_ start: Int, _ end: Int, along dimension: Int) throws(VMapError) -> TensorHandle {
    let shape = sizes
    if start == 0, end == shape[dimension] { return self }
    var (starts, limits) = ([Int](repeating: 0, count: shape.count), shape)
    (starts[dimension], limits[dimension]) = (start, end)
    return try sliced(starts, limits, [Int](repeating: 1, count: shape.count))
  }

  /// Whether it is outside of traces.
  private var isEager: Bool { Trace.current == nil && trace == nil }

  /// Whether nothing but constants is in it.
  private var isConstant: Bool {
    if case .recorded(let recording) = current { recording.isConstant } else { false }
  }

  /// The most bytes that are copied at once: what is larger is faster in a kernel, with what follows.
  private static let mostBytesCopied = 1 << 16

  /// The most elements that are computed for the sake of one.
  private static let mostElementsComputed = 1 << 24

  /// A copy of elements that are neighbours in memory; nil where they are not, or are many.
  ///
  /// Where a single element is asked for all are computed first, as more of them will be.
  private func copied(
    _ starts: [Int], _ sizes: [Int], _ strides: [Int], as shape: [Int]
  ) throws(VMapError) -> TensorHandle? {
    let count = sizes.saturatingProduct()
    let isElement = count == 1 && self.shape.saturatingProduct() <= Self.mostElementsComputed
    guard buffer != nil || isElement, count > 0,
      count * element.byteCount <= Self.mostBytesCopied,
      areNeighbours(sizes, strides)
    else { return nil }
    let storage = try storage()
    let offset = zip(starts, self.shape).reduce(0) { $0 * $1.1 + $1.0 }
    let part = try Storage(element: element, shape: shape, in: try Context.forTensors())
    var bytes = [UInt8](repeating: 0, count: part.byteCount)
    try VMapError.onDevice { () throws(DeviceError) in
      try bytes.withUnsafeMutableBytesTyped { bytes throws(DeviceError) in
        try storage.buffer.read(into: bytes, at: offset * element.byteCount)
      }
      try bytes.withUnsafeBytesTyped { bytes throws(DeviceError) in
        try part.buffer.write(from: bytes)
      }
    }
    return TensorHandle(part)
  }

  /// Whether a window's elements are one after another in memory: after the first dimension of which it
  /// has several indices, it has all of each.
  private func areNeighbours(_ sizes: [Int], _ strides: [Int]) -> Bool {
    let dimensions = sizes.indices.drop { sizes[$0] == 1 }
    return dimensions.allSatisfy { strides[$0] == 1 }
      && dimensions.dropFirst().allSatisfy { sizes[$0] == shape[$0] }
  }
}

extension [UInt8] {
  fileprivate mutating func withUnsafeMutableBytesTyped<E: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Void
  ) throws(E) {
    let result = withUnsafeMutableBytes { bytes in Result { () throws(E) in try body(bytes) } }
    try result.get()
  }
}
