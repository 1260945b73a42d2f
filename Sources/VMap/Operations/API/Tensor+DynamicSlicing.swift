extension Tensor {
  /// A window that begins at indices known at run time.
  ///
  ///     x.dynamicSlice([i, j], sizes: [2, 3])     // [5, 8] → [2, 3]
  ///
  /// - Parameters:
  ///   - starts: A scalar for each dimension; negative ones count from the end. A window that would
  ///     reach beyond an edge is moved until it lies inside.
  ///   - sizes: The size of the window along each dimension.
  ///
  /// Another number of starts or sizes than dimensions, and sizes that do not fit, give a tensor whose
  /// reading throws. After `lax.dynamic_slice`.
  public func dynamicSlice<Index: TensorInteger>(
    _ starts: [Tensor<Index>], sizes: [Int]
  ) -> Tensor {
    let operands = [handle] + starts.map(\.handle)
    return Tensor(
      handle: .checked(operands, as: Scalar.elementType) {
        try .step(DynamicSlice(sizes: sizes), [handle] + handle.firsts(starts.map(\.handle)))
      })
  }

  /// The tensor with a window, which begins at indices known at run time, replaced.
  ///
  ///     x.dynamicUpdateSlice(y, [i, j])     // x: [5, 8], y: [2, 3]
  ///
  /// The starts are those of ``dynamicSlice(_:sizes:)``. After `lax.dynamic_update_slice`.
  public func dynamicUpdateSlice<Index: TensorInteger>(
    _ update: Tensor, _ starts: [Tensor<Index>]
  ) -> Tensor {
    let operands = [handle, update.handle] + starts.map(\.handle)
    return Tensor(
      handle: .checked(operands, as: Scalar.elementType) {
        try .step(
          DynamicUpdateSlice(),
          [handle, update.handle] + handle.firsts(starts.map(\.handle)))
      })
  }

  /// Elements along a dimension, at the indices of a tensor of the same rank.
  ///
  ///     x.takeAlong(x.argmax(axis: 1, keepDims: true), axis: 1)     // the greatest of each row
  ///
  /// - Parameters:
  ///   - indices: Integers; negative ones count from the end, and what lies outside is brought to the
  ///     nearest edge. Other dimensions than `axis` are those of the tensor, or of size 1.
  ///   - axis: The dimension.
  ///
  /// Shapes that do not fit, and a dimension that is not there or is empty, give a tensor whose reading
  /// throws. After `jnp.take_along_axis`.
  public func takeAlong<Index: TensorInteger>(_ indices: Tensor<Index>, axis: Int) -> Tensor {
    Tensor(handle, indices.handle) { try handle.taking(along: axis, indices.handle) }
  }
}

extension TensorHandle {
  /// Starts of a window, counted from the beginning.
  fileprivate func firsts(_ starts: [TensorHandle]) throws(VMapError) -> [TensorHandle] {
    let shape = sizes
    guard starts.count == shape.count else {
      throw VMapError(
        .shapeMismatch,
        "dynamicSlice: shape \(shape.shapeText) takes \(quantity(shape.count, "start")), got \(starts.count)"
      )
    }
    let isLong = starts.contains { $0.element.byteCount == 8 || $0.element == .uint32 }
    let type: ElementType =
      isLong || shape.contains { $0 > Int(Int32.max) } ? .int64 : .int32
    var result: [TensorHandle] = []
    for (start, size) in zip(starts, shape) {
      result.append(try start.fromStart(of: size, as: type))
    }
    return result
  }

  fileprivate func taking(
    along axis: Int, _ indices: TensorHandle
  ) throws(VMapError) -> TensorHandle {
    let (shape, given) = (sizes, indices.sizes)
    let dimension = try shape.dimension(axis, for: "takeAlong")
    guard given.count == shape.count else {
      throw VMapError(
        .shapeMismatch,
        "takeAlong: indices of shape \(given.shapeText) should have as many dimensions as "
          + shape.shapeText)
    }
    var (common, other) = (shape, given)
    (common[dimension], other[dimension]) = (1, 1)
    common = try .broadcasting([common, other], for: "takeAlong")
    guard shape[dimension] > 0 || given[dimension] == 0 || common.contains(0) else {
      throw VMapError(
        .invalidArgument,
        "takeAlong: axis \(dimension) of shape \(shape.shapeText) has no element to take")
    }
    var (source, places) = (common, common)
    (source[dimension], places[dimension]) = (shape[dimension], given[dimension])
    let others = shape.indices.filter { $0 != dimension }
    let type: ElementType =
      indices.element.byteCount == 8 || indices.element == .uint32
        || shape[dimension] > Int(Int32.max) ? .int64 : .int32
    let gather = Gather(
      dimensions: WindowDimensions(
        window: [], collapsed: [dimension], operandBatching: others, indexBatching: others,
        indexed: [dimension], vector: shape.count),
      sizes: source.map { Swift.min($0, 1) })
    return try .step(
      gather, broadcast(to: source),
      indices.fromStart(of: shape[dimension], as: type).broadcast(to: places))
  }
}
