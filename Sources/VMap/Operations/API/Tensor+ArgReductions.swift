extension Tensor where Scalar: TensorNumber {
  /// The index of the first greatest element; a NaN wins over any number.
  ///
  /// - Parameters:
  ///   - axis: The dimension to search along; nil for the elements in row-major order.
  ///   - keepDims: Whether the dimension stays, with size 1.
  ///
  /// Along a dimension of size 0 it gives a tensor whose reading throws. After `jnp.argmax`.
  ///
  ///     try Tensor<Float>([3, 9, 9]).argmax().scalar()     // 1
  public func argmax(axis: Int? = nil, keepDims: Bool = false) -> Tensor<Int32> {
    Tensor<Int32>(handle) { try handle.argReduced(isMaximum: true, axis, keepDims: keepDims) }
  }

  /// The index of the first least element; a NaN wins over any number.
  ///
  /// After `jnp.argmin`.
  ///
  /// Parameters as for ``argmax(axis:keepDims:)``.
  public func argmin(axis: Int? = nil, keepDims: Bool = false) -> Tensor<Int32> {
    Tensor<Int32>(handle) { try handle.argReduced(isMaximum: false, axis, keepDims: keepDims) }
  }
}

extension TensorHandle {
  fileprivate func argReduced(
    isMaximum: Bool, _ axis: Int?, keepDims: Bool
  ) throws(VMapError) -> TensorHandle {
    let name = isMaximum ? "argmax" : "argmin"
    var shape = sizes
    guard let axis else {
      let flat = try flattened()
      let result = try TensorHandle.step(ArgReduce(isMaximum: isMaximum, dimension: 0), flat)
      let ones = [Int](repeating: 1, count: shape.count)
      return keepDims ? try result.broadcast(to: ones) : result
    }
    let dimension = try shape.dimension(axis, for: name)
    let result = try TensorHandle.step(ArgReduce(isMaximum: isMaximum, dimension: dimension), self)
    guard keepDims else { return result }
    shape[dimension] = 1
    let kept = shape.indices.filter { $0 != dimension }
    return try .step(Broadcast(shape: shape, dimensions: kept), result)
  }
}
