extension Tensor {
  /// The elements at indices along a dimension, in whose place the indices' dimensions come.
  ///
  ///     table.take(ids, axis: 0)     // [1000, 16], ids: [5] → [5, 16]
  ///
  /// - Parameters:
  ///   - indices: Integers; negative ones count from the end, and what lies outside is brought to the
  ///     nearest edge.
  ///   - axis: The dimension; nil for the elements in row-major order.
  ///
  /// A dimension that is not there, or an empty one, gives a tensor whose reading throws. After `x[i]`
  /// of `jax.numpy`.
  public func take<Index: TensorInteger>(
    _ indices: Tensor<Index>, axis: Int? = nil
  ) -> Tensor {
    guard let axis else { return flattened().take(indices, axis: 0) }
    return Tensor(handle, indices.handle) {
      let dimension = try handle.sizes.dimension(axis, for: "take")
      return try .step(Take(dimension: dimension), handle, indices.handle)
    }
  }
}

/// The elements of a tensor at indices along a dimension.
///
/// After `x[i]` of `jax.numpy`.
public func take<Scalar, Index: TensorInteger>(
  _ x: Tensor<Scalar>, _ indices: Tensor<Index>, axis: Int? = nil
) -> Tensor<Scalar> {
  x.take(indices, axis: axis)
}
