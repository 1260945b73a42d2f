// Choices between elements.

/// The greater of two elements; NaN where either is NaN.
///
/// After `jnp.maximum`.
public func maximum<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  Tensor(elementwise: "max", x.handle, y.handle)
}

/// The greater of two elements; NaN where either is NaN.
///
/// After `jnp.maximum`.
public func maximum<Scalar: TensorNumber>(_ x: Tensor<Scalar>, _ y: Scalar) -> Tensor<Scalar> {
  Tensor(elementwise: "max", x.handle, y.constant)
}

/// The greater of two elements; NaN where either is NaN.
///
/// After `jnp.maximum`.
public func maximum<Scalar: TensorNumber>(_ x: Scalar, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "max", x.constant, y.handle)
}

/// The lesser of two elements; NaN where either is NaN.
///
/// After `jnp.minimum`.
public func minimum<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  Tensor(elementwise: "min", x.handle, y.handle)
}

/// The lesser of two elements; NaN where either is NaN.
///
/// After `jnp.minimum`.
public func minimum<Scalar: TensorNumber>(_ x: Tensor<Scalar>, _ y: Scalar) -> Tensor<Scalar> {
  Tensor(elementwise: "min", x.handle, y.constant)
}

/// The lesser of two elements; NaN where either is NaN.
///
/// After `jnp.minimum`.
public func minimum<Scalar: TensorNumber>(_ x: Scalar, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "min", x.constant, y.handle)
}

/// The neighbour of each element of the first tensor, in its type, towards that of the second.
///
/// After `jnp.nextafter`.
public func nextafter<Scalar: TensorFloatingPoint>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  Tensor(elementwise: "nextafter", x.handle, y.handle)
}

/// Elements brought between two bounds; where the lower one is above the upper, the upper one.
///
///     clamp(x, min: 0, max: 1)
///
/// After `lax.clamp`.
public func clamp<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, min: Scalar, max: Scalar
) -> Tensor<Scalar> {
  Tensor(elementwise: "clamp", min.constant, x.handle, max.constant)
}

/// Elements brought between bounds of their own.
///
/// After `lax.clamp`, where shapes broadcast.
public func clamp<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, min: Tensor<Scalar>, max: Tensor<Scalar>
) -> Tensor<Scalar> {
  Tensor(elementwise: "clamp", min.handle, x.handle, max.handle)
}

/// Elements not below and not above bounds, where a bound that is nil is none.
///
/// After `jnp.clip`.
public func clip<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, min: Scalar? = nil, max: Scalar? = nil
) -> Tensor<Scalar> {
  var result = x
  if let min { result = maximum(min, result) }
  if let max { result = minimum(max, result) }
  return result
}
