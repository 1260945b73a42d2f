/// A real number or a truth value in the loop form, with the operators of Swift: what the functions of
/// complex numbers are written in.
struct ScalarExpression {
  let expression: Expression
  let type: ElementType
  let loops: LoopBuilder

  init(_ expression: Expression, _ type: ElementType, _ loops: LoopBuilder) {
    self.expression = expression
    self.type = type
    self.loops = loops
  }

  /// A constant of the type.
  func number(_ value: Double) -> ScalarExpression {
    ScalarExpression(loops.literal(ScalarLiteral(value, as: type)), type, loops)
  }

  func apply(
    _ function: ScalarFunction, _ others: ScalarExpression..., to result: ElementType? = nil
  ) -> ScalarExpression {
    let result = result ?? type
    let operands = [expression] + others.map(\.expression)
    return ScalarExpression(loops.apply(function, operands, result), result, loops)
  }

  /// A function of the kernel library.
  func library(_ name: String) -> ScalarExpression { apply(.library(name)) }

  /// Of a truth value: one of two numbers.
  func select(_ a: ScalarExpression, _ b: ScalarExpression) -> ScalarExpression {
    apply(.select, a, b, to: a.type)
  }

  func select(_ a: ScalarExpression, _ b: Double) -> ScalarExpression { select(a, a.number(b)) }

  /// The number with another's sign.
  func signed(like other: ScalarExpression) -> ScalarExpression { apply(.copySign, other) }

  /// The number, or its negative where another one is below zero: XLA takes both zeros for positive.
  func negated(with other: ScalarExpression) -> ScalarExpression {
    (other .< 0).select(-self, self)
  }

  var magnitude: ScalarExpression { apply(.absolute) }
  var squareRoot: ScalarExpression { apply(.squareRoot) }
  var isInfinite: ScalarExpression { magnitude .== .infinity }
  var isNaN: ScalarExpression { apply(.notEqual, self, to: .bool) }

  /// The square, and what rounding took from it.
  var exactSquare: (value: ScalarExpression, error: ScalarExpression) {
    let square = self * self
    return (square, apply(.fusedMultiplyAdd, self, -square))
  }

  /// A sum, and what rounding took from it.
  func exactSum(
    _ other: ScalarExpression
  ) -> (value: ScalarExpression, error: ScalarExpression) {
    let sum = self + other
    let rest = sum - self
    return (sum, (self - (sum - rest)) + (other - rest))
  }

  /// `self * a + b`, rounded once.
  func times(_ a: ScalarExpression, plus b: ScalarExpression) -> ScalarExpression {
    apply(.fusedMultiplyAdd, a, b)
  }

  /// The value of one precision or the other.
  func precision(_ single: Double, _ double: Double) -> Double {
    type == .float64 ? double : single
  }

  static prefix func - (a: Self) -> Self { a.apply(.negate) }
  static func + (a: Self, b: Self) -> Self { a.apply(.add, b) }
  static func - (a: Self, b: Self) -> Self { a.apply(.subtract, b) }
  static func * (a: Self, b: Self) -> Self { a.apply(.multiply, b) }
  static func / (a: Self, b: Self) -> Self { a.apply(.divide, b) }
  static func + (a: Self, b: Double) -> Self { a + a.number(b) }
  static func - (a: Self, b: Double) -> Self { a - a.number(b) }
  static func * (a: Self, b: Double) -> Self { a * a.number(b) }
  static func - (a: Double, b: Self) -> Self { b.number(a) - b }

  static func .== (a: Self, b: Self) -> Self { a.apply(.equal, b, to: .bool) }
  static func .== (a: Self, b: Double) -> Self { a .== a.number(b) }
  static func .< (a: Self, b: Self) -> Self { a.apply(.less, b, to: .bool) }
  static func .< (a: Self, b: Double) -> Self { a .< a.number(b) }
  static func .> (a: Self, b: Double) -> Self { a.number(b) .< a }
  static func .>= (a: Self, b: Self) -> Self { a.apply(.greaterOrEqual, b, to: .bool) }
  static func .>= (a: Self, b: Double) -> Self { a .>= a.number(b) }
  static func & (a: Self, b: Self) -> Self { a.apply(.and, b) }
  static func | (a: Self, b: Self) -> Self { a.apply(.or, b) }
  static prefix func ! (a: Self) -> Self { a.apply(.not) }
}

/// The greater of two numbers, NaN where either is.
func max(_ a: ScalarExpression, _ b: ScalarExpression) -> ScalarExpression { a.apply(.maximum, b) }
/// The lesser of two numbers, NaN where either is.
func min(_ a: ScalarExpression, _ b: ScalarExpression) -> ScalarExpression { a.apply(.minimum, b) }

extension ScalarFunction {
  /// The first operand with the sign of the second.
  static let copySign = exact("copysign", "copysign")
}
