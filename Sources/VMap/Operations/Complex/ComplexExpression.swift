/// A complex number in the loop form, by its parts.
struct ComplexExpression {
  let real: ScalarExpression
  let imaginary: ScalarExpression

  init(_ real: ScalarExpression, _ imaginary: ScalarExpression) {
    self.real = real
    self.imaginary = imaginary
  }

  /// An element of a complex type, or a real one without an imaginary part.
  init(_ element: Expression, _ loops: LoopBuilder) {
    let type = loops.graph.elementType(of: element)?.part ?? .float32
    let parts = loops.graph.parts(of: element).map { ScalarExpression($0, type, loops) }
    real = parts[0]
    imaginary = parts.count > 1 ? parts[1] : parts[0].number(0)
  }

  /// The pair that stands for the number.
  var expression: Expression {
    real.loops.graph.make(.pair(real.expression, imaginary.expression))
  }

  /// The number with its parts exchanged: functions of `ix` follow from those of `x` by it.
  var exchanged: ComplexExpression { ComplexExpression(imaginary, real) }

  /// Each part as a function makes it.
  func map(_ function: (ScalarExpression) -> ScalarExpression) -> ComplexExpression {
    ComplexExpression(function(real), function(imaginary))
  }

  /// Parts of two numbers together.
  func map(
    _ other: Self, _ function: (ScalarExpression, ScalarExpression) -> ScalarExpression
  ) -> ComplexExpression {
    ComplexExpression(function(real, other.real), function(imaginary, other.imaginary))
  }

  static prefix func - (a: Self) -> Self { a.map { -$0 } }
  static func + (a: Self, b: Self) -> Self { a.map(b) { $0 + $1 } }
  static func - (a: Self, b: Self) -> Self { a.map(b) { $0 - $1 } }
  static func * (a: Self, b: ScalarExpression) -> Self { a.map { $0 * b } }
  static func * (a: Self, b: Double) -> Self { a.map { $0 * b } }

  static func * (a: Self, b: Self) -> Self {
    ComplexExpression(
      a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }

  /// One of two numbers.
  static func select(_ condition: ScalarExpression, _ a: Self, _ b: Self) -> Self {
    a.map(b) { condition.select($0, $1) }
  }
}
