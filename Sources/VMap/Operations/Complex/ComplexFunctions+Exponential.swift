/// Exponentials, logarithms and roots of complex numbers.
extension ComplexFunctions {
  static let exponential: [String: Meaning] = [
    "exp": { exponential($0[0]) },
    "exp2": { exponential($0[0] * 0.693_147_180_559_945_3) },
    "expm1": { exponentialMinusOne($0[0]) },
    "log": { logarithm($0[0]) },
    "log2": { logarithm($0[0]) * 1.442_695_040_888_963_4 },
    "log10": { logarithm($0[0]) * 0.434_294_481_903_251_8 },
    "log1p": { logarithmOfOnePlus($0[0]) },
    "logistic": { logistic($0[0]) },
    "pow": { power($0[0], $0[1]) },
    "sqrt": { squareRoot($0[0]) },
    "rsqrt": { reciprocalSquareRoot($0[0]) },
  ]

  /// From where on e^x is computed as the square of e^(x/2): it may overflow and the result not.
  static func exponentLimit(_ x: ScalarExpression) -> Double { x.precision(88, 709) }

  static func exponential(_ x: ComplexExpression) -> ComplexExpression {
    let isLarge = x.real .> exponentLimit(x.real)
    let factor = isLarge.select(x.real * 0.5, x.real).library("exp")
    let rest = isLarge.select(factor, 1)
    let direction = ComplexExpression(x.imaginary.library("cos"), x.imaginary.library("sin"))
    let result = direction.map { (factor * $0) * rest }
    // Infinity times zero is zero here.
    return ComplexExpression(
      result.real, (x.imaginary .== 0).select(x.imaginary, result.imaginary))
  }

  /// The real part is (e^a − 1)·cos b − 2 sin²(b/2), where nothing cancels that is not small already.
  private static func exponentialMinusOne(_ x: ComplexExpression) -> ComplexExpression {
    let whole = exponential(x)
    let half = (x.imaginary * 0.5).library("sin")
    let near = x.real.library("expm1") * x.imaginary.library("cos") - half * half * 2
    let isLarge = x.real .> exponentLimit(x.real)
    let isReal = x.imaginary .== 0
    let real = isReal.select(x.real.library("expm1"), isLarge.select(whole.real, near))
    return ComplexExpression(real, whole.imaginary)
  }

  static func logarithm(_ x: ComplexExpression) -> ComplexExpression {
    let a = max(x.real.magnitude, x.imaginary.magnitude)
    let b = min(x.real.magnitude, x.imaginary.magnitude)
    return ComplexExpression(
      logarithmOfMagnitude(a, b, excess: a - 1, other: b),
      x.imaginary.apply(.library("atan2"), x.real))
  }

  private static func logarithmOfOnePlus(_ x: ComplexExpression) -> ComplexExpression {
    let moved = ComplexExpression(x.real + 1, x.imaginary)
    let a = max(moved.real.magnitude, moved.imaginary.magnitude)
    let b = min(moved.real.magnitude, moved.imaginary.magnitude)
    return ComplexExpression(
      logarithmOfMagnitude(a, b, excess: x.real, other: x.imaginary),
      moved.imaginary.apply(.library("atan2"), moved.real))
  }

  /// The logarithm of the magnitude of a number whose larger part is `a` and whose smaller one is `b`.
  ///
  /// Near the unit circle it is half of log1p(2e + e² + o²), where the number is (1 + e, o) up to
  /// signs and order; that sum is computed in twice the precision, since it cancels.
  private static func logarithmOfMagnitude(
    _ a: ScalarExpression, _ b: ScalarExpression, excess: ScalarExpression,
    other: ScalarExpression
  ) -> ScalarExpression {
    let isNear = (a .> 0.5) & (a .< 2)
    let (squareOfExcess, squareOfOther) = (excess.exactSquare, other.exactSquare)
    let first = (excess * 2).exactSum(squareOfOther.value)
    let second = first.value.exactSum(squareOfExcess.value)
    let lost = squareOfExcess.error + squareOfOther.error
    let sum = second.value + (second.error + (first.error + lost))
    let ratio = (a .== b).select(a.number(1), b / a)
    let half = isNear.select(sum, ratio * ratio).library("log1p") * 0.5
    return isNear.select(half, a.library("log") + half)
  }

  /// 1 / (1 + e^−x), whose divisor cancels near the poles; there its real part is
  /// (1 − e^−a) + 2e^−a·cos²(b/2), where both terms are small.
  private static func logistic(_ x: ComplexExpression) -> ComplexExpression {
    let one = ComplexExpression(x.real.number(1), x.real.number(0))
    let power = exponential(-x)
    let half = (x.imaginary * 0.5).library("cos")
    let decay = (-x.real).library("expm1")
    let near = (half * half * 2) * (decay + 1) - decay
    let isNear = (x.real.magnitude .< 1) & (power.real .< -0.25)
    let divisor = ComplexExpression(isNear.select(near, power.real + 1), power.imaginary)
    return quotient(one, divisor)
  }

  /// The root of a scaled number in the right half plane, above the axis.
  private static func root(_ scaled: Scaled) -> ComplexExpression {
    let x = scaled.number
    let larger = ((x.real.magnitude + scaled.magnitude) * 0.5).squareRoot
    let smaller = (larger .== 0).select(larger, (x.imaginary.magnitude * 0.5) / larger)
    let isRight = x.real .>= 0
    return ComplexExpression(
      isRight.select(larger, smaller), isRight.select(smaller, larger))
  }

  private static func squareRoot(_ x: ComplexExpression) -> ComplexExpression {
    let scaled = scaled(x)
    let above = root(scaled) * scaled.unscaleRoot
    let result = ComplexExpression(above.real, above.imaginary.negated(with: x.imaginary))
    let infinity = x.real.number(.infinity)
    return .select(
      x.imaginary.isInfinite, ComplexExpression(infinity, x.imaginary), result)
  }

  /// The conjugate of the root, over the magnitude; on the cut the sign of zero decides.
  private static func reciprocalSquareRoot(_ x: ComplexExpression) -> ComplexExpression {
    let scaled = scaled(x)
    let root = root(scaled)
    let conjugate = ComplexExpression(
      root.real, root.imaginary.signed(like: -x.imaginary))
    let result = conjugate.map { ($0 / scaled.magnitude) / scaled.unscaleRoot }
    let isZero = (x.real .== 0) & (x.imaginary .== 0)
    let isInfinite = x.real.isInfinite | x.imaginary.isInfinite
    let pole = ComplexExpression(x.real.number(.infinity), x.real.number(.nan))
    return .select(
      isZero, pole, .select(isInfinite, result.map { $0.number(0) }, result))
  }
}
