// How the incomplete gamma functions change with their order, by the derivatives of the series and of the
// continued fraction that they are computed by.

/// The derivative of the lower function for its order.
func incompleteGammaSlope<Scalar: TensorFloatingPoint>(
  _ a: Tensor<Scalar>, _ x: Tensor<Scalar>
) throws -> Tensor<Scalar> {
  let isUsual = a .> 0 .&& x .> 0 .&& x .< .infinity
  let (b, y) = (select(isUsual, a, 1), select(isUsual, x, 1))
  let (isUpper, upper, lower) = try incompleteGammaSlopes(b, y, log(y))
  return select(isUsual, incompleteGammaDensity(b, y) * select(isUpper, -upper, lower), 0)
}

/// The derivatives for the order of the upper function and of the lower one, each over
/// `x^a exp(-x) / gamma(a)`, and which of them is the one to go by.
///
/// - Parameter logarithm: That of x, which may be too small to be told from 0.
func incompleteGammaSlopes<Scalar: TensorFloatingPoint>(
  _ a: Tensor<Scalar>, _ x: Tensor<Scalar>, _ logarithm: Tensor<Scalar>
) throws -> (isUpper: Tensor<Bool>, upper: Tensor<Scalar>, lower: Tensor<Scalar>) {
  let isUpper = x .> 1 .&& x .> a
  let (b, y) = (select(isUpper, a, 1), select(isUpper, x, 2))
  let (value, change) = try fraction(b, y, isUpper)
  let (sum, slope) = series(a, select(isUpper, zerosLike(x), x))
  return (
    isUpper, change + value * (log(y) - digamma(b)),
    (sum * (logarithm - digamma(a + 1)) + slope) / a
  )
}

/// S = 1 + x / (a + 1) + x² / ((a + 1) (a + 2)) + … and its derivative for a: the lower function is
/// x^a exp(-x) S / gamma(a + 1).
private func series<Scalar: TensorFloatingPoint>(
  _ a: Tensor<Scalar>, _ x: Tensor<Scalar>
) -> (sum: Tensor<Scalar>, slope: Tensor<Scalar>) {
  let (one, zero) = (onesLike(a), zerosLike(a))
  let (_, _, sum, _, slope, _) = whileLoop(a, one, one, zero, zero, a .> 0 .&& x .> 0) {
    _, _, _, _, _, isOpen in
    isOpen
  } do: { r, term, sum, change, slope, _ in
    let next = r + 1
    let nextTerm = term * x / next
    let nextChange = (change * x - nextTerm) / next
    let isOpen =
      nextTerm .> sum * Scalar.ulpOfOne .|| abs(nextChange) .> abs(slope) * Scalar.ulpOfOne
    return (next, nextTerm, sum + nextTerm, nextChange, slope + nextChange, isOpen)
  }
  return (sum, slope)
}

/// The continued fraction of the upper function and its derivative for a, which takes longer to stay the
/// same.
private func fraction<Scalar: TensorFloatingPoint>(
  _ a: Tensor<Scalar>, _ x: Tensor<Scalar>, _ isWanted: Tensor<Bool>
) throws -> (value: Tensor<Scalar>, slope: Tensor<Scalar>) {
  let one = onesLike(a)
  let (start, change) = try jvp({ a in Convergents(a, x, isWanted) }, a, one)
  let (end, slope, _, _) = whileLoop(start, change, isWanted, Tensor<Int32>(0)) {
    _, _, isOpen, count in
    isOpen .&& count .< 2000
  } do: { now, change, _, count in
    let (next, nextChange) = try jvp(
      { (now: Convergents<Scalar>, a: Tensor<Scalar>) in now.next(a, x) }, (now, a), (change, one))
    let difference = abs(nextChange.value - change.value)
    let isOpen = next.isOpen .|| difference .> Scalar.ulpOfOne * abs(nextChange.value)
    return (next, nextChange, isOpen, count + 1)
  }
  return (end.value, slope.value)
}

/// The numerators and denominators of a continued fraction, the last and the one before.
struct Convergents<Scalar: TensorFloatingPoint>: TensorTree {
  var index: Tensor<Scalar>
  var numerator: Tensor<Scalar>
  var lastNumerator: Tensor<Scalar>
  var denominator: Tensor<Scalar>
  var lastDenominator: Tensor<Scalar>
  var value: Tensor<Scalar>
  var isOpen: Tensor<Bool>

  mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    try visit("index", &index)
    try visit("numerator", &numerator)
    try visit("lastNumerator", &lastNumerator)
    try visit("denominator", &denominator)
    try visit("lastDenominator", &lastDenominator)
    try visit("value", &value)
    try visit("isOpen", &isOpen)
  }

  init(_ a: Tensor<Scalar>, _ x: Tensor<Scalar>, _ isOpen: Tensor<Bool>) {
    let first = x * (x - a + 2)
    index = zerosLike(x)
    numerator = x + 1
    lastNumerator = onesLike(x)
    denominator = first
    lastDenominator = x
    value = (x + 1) / first
    self.isOpen = isOpen
  }

  func next(_ a: Tensor<Scalar>, _ x: Tensor<Scalar>) -> Convergents {
    let index = self.index + 1
    let product = (index + 1 - a) * index
    let partial = x - a + 2 * (index + 1)
    let numerator = self.numerator * partial - lastNumerator * product
    let denominator = self.denominator * partial - lastDenominator * product
    let value = select(denominator .!= 0, numerator / denominator, self.value)
    // The fraction stays, whatever both are divided by.
    let scale = select(abs(numerator) .> 1 / Scalar.ulpOfOne, fullLike(x, .ulpOfOne), onesLike(x))
    var next = self
    next.index = index
    next.numerator = numerator * scale
    next.lastNumerator = self.numerator * scale
    next.denominator = denominator * scale
    next.lastDenominator = self.denominator * scale
    next.value = value
    next.isOpen =
      denominator .== 0 .|| abs(self.value - value) .> Scalar.ulpOfOne * abs(value)
    return next
  }
}
