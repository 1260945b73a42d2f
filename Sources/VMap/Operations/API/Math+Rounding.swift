// Rounding, signs and properties of each element.

/// The greatest integers not above the elements.
///
/// After `jnp.floor`.
public func floor<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "floor", x.handle)
}

/// The least integers not below the elements.
///
/// After `jnp.ceil`.
public func ceil<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "ceil", x.handle)
}

/// The elements without their fractions.
///
/// After `jnp.trunc`.
public func trunc<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "trunc", x.handle)
}

/// The nearest integers, halves to the even one.
///
/// After `jnp.round`.
///
///     try round(Tensor<Float>([0.5, 1.5])).scalars()     // [0.0, 2.0]
public func round<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "round_nearest_even", x.handle)
}

/// The absolute value of each element.
///
/// After `jnp.abs`.
public func abs<Scalar: TensorNumber>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "abs", x.handle)
}

/// −1, 0 or 1 by the sign of each element; NaN stays.
///
/// After `jnp.sign`.
public func sign<Scalar: TensorNumber>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "sign", x.handle)
}

/// Where elements are neither infinite nor NaN.
///
/// After `jnp.isfinite`.
public func isfinite<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Bool> {
  Tensor(elementwise: "is_finite", x.handle)
}

/// Where elements are NaN.
///
/// After `jnp.isnan`.
public func isnan<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Bool> { x .!= x }

/// Where elements are infinite.
///
/// After `jnp.isinf`.
public func isinf<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Bool> {
  abs(x) .== .infinity
}

/// The number of set bits of each element.
///
/// After `lax.population_count`.
public func populationCount<Scalar: TensorInteger>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "population_count", x.handle)
}

/// The number of leading zero bits of each element.
///
/// After `lax.clz`.
public func countLeadingZeros<Scalar: TensorInteger>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "clz", x.handle)
}
