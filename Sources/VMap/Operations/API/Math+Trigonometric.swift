// Trigonometric and hyperbolic functions of each element, in radians.

/// The sine of each element.
///
/// After `jnp.sin`.
public func sin<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "sin", x.handle)
}

/// The cosine of each element.
///
/// After `jnp.cos`.
public func cos<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "cos", x.handle)
}

/// The tangent of each element.
///
/// After `jnp.tan`.
public func tan<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "tan", x.handle)
}

/// The inverse sine of each element.
///
/// After `jnp.arcsin`.
public func asin<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "asin", x.handle)
}

/// The inverse cosine of each element.
///
/// After `jnp.arccos`.
public func acos<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "acos", x.handle)
}

/// The inverse tangent of each element.
///
/// After `jnp.arctan`.
public func atan<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "atan", x.handle)
}

/// The hyperbolic sine of each element.
///
/// After `jnp.sinh`.
public func sinh<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "sinh", x.handle)
}

/// The hyperbolic cosine of each element.
///
/// After `jnp.cosh`.
public func cosh<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "cosh", x.handle)
}

/// The hyperbolic tangent of each element.
///
/// After `jnp.tanh`.
public func tanh<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "tanh", x.handle)
}

/// The inverse hyperbolic sine of each element.
///
/// After `jnp.arcsinh`.
public func asinh<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "asinh", x.handle)
}

/// The inverse hyperbolic cosine of each element.
///
/// After `jnp.arccosh`.
public func acosh<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "acosh", x.handle)
}

/// The inverse hyperbolic tangent of each element.
///
/// After `jnp.arctanh`.
public func atanh<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "atanh", x.handle)
}

/// The angle of the point `(x, y)`, in all four quadrants.
///
/// After `jnp.arctan2`.
public func atan2<Scalar: TensorFloatingPoint>(
  _ y: Tensor<Scalar>, _ x: Tensor<Scalar>
) -> Tensor<Scalar> {
  Tensor(elementwise: "atan2", y.handle, x.handle)
}
