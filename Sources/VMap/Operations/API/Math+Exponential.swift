// Exponentials, logarithms, powers and roots of each element.

/// e to the power of each element.
///
/// After `jnp.exp`.
public func exp<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "exp", x.handle)
}

/// 2 to the power of each element.
///
/// After `jnp.exp2`.
public func exp2<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "exp2", x.handle)
}

/// `exp(x) - 1`, accurate near 0.
///
/// After `jnp.expm1`.
public func expm1<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "expm1", x.handle)
}

/// The natural logarithm; NaN of negative numbers, −∞ of 0.
///
/// After `jnp.log`.
public func log<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "log", x.handle)
}

/// The logarithm to base 2.
///
/// After `jnp.log2`.
public func log2<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "log2", x.handle)
}

/// The logarithm to base 10.
///
/// After `jnp.log10`.
public func log10<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "log10", x.handle)
}

/// `log(1 + x)`, accurate near 0.
///
/// After `jnp.log1p`.
public func log1p<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "log1p", x.handle)
}

/// The square root; NaN of negative numbers.
///
/// After `jnp.sqrt`.
public func sqrt<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "sqrt", x.handle)
}

/// One by the square root.
///
/// After `lax.rsqrt`.
public func rsqrt<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "rsqrt", x.handle)
}

/// The cube root, of negative numbers too.
///
/// After `jnp.cbrt`.
public func cbrt<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "cbrt", x.handle)
}

/// The square of each element.
///
/// After `jnp.square`.
public func square<Scalar: TensorNumber>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "square", x.handle)
}

/// One by each element.
///
/// After `jnp.reciprocal`.
public func reciprocal<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  1 / x
}

/// The elements of one tensor to the powers in another.
///
/// After `jnp.power`.
public func pow<Scalar: TensorInexact>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  x ** y
}

/// The elements to a power.
///
/// After `jnp.power`.
public func pow<Scalar: TensorInexact>(_ x: Tensor<Scalar>, _ y: Scalar) -> Tensor<Scalar> {
  x ** y
}

/// The length of the hypotenuse, `sqrt(x² + y²)`, without overflow on the way.
///
/// After `jnp.hypot`.
public func hypot<Scalar: TensorFloatingPoint>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  let (a, b) = (abs(x), abs(y))
  let (large, small) = (maximum(a, b), minimum(a, b))
  let isZero = large .== 0
  let ratio = small / select(isZero, 1, large)
  let length = select(isZero, large, large * sqrt(1 + ratio * ratio))
  // An infinite leg wins over everything, as in C.
  return select((a .== .infinity) .|| (b .== .infinity), .infinity, length)
}

/// `log(exp(x) + exp(y))`, without overflow on the way.
///
/// After `jnp.logaddexp`.
public func logaddexp<Scalar: TensorFloatingPoint>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  let difference = x - y
  let sum = maximum(x, y) + log1p(exp(-abs(difference)))
  // The difference of equal infinities, or with a NaN, is a NaN: the sum gives both.
  return select(isnan(difference), x + y, sum)
}
