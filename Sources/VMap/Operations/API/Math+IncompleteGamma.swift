/// The regularized lower incomplete gamma function: the part of `gamma(a)` that the integral of
/// `t^(a - 1) exp(-t)` has reached at t = x.
///
///     let p = igamma(Tensor<Double>(2), Tensor<Double>(3))     // 0.8008517265285442
///
/// - Parameters:
///   - a: The order, at least 0.
///   - x: Where the integral ends, at least 0.
/// - Returns: From 0 to 1; NaN for negative arguments and where both are 0. Each element goes on until
///   it changes no more. The relative error of `igamma` below x = a, and of ``igammac(_:_:)`` above,
///   grows with the size of `a log(x) - x - lgamma(a)`'s terms: some roundings of 1 times 1 + a log(x).
///
/// After `lax.igamma`.
public func igamma<Scalar: TensorFloatingPoint>(
  _ a: Tensor<Scalar>, _ x: Tensor<Scalar>
) -> Tensor<Scalar> {
  if Scalar.elementType.isNarrow {
    return igamma(a.asType(Float.self), x.asType(Float.self)).asType(Scalar.self)
  }
  return incomplete(a, x, sign: 1) { a, x in
    let isUpper = x .>= 1 .&& x .> a
    let value = select(
      isUpper, 1 - upperFraction(a, x, where: isUpper), lowerSeries(a, x, where: .!isUpper))
    return select(x .== 0, 0, select(x .== .infinity .|| a .== 0, 1, value))
  }
}

/// The regularized upper incomplete gamma function: 1 - `igamma(a, x)`, also where that is small.
///
///     let q = igammac(Tensor<Double>(2), Tensor<Double>(3))     // 0.1991482734714558
///
/// Arguments, results and errors are those of ``igamma(_:_:)``. After `lax.igammac`.
public func igammac<Scalar: TensorFloatingPoint>(
  _ a: Tensor<Scalar>, _ x: Tensor<Scalar>
) -> Tensor<Scalar> {
  if Scalar.elementType.isNarrow {
    return igammac(a.asType(Float.self), x.asType(Float.self)).asType(Scalar.self)
  }
  return incomplete(a, x, sign: -1) { a, x in
    let isLower = x .< 1 .|| x .< a
    let value = select(
      isLower, 1 - lowerSeries(a, x, where: isLower), upperFraction(a, x, where: .!isLower))
    return select(x .== 0, 1, select(x .== .infinity .|| a .== 0, 0, value))
  }
}

/// A function for each pair of elements, and NaN where it has no value.
///
/// - Parameter sign: That of its derivatives, which are those of the lower function otherwise.
private func incomplete<Scalar: TensorFloatingPoint>(
  _ a: Tensor<Scalar>, _ x: Tensor<Scalar>, sign: Scalar,
  _ function: @escaping @Sendable (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>
) -> Tensor<Scalar> {
  forEachElement(of: [a, x]) { operands in
    let (a, x) = (operands[0], operands[1])
    let isDefined = a .>= 0 .&& x .>= 0 .&& (a .> 0 .|| x .> 0)
    // What has no value must not keep a loop going.
    let value = function(select(isDefined, a, 1), select(isDefined, x, 1))
    return select(isDefined, value, .nan).changing(
      with: operands,
      by: [
        { try sign * incompleteGammaSlope($0[0], $0[1]) }, { sign * integrand($0[0], $0[1]) },
      ])
  }
}

/// What the lower function grows by at the end of the integral.
private func integrand<Scalar: TensorFloatingPoint>(
  _ a: Tensor<Scalar>, _ x: Tensor<Scalar>
) -> Tensor<Scalar> {
  let power = select(a .== 1, zerosLike(a), (a - 1) * log(x))
  return select(x .== .infinity, 0, exp(power - x - lgamma(a)))
}

/// `x^a exp(-x) / gamma(a)`.
func incompleteGammaDensity<Scalar: TensorFloatingPoint>(
  _ a: Tensor<Scalar>, _ x: Tensor<Scalar>
) -> Tensor<Scalar> { exp(a * log(x) - x - lgamma(a)) }

/// The lower function as a series, where it is asked for.
private func lowerSeries<Scalar: TensorFloatingPoint>(
  _ a: Tensor<Scalar>, _ x: Tensor<Scalar>, where isWanted: Tensor<Bool>
) -> Tensor<Scalar> {
  let factor = incompleteGammaDensity(a, x)
  let isOpen = isWanted .&& factor .> 0 .&& isfinite(factor)
  let (_, _, sum, _) = whileLoop(a, onesLike(a), onesLike(a), isOpen) { _, _, _, isOpen in
    isOpen
  } do: { r, term, sum, _ in
    let next = r + 1
    let term = term * (x / next)
    let sum = sum + term
    return (next, term, sum, term .> sum * Scalar.ulpOfOne)
  }
  return sum * factor / a
}

/// The upper function as a continued fraction, where it is asked for.
private func upperFraction<Scalar: TensorFloatingPoint>(
  _ a: Tensor<Scalar>, _ x: Tensor<Scalar>, where isWanted: Tensor<Bool>
) -> Tensor<Scalar> {
  let factor = incompleteGammaDensity(a, x)
  let isOpen = isWanted .&& factor .> 0 .&& isfinite(factor)
  let (end, _) = whileLoop(Convergents(a, x, isOpen), limit: 2000) {
    $0.isOpen
  } do: {
    $0.next(a, x)
  }
  return end.value * factor
}
