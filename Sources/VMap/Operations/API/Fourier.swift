// Discrete Fourier transforms along a dimension.

/// The discrete Fourier transform along an axis.
///
/// After `jnp.fft.fft`.
///
///     fft(Tensor<Complex<Float>>([1, 2, 3, 4]))     // [10.+0.j -2.+2.j -2.+0.j -2.-2.j]
///
/// The error is at most a few times log₂ n units of rounding of the result's norm for lengths n of
/// small factors. A length with a prime factor above 4096 gives a tensor whose reading throws.
public func fft<Part: ComplexPart>(
  _ x: Tensor<Complex<Part>>, axis: Int = -1
) -> Tensor<Complex<Part>> {
  Tensor(x.handle) { try x.handle.transformed(.forward, along: axis) }
}

/// The discrete Fourier transform of real numbers along an axis, all of it: ``rfft(_:axis:)`` gives the
/// half that says everything.
///
/// After `jnp.fft.fft`.
public func fft<Part: ComplexPart>(_ x: Tensor<Part>, axis: Int = -1) -> Tensor<Complex<Part>> {
  fft(complex(x, zerosLike(x)), axis: axis)
}

/// The inverse of ``fft(_:axis:)-(Tensor<Complex<Part>>,_)``.
///
/// After `jnp.fft.ifft`.
public func ifft<Part: ComplexPart>(
  _ x: Tensor<Complex<Part>>, axis: Int = -1
) -> Tensor<Complex<Part>> {
  Tensor(x.handle) { try x.handle.transformed(.inverse, along: axis) }
}

/// The first half of the discrete Fourier transform of real numbers, `n / 2 + 1` of `n` along the axis:
/// the others are conjugates of those.
///
/// After `jnp.fft.rfft`.
public func rfft<Part: ComplexPart>(
  _ x: Tensor<Part>, axis: Int = -1
) -> Tensor<Complex<Part>> {
  Tensor(x.handle) { try x.handle.transformed(.ofReals, along: axis) }
}

/// The inverse of ``rfft(_:axis:)``: `count` real numbers from the `count / 2 + 1` numbers along an axis.
///
/// After `jnp.fft.irfft`.
///
/// - Parameters:
///   - x: The numbers of the half spectrum.
///   - count: How many real numbers; 2(n − 1) for n of the half where none is given.
///   - axis: The dimension.
public func irfft<Part: ComplexPart>(
  _ x: Tensor<Complex<Part>>, count: Int? = nil, axis: Int = -1
) -> Tensor<Part> {
  Tensor(x.handle) { try x.handle.transformed(.toReals, along: axis, count: count) }
}

extension TensorHandle {
  /// A transform along any dimension.
  fileprivate func transformed(
    _ kind: FourierTransform, along axis: Int, count: Int? = nil
  ) throws(VMapError) -> TensorHandle {
    let shape = sizes
    let dimension = try shape.dimension(axis, for: "fft")
    var order = Array(shape.indices)
    order.remove(at: dimension)
    order.append(dimension)
    var back = Array(shape.indices.dropLast())
    back.insert(shape.count - 1, at: dimension)
    let length = kind == .toReals ? count ?? 2 * (shape[dimension] - 1) : shape[dimension]
    return try transposed(order).transformed(kind, [length]).transposed(back)
  }
}
