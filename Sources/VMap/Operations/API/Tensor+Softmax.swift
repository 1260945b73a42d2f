extension Tensor where Scalar: TensorFloatingPoint {
  /// `log(sum(exp(x)))` without overflow, of all elements or along one dimension; −∞ of none.
  ///
  ///     scores.logSumExp(axis: -1)     // [4, 10] → [4]
  ///
  /// After `jax.scipy.special.logsumexp`.
  public func logSumExp(axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    logSumExp(over: axis.map { [$0] }, keepDims: keepDims)
  }

  /// `log(sum(exp(x)))` along several dimensions.
  ///
  /// After `jax.scipy.special.logsumexp`.
  public func logSumExp(axes: [Int], keepDims: Bool = false) -> Tensor {
    logSumExp(over: axes, keepDims: keepDims)
  }

  private func logSumExp(over axes: [Int]?, keepDims: Bool) -> Tensor {
    Tensor(handle) {
      let greatest = Tensor(
        handle: try handle.reduced(.maximum, axes, keepDims: true, for: "logSumExp")
          .withoutDerivative)
      // Where the greatest element is infinite, subtracting it would make a NaN.
      let shift = select(isfinite(greatest), greatest, 0)
      let sum = try exp(self - shift).handle.reduced(.sum, axes, keepDims: keepDims)
      let shape = sum.sizes
      return (log(Tensor(handle: sum)) + shift.reshaped(to: shape)).handle
    }
  }

  /// The exponentials divided by their sum along a dimension: positive numbers that sum to 1.
  ///
  ///     scores.softmax()     // [4, 10] → [4, 10]
  ///
  /// After `jax.nn.softmax`.
  public func softmax(axis: Int = -1) -> Tensor {
    let exponentials = exp(self - greatest(along: axis, for: "softmax"))
    return exponentials / exponentials.sum(axis: axis, keepDims: true)
  }

  /// The logarithm of ``softmax(axis:)``, without overflow.
  ///
  /// After `jax.nn.log_softmax`.
  public func logSoftmax(axis: Int = -1) -> Tensor {
    let shifted = self - greatest(along: axis, for: "logSoftmax")
    return shifted - log(exp(shifted).sum(axis: axis, keepDims: true))
  }

  private func greatest(along axis: Int, for name: String) -> Tensor {
    // What is subtracted changes nothing.
    Tensor(handle) {
      try handle.reduced(.maximum, [axis], keepDims: true, for: name).withoutDerivative
    }
  }
}

/// The exponentials divided by their sum along a dimension.
///
/// After `jax.nn.softmax`.
public func softmax<Scalar: TensorFloatingPoint>(
  _ x: Tensor<Scalar>, axis: Int = -1
) -> Tensor<Scalar> {
  x.softmax(axis: axis)
}

/// The logarithm of the softmax along a dimension.
///
/// After `jax.nn.log_softmax`.
public func logSoftmax<Scalar: TensorFloatingPoint>(
  _ x: Tensor<Scalar>, axis: Int = -1
) -> Tensor<Scalar> {
  x.logSoftmax(axis: axis)
}
