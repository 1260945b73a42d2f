/// Bernoulli's numbers of index 2, 4, … over the factorials of their indices.
private let zetaCoefficients: [Double] = [
  0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05,
  -8.267195767195768e-07, 2.08767569878681e-08, -5.284190138687493e-10,
  1.3382536530684679e-11, -3.3896802963225827e-13, 8.586062056277845e-15,
  -2.174868698558062e-16, 5.5090028283602295e-18, -1.3954464685812522e-19,
]

/// The Hurwitz zeta function: the sum of `1 / (q + k)^x` over k from 0 on.
///
///     let z = zeta(Tensor<Double>(2), Tensor<Double>(1))     // π² / 6
///
/// Infinite at x = 1, NaN below. A q of at most 0 takes a whole x; where it is whole itself the result
/// is infinite for even x and NaN for odd ones. After `lax.zeta`.
///
/// - Returns: Ten terms and Euler's and Maclaurin's formula for the rest, whose error is below a
///   rounding: within some units in the last place for q above 0.
public func zeta<Scalar: TensorFloatingPoint>(
  _ x: Tensor<Scalar>, _ q: Tensor<Scalar>
) -> Tensor<Scalar> {
  let power = -x
  var a = q
  var sum = pow(q, power)
  for _ in 0..<9 {
    a = a + 1
    sum = sum + pow(a, power)
  }
  a = a + 1
  let last = pow(a, power)
  let tail = a / (x - 1) + 0.5
  let inverseSquare = 1 / (a * a)
  var series = zerosLike(x + a)
  for (index, coefficient) in zetaCoefficients.enumerated().reversed() {
    let twice = Scalar(2 * index + 1)
    let next = series * (x + twice) * (x + (twice + 1)) * inverseSquare
    series = next + Scalar(coefficient)
  }
  let value = sum + last * (tail + x / a * series)
  let isPole = q .<= 0 .&& q .== floor(q)
  let isEven = x .== 2 * floor(x * 0.5)
  let isNothing = x .< 1 .|| (q .<= 0 .&& x .!= floor(x)) .|| (isPole .&& .!isEven)
  let infinity = zerosLike(value) + Scalar.infinity
  let defined = select(isNothing, zerosLike(value) + Scalar.nan, value)
  return select(x .== 1 .|| (isPole .&& isEven .&& x .> 1), infinity, defined)
}

/// The derivative of order n of the digamma function.
///
///     let trigamma = polygamma(Tensor<Float>(1), x)
///
/// - Parameters:
///   - n: Whole numbers of at least 0; others give NaN.
///   - x: Where the derivative is taken.
///
/// The factorial of n comes from its logarithm: for large n the error grows with that. After
/// `lax.polygamma`.
public func polygamma<Scalar: TensorFloatingPoint>(
  _ n: Tensor<Scalar>, _ x: Tensor<Scalar>
) -> Tensor<Scalar> {
  let isEven = n .== 2 * floor(n * 0.5)
  let size = exp(lgamma(n + 1)) * zeta(n + 1, x)
  let derivative = select(isEven, -size, size)
  let isOrder = n .== floor(n) .&& n .>= 0
  let result = select(n .== 0, digamma(x + zerosLike(n)), derivative)
  return select(isOrder, result, zerosLike(result) + Scalar.nan)
}

extension AnyTensor {
  /// A function of two tensors of floating-point numbers, which are of one type.
  ///
  /// Those of 16 bits are computed in 32.
  package static func special(
    _ function: SpecialFunction, _ x: AnyTensor, _ y: AnyTensor
  ) throws(VMapError) -> AnyTensor {
    guard x.elementType == y.elementType, x.elementType.isFloating else {
      throw VMapError(
        .typeMismatch, "\(function): takes floating-point numbers, got \(x.type) and \(y.type)")
    }
    func applied<Scalar: TensorFloatingPoint>(
      _: Scalar.Type
    ) throws(VMapError) -> TensorHandle {
      let x = Tensor<Scalar>(handle: try x.handle.converted(to: Scalar.elementType))
      let y = Tensor<Scalar>(handle: try y.handle.converted(to: Scalar.elementType))
      let result = function == .zeta ? zeta(x, y) : polygamma(x, y)
      if case .failed(let error) = result.handle.current { throw error }
      return result.handle
    }
    let isDouble = x.elementType == .float64
    let result = try isDouble ? applied(Double.self) : applied(Float.self)
    return AnyTensor(handle: try result.converted(to: x.elementType))
  }
}

/// A function of two tensors that is made of others.
package enum SpecialFunction: Sendable { case zeta, polygamma }
