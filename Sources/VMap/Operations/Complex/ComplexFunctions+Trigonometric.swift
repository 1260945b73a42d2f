/// Trigonometric and hyperbolic functions of complex numbers, and their inverses.
///
/// Those of `x + iy` are those of `y + ix` of the other family with the parts exchanged.
extension ComplexFunctions {
  static let trigonometric: [String: Meaning] = [
    "sin": { hyperbolicSine($0[0].exchanged).exchanged },
    "cos": { cosine($0[0]) },
    "tan": { hyperbolicTangent($0[0].exchanged).exchanged },
    "sinh": { hyperbolicSine($0[0]) },
    "cosh": { cosine(ComplexExpression(-$0[0].imaginary, $0[0].real)) },
    "tanh": { hyperbolicTangent($0[0]) },
    "asin": { arcsine($0[0]) },
    "acos": { arccosine($0[0]) },
    "atan": { hyperbolicArctangent($0[0].exchanged).exchanged },
    "asinh": { arcsine($0[0].exchanged).exchanged },
    "acosh": { hyperbolicArccosine($0[0]) },
    "atanh": { hyperbolicArctangent($0[0]) },
  ]

  /// sinh and cosh as factors of a product: they may overflow and the product not.
  private static func hyperbolic(
    _ x: ScalarExpression
  ) -> (sine: ScalarExpression, cosine: ScalarExpression, factor: ScalarExpression) {
    let isLarge = x.magnitude .> exponentLimit(x)
    let root = (x.magnitude * 0.5).library("exp")
    let half = root * 0.5
    return (
      isLarge.select(half.signed(like: x), x.library("sinh")),
      isLarge.select(half, x.library("cosh")), isLarge.select(root, 1)
    )
  }

  private static func hyperbolicSine(_ x: ComplexExpression) -> ComplexExpression {
    let (sine, cosine, factor) = hyperbolic(x.real)
    let result = ComplexExpression(
      (sine * x.imaginary.library("cos")) * factor,
      (cosine * x.imaginary.library("sin")) * factor)
    // A part that is zero stays so, whatever it is multiplied by.
    return ComplexExpression(
      (x.real .== 0).select(x.real, result.real),
      (x.imaginary .== 0).select(x.imaginary, result.imaginary))
  }

  private static func cosine(_ x: ComplexExpression) -> ComplexExpression {
    let (sine, cosine, factor) = hyperbolic(x.imaginary)
    let real = (cosine * x.real.library("cos")) * factor
    let imaginary = -((sine * x.real.library("sin")) * factor)
    let isZero = (x.real .== 0) | (x.imaginary .== 0)
    let direction = x.real.number(1).signed(like: x.imaginary)
    let zero = -(x.real.number(0).signed(like: x.real) * direction)
    return ComplexExpression(real, isZero.select(zero, imaginary))
  }

  /// (sinh a·cosh a + i·sin b·cos b) / (sinh² a + cos² b), where nothing cancels; only the four functions
  /// are rounded before the end.
  private static func hyperbolicTangent(_ x: ComplexExpression) -> ComplexExpression {
    let (hyperbolicSine, sine) = (x.real.library("sinh"), x.imaginary.library("sin"))
    let cosine = x.imaginary.library("cos")
    let divisor =
      DoubledExpression.product(hyperbolicSine, hyperbolicSine) + .product(cosine, cosine)
    let real = DoubledExpression.product(hyperbolicSine, x.real.library("cosh")) / divisor
    let imaginary = DoubledExpression.product(sine, cosine) / divisor
    let near = ComplexExpression(real.rounded.signed(like: x.real), imaginary.rounded)
    // From here on the real part is ±1 to the last bit.
    let isLarge = x.real.magnitude .> x.real.precision(11, 22)
    let decay = (x.real.magnitude * -2).library("exp")
    let far = (sine * cosine * 4) * decay
    let isOpen = x.real.isInfinite & !(x.imaginary.magnitude .< x.imaginary.number(.infinity))
    return ComplexExpression(
      isLarge.select(x.real.number(1).signed(like: x.real), near.real),
      (x.imaginary .== 0).select(
        x.imaginary,
        isLarge.select(
          isOpen.select(x.real.number(0).signed(like: x.imaginary), far), near.imaginary)))
  }

  /// What Hull, Fairgrieve and Tang's arcsine and arccosine share, for |x| + i|y|: the cosine of the
  /// real part of the arcsine times a positive number that goes with |x|, and its imaginary part.
  private static func arcsineParts(
    _ x: ScalarExpression, _ y: ScalarExpression
  ) -> (cosine: ScalarExpression, imaginary: ScalarExpression) {
    let (above, below) = (x + 1, x - 1)
    let r = magnitude(ComplexExpression(above, y))
    let s = magnitude(ComplexExpression(below, y))
    let a = (r + s) * 0.5
    let isInside = x .< 1
    let square = y * y
    let (outer, inner) = (square / (r + above), s - below)
    // a − 1, without cancellation.
    let excess = (outer + isInside.select(square / inner, s + below)) * 0.5
    let sum = a + x
    let cosineInside = (sum * 0.5 * (outer + inner)).squareRoot
    let cosineOutside = y * ((sum / (r + above) + sum / (s + below)) * 0.5).squareRoot
    let cosine = (x.number(1) .>= x).select(cosineInside, cosineOutside)
    let imaginary = (excess + (excess * (a + 1)).squareRoot).library("log1p")
    // So near the real axis that y² underflows.
    let isFlat = isInside & (y .< below.magnitude * x.precision(0x1p-24, 0x1p-53))
    let flat = y / ((1 - x) * above).squareRoot
    // So far away that 1 does not count.
    let (larger, smaller) = (max(x, y), min(x, y))
    let isFar = larger .> x.precision(0x1p40, 0x1p80)
    let ratio = (larger .== smaller).select(x.number(1), smaller / larger)
    let logarithm = larger.library("log") + 0.693_147_180_559_945_3
    let far = logarithm + (ratio * ratio).library("log1p") * 0.5
    let height = isFar.select(far, isFlat.select(flat, imaginary))
    let isInfinite = x.isInfinite | y.isInfinite
    return (isFar.select(y, cosine), isInfinite.select(x.number(.infinity), height))
  }

  private static func arcsine(_ x: ComplexExpression) -> ComplexExpression {
    let parts = arcsineParts(x.real.magnitude, x.imaginary.magnitude)
    return ComplexExpression(
      x.real.apply(.library("atan2"), parts.cosine), parts.imaginary.negated(with: x.imaginary))
  }

  private static func arccosine(_ x: ComplexExpression) -> ComplexExpression {
    let parts = arcsineParts(x.real.magnitude, x.imaginary.magnitude)
    return ComplexExpression(
      parts.cosine.apply(.library("atan2"), x.real),
      (-parts.imaginary).negated(with: x.imaginary))
  }

  private static func hyperbolicArccosine(_ x: ComplexExpression) -> ComplexExpression {
    let arccosine = arccosine(x)
    return ComplexExpression(
      arccosine.imaginary.magnitude, arccosine.real.negated(with: x.imaginary))
  }

  /// A quarter of log1p(4a / ((1 − a)² + b²)), and half of the angle of (1 − a)(1 + a) − b² + 2bi.
  private static func hyperbolicArctangent(_ x: ComplexExpression) -> ComplexExpression {
    let (a, b) = (x.real.magnitude, x.imaginary.magnitude)
    let below = 1 - a
    let quotient = (a * 4) / (below * below + b * b)
    let near = quotient.library("log1p") * 0.25
    // At ±1 + bi with a b whose square underflows.
    let beside = (magnitude(ComplexExpression(b.number(2), b)).library("log") - b.library("log"))
    let isBeside = (a .== 1) & (b .< 1)
    // So far away that 1 does not count: the real part of 1 / x.
    let (larger, smaller) = (max(a, b), min(a, b))
    let isFar = larger .> a.precision(0x1p40, 0x1p80)
    let ratio = (larger .== smaller).select(a.number(1), smaller / larger)
    let far = (a / larger) / larger / (ratio * ratio + 1)
    let real = isFar.select(far, isBeside.select(beside * 0.5, near))
    let isInfinite = larger .== .infinity
    let angle = (b * 2).apply(.library("atan2"), below * (a + 1) - b * b) * 0.5
    let imaginary = isFar.select(
      a.number(.pi / 2).negated(with: x.imaginary), angle.signed(like: x.imaginary))
    return ComplexExpression(
      isInfinite.select(a.number(0), real).signed(like: x.real), imaginary)
  }
}
