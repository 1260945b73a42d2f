// Complex numbers and their parts.

/// Complex numbers from their parts, of shapes that broadcast.
///
/// After `lax.complex`.
///
///     complex(Tensor<Float>([1, 2]), Tensor<Float>([0, -1]))     // [1.+0.j 2.-1.j]
public func complex<Part: ComplexPart>(
  _ real: Tensor<Part>, _ imaginary: Tensor<Part>
) -> Tensor<Complex<Part>> {
  Tensor(elementwise: "complex", real.handle, imaginary.handle)
}

/// The real parts.
///
/// After `jnp.real`.
public func real<Part: ComplexPart>(_ x: Tensor<Complex<Part>>) -> Tensor<Part> {
  Tensor(elementwise: "real", x.handle)
}

/// The imaginary parts.
///
/// After `jnp.imag`.
public func imag<Part: ComplexPart>(_ x: Tensor<Complex<Part>>) -> Tensor<Part> {
  Tensor(elementwise: "imag", x.handle)
}

/// The numbers with the other sign of their imaginary parts.
///
/// After `jnp.conj`.
public func conj<Part: ComplexPart>(_ x: Tensor<Complex<Part>>) -> Tensor<Complex<Part>> {
  Tensor(elementwise: "conj", x.handle)
}

/// The distance of each element from zero, without overflow on the way.
///
/// After `jnp.abs`.
public func abs<Part: ComplexPart>(_ x: Tensor<Complex<Part>>) -> Tensor<Part> {
  Tensor(elementwise: "abs", x.handle)
}

/// The angle of each element with the positive real axis, in (−π, π].
///
/// After `jnp.angle`.
public func angle<Part: ComplexPart>(_ x: Tensor<Complex<Part>>) -> Tensor<Part> {
  atan2(imag(x), real(x))
}

/// Where both parts of elements are neither infinite nor NaN.
///
/// After `jnp.isfinite`.
public func isfinite<Part: ComplexPart>(_ x: Tensor<Complex<Part>>) -> Tensor<Bool> {
  isfinite(real(x)) .&& isfinite(imag(x))
}

/// The dot product of all elements in row-major order, those of the first operand conjugated; a scalar.
///
/// After `jnp.vdot`.
public func vdot<Part: ComplexPart>(
  _ a: Tensor<Complex<Part>>, _ b: Tensor<Complex<Part>>
) -> Tensor<Complex<Part>> {
  dot(conj(a).flattened(), b.flattened())
}
