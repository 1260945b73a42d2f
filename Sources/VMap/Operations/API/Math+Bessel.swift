/// `exp(-x) I0(x)` for x up to 8, as Chebyshev's polynomials of `x / 2 - 2`, the highest first.
///
/// These and those for larger x are from Moshier's *Methods and Programs for Mathematical Functions*.
private let smallCoefficients: [Double] = [
  -4.4153416464793395e-18, 3.3307945188222384e-17, -2.431279846547955e-16, 1.715391285555133e-15,
  -1.1685332877993451e-14, 7.676185498604936e-14, -4.856446783111929e-13, 2.95505266312964e-12,
  -1.726826291441556e-11, 9.675809035373237e-11, -5.189795601635263e-10, 2.6598237246823866e-09,
  -1.300025009986248e-08, 6.046995022541919e-08, -2.670793853940612e-07, 1.1173875391201037e-06,
  -4.4167383584587505e-06, 1.6448448070728896e-05, -5.754195010082104e-05, 0.00018850288509584165,
  -0.0005763755745385824, 0.0016394756169413357, -0.004324309995050576, 0.010546460394594998,
  -0.02373741480589947, 0.04930528423967071, -0.09490109704804764, 0.17162090152220877,
  -0.3046826723431984, 0.6767952744094761,
]

/// `exp(-x) sqrt(x) I0(x)` for x from 8 on, as Chebyshev's polynomials of `32 / x - 2`.
private let largeCoefficients: [Double] = [
  -7.233180487874754e-18, -4.830504485944182e-18, 4.46562142029676e-17, 3.461222867697461e-17,
  -2.8276239805165836e-16, -3.425485619677219e-16, 1.7725601330565263e-15, 3.8116806693526224e-15,
  -9.554846698828307e-15, -4.150569347287222e-14, 1.54008621752141e-14, 3.8527783827421426e-13,
  7.180124451383666e-13, -1.7941785315068062e-12, -1.3215811840447713e-11, -3.1499165279632416e-11,
  1.1889147107846439e-11, 4.94060238822497e-10, 3.3962320257083865e-09, 2.266668990498178e-08,
  2.0489185894690638e-07, 2.8913705208347567e-06, 6.889758346916825e-05, 0.0033691164782556943,
  0.8044904110141088,
]

/// `exp(-abs(x))` times the modified Bessel function of the first kind of order 0.
///
///     let y = besselI0e(Tensor<Double>(1))     // 0.46575960759364043
///
/// Within 8 units in the last place. After `lax.bessel_i0e`.
public func besselI0e<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  if Scalar.elementType.isNarrow { return besselI0e(x.asType(Float.self)).asType(Scalar.self) }
  let size = abs(x)
  let small = chebyshev(minimum(size, 8) * 0.5 - 2, smallCoefficients)
  let large = maximum(size, 8)
  let tail = chebyshev(32 / large - 2, largeCoefficients) / sqrt(large)
  return select(size .<= 8, small, select(size .> 8, tail, size))
}

/// A sum of Chebyshev's polynomials of half of x, the highest first and half of the lowest.
private func chebyshev<Scalar: TensorFloatingPoint>(
  _ x: Tensor<Scalar>, _ coefficients: [Double]
) -> Tensor<Scalar> {
  // Small coefficients change nothing in a type of few digits.
  let smallest = Double(Scalar.ulpOfOne) / 1024
  let kept = coefficients.drop { abs($0) < smallest }
  var (last, beforeLast, sum) = (zerosLike(x), zerosLike(x), zerosLike(x))
  for coefficient in kept {
    (beforeLast, last) = (last, sum)
    sum = x * last - beforeLast + Scalar(coefficient)
  }
  return 0.5 * (sum - beforeLast)
}
