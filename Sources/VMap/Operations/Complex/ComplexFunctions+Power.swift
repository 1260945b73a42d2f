/// Powers of complex numbers.
extension ComplexFunctions {
  /// e^(y·log x); zero to a positive power is zero, and anything to the power zero is one.
  ///
  /// An exponent is wrong by as much as its size in units in the last place makes, and the power with
  /// it, so that the logarithm and the product are computed in twice the precision.
  static func power(_ x: ComplexExpression, _ y: ComplexExpression) -> ComplexExpression {
    let zero = ComplexExpression(x.real.number(0), x.real.number(0))
    let one = ComplexExpression(x.real.number(1), x.real.number(0))
    let isZero = (x.real .== 0) & (x.imaginary .== 0)
    let isByZero = (y.real .== 0) & (y.imaginary .== 0)
    let exact = DoubledComplex(y) * doubledLogarithm(x)
    // What is no number in twice the precision may be an infinity in one.
    let isOrdinary =
      isFinite(exact.real.rounded) & isFinite(exact.imaginary.rounded) & !isZero
    let plain = y * logarithm(x)
    let exponent = ComplexExpression.select(
      isOrdinary, ComplexExpression(exact.real.high, exact.imaginary.high), plain)
    let rest = ComplexExpression.select(
      isOrdinary, ComplexExpression(exact.real.low, exact.imaginary.low), zero)
    let rounded = exponential(exponent)
    let general = ComplexExpression.select(
      isFinite(rounded.real) & isFinite(rounded.imaginary), rounded + rounded * rest, rounded)
    return .select(
      isByZero, one, .select(isZero & (y.real .> 0) & (y.imaginary .== 0), zero, general))
  }

  /// A power with a whole exponent, by repeated squaring in a fixed order.
  ///
  /// From the third power on the products are computed in twice the precision, as their errors add up.
  static func power(_ x: ComplexExpression, _ exponent: Int) -> ComplexExpression {
    let one = ComplexExpression(x.real.number(1), x.real.number(0))
    let magnitude = exponent.magnitude
    let plain = IntegerPower.repeated(x, magnitude, one) { $0 * $1 }
    var power = plain
    if magnitude > 2 {
      let exact = IntegerPower.repeated(DoubledComplex(x), magnitude, DoubledComplex(one)) {
        $0 * $1
      }.rounded
      power = .select(isFinite(exact.real) & isFinite(exact.imaginary), exact, plain)
    }
    return exponent < 0 ? quotient(one, power) : power
  }

  private static func isFinite(_ x: ScalarExpression) -> ScalarExpression {
    x.magnitude .< x.number(.infinity)
  }

  // MARK: - The logarithm in twice the precision

  private static func doubledLogarithm(_ x: ComplexExpression) -> DoubledComplex {
    let scaled = scaled(x)
    let (a, b) = (scaled.number.real, scaled.number.imaginary)
    let square = DoubledExpression.product(a, a) + .product(b, b)
    let shift = scaled.unscale.library("log2")
    return DoubledComplex(
      real: logarithm(square, shift: shift * 2).scaled(by: 0.5), imaginary: angle(a, b))
  }

  private static func ln2(like x: ScalarExpression) -> DoubledExpression {
    DoubledExpression(
      (0x1.62e43p-1, -0x1.05c61p-29), (0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56), like: x)
  }

  /// The logarithm of a positive number times a power of two, by that of the fourth root of a number
  /// near one: 2·atanh((u − 1)/(u + 1)).
  private static func logarithm(
    _ x: DoubledExpression, shift: ScalarExpression
  ) -> DoubledExpression {
    let exponent = x.high.library("log2").apply(.roundEven)
    let near = x.scaled(by: (-exponent).library("exp2"))
    let root = near.squareRoot.squareRoot
    let one = DoubledExpression(x.high.number(1))
    let z = (root - one) / (root + one)
    let whole = exponent + shift
    let ln2 = ln2(like: x.high)
    let part = DoubledExpression.product(whole, ln2.high) + .product(whole, ln2.low)
    return part + (z + DoubledExpression(series(z.high, sign: 1))).scaled(by: 8)
  }

  /// The angle of a + bi, by that of an eighth of it below the diagonal.
  private static func angle(_ a: ScalarExpression, _ b: ScalarExpression) -> DoubledExpression {
    let (x, y) = (a.magnitude, b.magnitude)
    let isSteep = x .< y
    var tangent =
      DoubledExpression(isSteep.select(x, y)) / DoubledExpression(isSteep.select(y, x))
    let one = DoubledExpression(a.number(1))
    for _ in 0..<3 { tangent = tangent / (one + (one + tangent * tangent).squareRoot) }
    let eighth = tangent + DoubledExpression(series(tangent.high, sign: -1))
    let flat = eighth.scaled(by: 8)
    let pi = DoubledExpression(
      (0x1.921fb6p1, -0x1.777a5cp-24), (0x1.921fb54442d18p1, 0x1.1a62633145c07p-53), like: a)
    let first = DoubledExpression.select(isSteep, pi.scaled(by: 0.5) - flat, flat)
    let above = DoubledExpression.select(a .< 0, pi - first, first)
    return above.scaled(by: b.number(1).signed(like: b))
  }

  /// The terms of atanh, or of atan, behind the first.
  private static func series(_ x: ScalarExpression, sign: Double) -> ScalarExpression {
    let square = x * x
    let count = x.type == .float64 ? 10 : 4
    var sum = x.number(0)
    for number in (1...count).reversed() {
      let factor = (sign < 0 && number % 2 == 1 ? -1 : 1) / Double(2 * number + 1)
      sum = sum.times(square, plus: x.number(factor))
    }
    return sum * square * x
  }
}
