extension Tensor {
  /// The elements of a diagonal, along a last dimension in place of two others.
  ///
  ///     a.diagonal()     // [3, 4] → [3]
  ///
  /// - Parameters:
  ///   - offset: Which diagonal: 0 for the main one, positive ones above it.
  ///   - axis1: The dimension of the rows.
  ///   - axis2: The dimension of the columns.
  ///
  /// A diagonal outside of the matrix has no elements; fewer than two dimensions give a tensor whose
  /// reading throws. After `jnp.diagonal`.
  public func diagonal(offset: Int = 0, axis1: Int = 0, axis2: Int = 1) -> Tensor {
    Tensor(handle) { try handle.diagonal(offset, [axis1, axis2], for: "diagonal") }
  }
}

extension Tensor where Scalar: TensorNumber {
  /// The sum of a diagonal, in place of two dimensions; of a matrix a scalar.
  ///
  ///     a.trace()     // [3, 3] → []
  ///
  /// - Parameters:
  ///   - offset: Which diagonal: 0 for the main one, positive ones above it.
  ///   - axis1: The dimension of the rows.
  ///   - axis2: The dimension of the columns.
  ///
  /// After `jnp.trace`.
  public func trace(offset: Int = 0, axis1: Int = 0, axis2: Int = 1) -> Tensor {
    Tensor(handle) { try handle.diagonal(offset, [axis1, axis2], for: "trace") }.sum(axis: -1)
  }
}

extension TensorHandle {
  fileprivate func diagonal(
    _ offset: Int, _ axes: [Int], for name: String
  ) throws(VMapError) -> TensorHandle {
    let shape = sizes
    let pair = try shape.dimensions(axes, for: name)
    let others = shape.indices.filter { !pair.contains($0) }
    let kept = others.map { shape[$0] }
    let (rows, columns) = (shape[pair[0]], shape[pair[1]])
    // Row-major, a diagonal is every element of so many columns and one more.
    let (below, right) = (
      offset < 0 ? Swift.min(rows, Int(clamping: offset.magnitude)) : 0,
      Swift.min(columns, Swift.max(0, offset))
    )
    let count = Swift.min(rows - below, columns - right)
    let flat = try transposed(others + pair).reshaped(to: kept + [rows * columns])
    guard count > 0 else { return try flat.sliced(0, 0, along: kept.count) }
    let first = below * columns + right
    let zeros = [Int](repeating: 0, count: kept.count)
    return try .step(
      Slice(
        starts: zeros + [first], limits: kept + [first + (count - 1) * (columns + 1) + 1],
        strides: zeros.map { _ in 1 } + [columns + 1]), flat)
  }
}
