/// The regularized incomplete beta function: the part of `beta(a, b)` that the integral of
/// `t^(a - 1) (1 - t)^(b - 1)` has reached at t = x.
///
///     let p = betainc(Tensor<Double>(2), Tensor<Double>(3), Tensor<Double>(0.5))     // 0.6875
///
/// - Parameters:
///   - a: The first order, above 0.
///   - b: The second order, above 0.
///   - x: Where the integral ends, from 0 to 1.
/// - Returns: From 0 to 1. NaN for negative orders, for an x outside of 0 to 1 and where both orders are
///   0 or infinite; at an order that is, the limit. Each element goes on until it changes no more. The
///   relative error is some roundings of 1 times 1 + the size of `lgamma(a + b)`.
///
/// After `lax.betainc`.
public func betainc<Scalar: TensorFloatingPoint>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ x: Tensor<Scalar>
) -> Tensor<Scalar> {
  if Scalar.elementType.isNarrow {
    return betainc(a.asType(Float.self), b.asType(Float.self), x.asType(Float.self))
      .asType(Scalar.self)
  }
  return forEachElement(of: [a, b, x]) { operands in
    let (a, b, x) = (operands[0], operands[1], operands[2])
    let isLow = a .== 0 .|| b .== .infinity
    let isHigh = b .== 0 .|| a .== .infinity
    let isOrdered = a .>= 0 .&& b .>= 0 .&& .!(isLow .&& isHigh)
    let isDefined = isOrdered .&& x .>= 0 .&& x .<= 1
    let isUsual = isDefined .&& .!isLow .&& .!isHigh
    // What needs no loop must not keep one going.
    let usual = [select(isUsual, a, 1), select(isUsual, b, 1), select(isUsual, x, 0)]
    let value = inside(usual[0], usual[1], usual[2]).changing(
      with: usual, by: [{ try orderSlope(0, $0) }, { try orderSlope(1, $0) }, integrand])
    let atLow = select(x .== 0, zerosLike(x), onesLike(x))
    let atHigh = select(x .== 1, onesLike(x), zerosLike(x))
    let limit = select(isLow, atLow, select(isHigh, atHigh, value))
    return select(isDefined, limit, .nan)
  }
}

/// What the function grows by at the end of the integral.
private func integrand<Scalar: TensorFloatingPoint>(_ operands: [Tensor<Scalar>]) -> Tensor<Scalar>
{
  let (a, b, x) = (operands[0], operands[1], operands[2])
  let start = select(a .== 1, zerosLike(a), (a - 1) * log(x))
  let rest = select(b .== 1, zerosLike(b), (b - 1) * log1p(-x))
  return exp(start + rest - (lgamma(a) + lgamma(b) - lgamma(a + b)))
}

/// The derivative for an order: that of the fraction, as far as it is computed.
private func orderSlope<Scalar: TensorFloatingPoint>(
  _ order: Int, _ operands: [Tensor<Scalar>]
) throws -> Tensor<Scalar> {
  try jvp(
    { (y: Tensor<Scalar>) in
      inside(order == 0 ? y : operands[0], order == 1 ? y : operands[1], operands[2])
    }, operands[order], onesLike(operands[order])
  ).1
}

/// The function for finite orders above 0.
private func inside<Scalar: TensorFloatingPoint>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ x: Tensor<Scalar>
) -> Tensor<Scalar> {
  // The fraction is short below the peak; beyond it, the other end is.
  let isBelow = x .< (a + 1) / (a + b + 2)
  let (p, q) = (select(isBelow, a, b), select(isBelow, b, a))
  let y = select(isBelow, x, 1 - x)
  let logPower = p * log(y) + q * log1p(-y)
  let logBeta = lgamma(p) + lgamma(q) - lgamma(p + q)
  let part = select(y .== 0, 0, exp(logPower - logBeta) / p * fraction(p, q, y))
  return select(isBelow, part, 1 - part)
}

/// The continued fraction of the function, by Lentz's method in Thompson's and Barnett's form.
private func fraction<Scalar: TensorFloatingPoint>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ x: Tensor<Scalar>
) -> Tensor<Scalar> {
  let rounding = Scalar.ulpOfOne / 2
  // Nothing is divided by what is next to nothing.
  @Sendable func kept(_ value: Tensor<Scalar>) -> Tensor<Scalar> {
    select(abs(value) .< rounding, rounding, value)
  }
  // Two parts of the fraction for each m: that of even index and that of odd index after it.
  @Sendable func next(
    _ numerator: Tensor<Scalar>, _ c: Tensor<Scalar>, _ d: Tensor<Scalar>
  ) -> (c: Tensor<Scalar>, d: Tensor<Scalar>) {
    (kept(1 + numerator / c), 1 / kept(1 + numerator * d))
  }
  let start = 1 / kept(1 - (a + b) * x / (a + 1))
  let state = [onesLike(x), onesLike(x), start, start, onesLike(x)]
  let (end, _) = whileLoop(state, limit: 300) { state in
    abs(state[4]) .>= rounding
  } do: { state in
    let (m, h) = (state[0], state[3])
    let twice = a + 2 * m
    let odd = next(m * (b - m) * x / ((twice - 1) * twice), state[1], state[2])
    let product = (a + m) * (a + b + m) * x
    let even = next(-product / (twice * (twice + 1)), odd.c, odd.d)
    let change = odd.c * odd.d * (even.c * even.d)
    return [m + 1, even.c, even.d, h * change, change - 1]
  }
  return end[3]
}
