// Activations and the functions of statistics.

/// The error function.
///
/// After `lax.erf`.
public func erf<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "erf", x.handle)
}

/// One minus the error function, accurate for large elements.
///
/// After `lax.erfc`.
public func erfc<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "erfc", x.handle)
}

/// The inverse of the error function.
///
/// After `lax.erf_inv`.
public func erfInverse<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "erf_inv", x.handle)
}

/// The logarithm of the magnitude of the gamma function; ∞ at 0 and at the negative integers.
///
/// Next to its zeros between negative integers the error is an absolute one. After `lax.lgamma`.
public func lgamma<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "lgamma", x.handle)
}

/// The derivative of ``lgamma(_:)``; NaN at 0 and at the negative integers.
///
/// Next to its zeros the error is an absolute one. After `lax.digamma`.
public func digamma<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "digamma", x.handle)
}

/// `exp(-abs(x))` times the modified Bessel function of the first kind of order 1.
///
/// After `lax.bessel_i1e`.
public func besselI1e<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "bessel_i1e", x.handle)
}

/// `1 / (1 + exp(-x))`.
///
/// After `jax.nn.sigmoid`.
public func sigmoid<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "logistic", x.handle)
}

/// The logistic function, another name of ``sigmoid(_:)``.
///
/// After `lax.logistic`.
public func logistic<Scalar: TensorInexact>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(elementwise: "logistic", x.handle)
}

/// The positive part of each element; NaN stays.
///
/// After `jax.nn.relu`.
public func relu<Scalar: TensorNumber>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { maximum(x, 0) }

/// `log(1 + exp(x))` without overflow.
///
/// After `jax.nn.softplus`.
public func softplus<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  maximum(x, 0) + log1p(exp(-abs(x)))
}

/// `x * sigmoid(x)`.
///
/// After `jax.nn.silu`.
public func silu<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x * sigmoid(x)
}

/// `x` times the normal distribution's integral, by its approximation with `tanh`.
///
/// After `jax.nn.gelu`, whose default this is.
public func gelu<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  let scale = (2 / Scalar.pi).squareRoot()
  let cubic = 0.044715 * (x * x * x)
  let half = 0.5 * (1 + tanh(scale * (x + cubic)))
  return x * half
}
