extension Tensor where Scalar: TensorNumber {
  /// The sums of the elements up to each position along a dimension.
  ///
  ///     try Tensor<Int32>([1, 2, 3]).cumsum().scalars()     // [1, 3, 6]
  ///
  /// - Parameters:
  ///   - axis: The dimension; nil for the elements in row-major order, as a vector.
  ///   - reverse: Whether to begin at the end.
  ///
  /// A dimension that is not there gives a tensor whose reading throws. After `jnp.cumsum` and
  /// `lax.cumsum`.
  public func cumsum(axis: Int? = nil, reverse: Bool = false) -> Tensor {
    cumulative(.sum, axis, reverse)
  }

  /// The products of the elements up to each position along a dimension.
  ///
  /// After `jnp.cumprod` and `lax.cumprod`.
  ///
  /// Parameters as for ``cumsum(axis:reverse:)``.
  public func cumprod(axis: Int? = nil, reverse: Bool = false) -> Tensor {
    cumulative(.product, axis, reverse)
  }

  /// The greatest of the elements up to each position along a dimension; NaN from the first NaN on.
  ///
  /// After `lax.cummax`.
  ///
  /// Parameters as for ``cumsum(axis:reverse:)``.
  public func cummax(axis: Int? = nil, reverse: Bool = false) -> Tensor {
    cumulative(.maximum, axis, reverse)
  }

  /// The least of the elements up to each position along a dimension; NaN from the first NaN on.
  ///
  /// After `lax.cummin`.
  ///
  /// Parameters as for ``cumsum(axis:reverse:)``.
  public func cummin(axis: Int? = nil, reverse: Bool = false) -> Tensor {
    cumulative(.minimum, axis, reverse)
  }
}

extension Tensor where Scalar: TensorFloatingPoint {
  /// The logarithms of the sums of the exponentials of the elements up to each position along a
  /// dimension, without overflow on the way.
  ///
  /// After `lax.cumlogsumexp`.
  ///
  /// Parameters as for ``cumsum(axis:reverse:)``.
  public func cumlogsumexp(axis: Int? = nil, reverse: Bool = false) -> Tensor {
    cumulative(.logSumExp, axis, reverse)
  }
}

extension Tensor {
  private func cumulative(_ kind: Cumulative.Kind, _ axis: Int?, _ reverse: Bool) -> Tensor {
    Tensor(handle) {
      let operand = axis == nil ? try handle.flattened() : handle
      let dimension = try operand.sizes.dimension(axis ?? 0, for: kind.rawValue)
      return try .step(
        Cumulative(kind: kind, dimension: dimension, isReversed: reverse), operand)
    }
  }
}
