// Methods of tensors under the names that NumPy has as functions: sums and the like.

/// The sum of the elements, all or along one dimension, as the method of the name.
///
/// After `jnp.sum`.
public func sum<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, axis: Int? = nil, keepDims: Bool = false
) -> Tensor<Scalar> {
  x.sum(axis: axis, keepDims: keepDims)
}

/// The product of the elements, all or along one dimension: see ``Tensor/product(axis:keepDims:)``.
///
/// After `jnp.prod`.
public func prod<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, axis: Int? = nil, keepDims: Bool = false
) -> Tensor<Scalar> {
  x.product(axis: axis, keepDims: keepDims)
}

/// The mean of the elements, all or along one dimension: see ``Tensor/mean(axis:keepDims:)``.
///
/// After `jnp.mean`.
public func mean<Scalar: TensorFloatingPoint>(
  _ x: Tensor<Scalar>, axis: Int? = nil, keepDims: Bool = false
) -> Tensor<Scalar> {
  x.mean(axis: axis, keepDims: keepDims)
}

/// The square root of the variance: see ``Tensor/standardDeviation(axis:ddof:keepDims:)``.
///
/// After `jnp.std`.
public func std<Scalar: TensorFloatingPoint>(
  _ x: Tensor<Scalar>, axis: Int? = nil, ddof: Int = 0, keepDims: Bool = false
) -> Tensor<Scalar> {
  x.standardDeviation(axis: axis, ddof: ddof, keepDims: keepDims)
}

/// The mean squared distance from the mean: see ``Tensor/variance(axis:ddof:keepDims:)``.
///
/// After `jnp.var`.
public func variance<Scalar: TensorFloatingPoint>(
  _ x: Tensor<Scalar>, axis: Int? = nil, ddof: Int = 0, keepDims: Bool = false
) -> Tensor<Scalar> {
  x.variance(axis: axis, ddof: ddof, keepDims: keepDims)
}

/// The median, of all elements or along one dimension: see ``Tensor/median(axis:keepDims:)``.
///
/// After `jnp.median`.
public func median<Scalar: TensorFloatingPoint>(
  _ x: Tensor<Scalar>, axis: Int? = nil, keepDims: Bool = false
) -> Tensor<Scalar> {
  x.median(axis: axis, keepDims: keepDims)
}

/// The position of the greatest element: see ``Tensor/argmax(axis:keepDims:)``.
///
/// After `jnp.argmax`.
public func argmax<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, axis: Int? = nil, keepDims: Bool = false
) -> Tensor<Int32> {
  x.argmax(axis: axis, keepDims: keepDims)
}

/// The position of the least element: see ``Tensor/argmin(axis:keepDims:)``.
///
/// After `jnp.argmin`.
public func argmin<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, axis: Int? = nil, keepDims: Bool = false
) -> Tensor<Int32> {
  x.argmin(axis: axis, keepDims: keepDims)
}

/// The sums of the elements so far: see ``Tensor/cumsum(axis:reverse:)``.
///
/// After `jnp.cumsum`.
public func cumsum<Scalar: TensorNumber>(_ x: Tensor<Scalar>, axis: Int? = nil) -> Tensor<Scalar> {
  x.cumsum(axis: axis)
}

/// The products of the elements so far: see ``Tensor/cumprod(axis:reverse:)``.
///
/// After `jnp.cumprod`.
public func cumprod<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, axis: Int? = nil
) -> Tensor<Scalar> {
  x.cumprod(axis: axis)
}
