/// A real number in about twice the precision of its type: a sum whose second term is what rounding
/// took from the first.
///
/// Numbers must be finite, and so far from the ends of the range that errors of products are numbers.
struct DoubledExpression {
  let high: ScalarExpression
  let low: ScalarExpression
}

extension DoubledExpression {
  init(_ number: ScalarExpression) { self.init(high: number, low: number.number(0)) }

  /// A constant, by the terms of both precisions.
  init(
    _ single: (high: Double, low: Double), _ double: (high: Double, low: Double),
    like other: ScalarExpression
  ) {
    self.init(
      high: other.number(other.precision(single.high, double.high)),
      low: other.number(other.precision(single.low, double.low)))
  }

  /// A sum whose second term is by far the smaller one.
  private static func renormalised(
    _ high: ScalarExpression, _ low: ScalarExpression
  ) -> DoubledExpression {
    let sum = high + low
    return DoubledExpression(high: sum, low: low - (sum - high))
  }

  /// The product of two numbers of the type, exactly.
  static func product(_ a: ScalarExpression, _ b: ScalarExpression) -> DoubledExpression {
    let product = a * b
    return DoubledExpression(high: product, low: a.times(b, plus: -product))
  }

  var rounded: ScalarExpression { high + low }

  var squareRoot: DoubledExpression {
    let root = high.squareRoot
    let rest = (-root).times(root, plus: high) + low
    return .renormalised(root, rest / (root * 2))
  }

  static prefix func - (a: Self) -> Self { DoubledExpression(high: -a.high, low: -a.low) }

  static func + (a: Self, b: Self) -> Self {
    let sum = a.high.exactSum(b.high)
    return .renormalised(sum.value, sum.error + (a.low + b.low))
  }

  static func - (a: Self, b: Self) -> Self { a + -b }

  static func * (a: Self, b: Self) -> Self {
    let product = product(a.high, b.high)
    return .renormalised(product.high, a.high.times(b.low, plus: a.low * b.high) + product.low)
  }

  static func / (a: Self, b: Self) -> Self {
    let quotient = a.high / b.high
    let rest = (-quotient).times(b.high, plus: a.high) + (a.low - quotient * b.low)
    return .renormalised(quotient, rest / b.high)
  }

  /// The product with a power of two, which is exact.
  func scaled(by power: ScalarExpression) -> Self {
    DoubledExpression(high: high * power, low: low * power)
  }

  func scaled(by power: Double) -> Self { scaled(by: high.number(power)) }

  /// One of two numbers.
  static func select(_ condition: ScalarExpression, _ a: Self, _ b: Self) -> Self {
    DoubledExpression(
      high: condition.select(a.high, b.high), low: condition.select(a.low, b.low))
  }
}

/// A complex number in about twice the precision of its type.
struct DoubledComplex {
  let real: DoubledExpression
  let imaginary: DoubledExpression
}

extension DoubledComplex {
  init(_ number: ComplexExpression) {
    self.init(
      real: DoubledExpression(number.real), imaginary: DoubledExpression(number.imaginary))
  }

  var rounded: ComplexExpression { ComplexExpression(real.rounded, imaginary.rounded) }

  static func * (a: Self, b: Self) -> Self {
    DoubledComplex(
      real: a.real * b.real - a.imaginary * b.imaginary,
      imaginary: a.real * b.imaginary + a.imaginary * b.real)
  }
}
