/// What the functions of scalars mean for complex numbers: the one place that knows.
///
/// Everything is written in functions of real numbers, so that neither schedules nor kernels have
/// anything to do with complex ones. Where a value may overflow or cancel on the way, both ways to
/// compute it are written and one is selected.
enum ComplexFunctions {
  typealias Meaning = @Sendable (_ x: [ComplexExpression]) -> ComplexExpression

  /// A function whose operands or result are complex; nil where none is.
  static func apply(
    _ function: ScalarFunction, _ operands: [Expression], _ type: ElementType, _ loops: LoopBuilder
  ) -> Expression? {
    func isComplex(_ element: Expression) -> Bool {
      if case .pair = loops.graph[element] { return true }
      return false
    }
    guard type.isComplex || operands.contains(where: isComplex) else { return nil }
    if function == .select { return select(operands, loops) }
    if function == .convert { return convert(operands[0], type, loops) }
    let x = operands.map { ComplexExpression($0, loops) }
    if let result = real(function, x) { return result.expression }
    return all[function.name]?(x).expression
  }

  /// Whether a function takes complex numbers.
  static func takes(_ name: String) -> Bool { all[name] != nil }

  private static let all: [String: Meaning] = arithmetic.merging(
    exponential.merging(trigonometric) { a, _ in a }
  ) { a, _ in a }

  private static let arithmetic: [String: Meaning] = [
    "add": { $0[0] + $0[1] },
    "sub": { $0[0] - $0[1] },
    "mul": { $0[0] * $0[1] },
    "div": { quotient($0[0], $0[1]) },
    "neg": { -$0[0] },
    // Rounded as XLA and NumPy do: where products cancel, fused ones would leave other numbers.
    "fma": { $0[2] + $0[0] * $0[1] },
    "sign": { sign($0[0]) },
  ]

  /// Functions to real numbers and truth values.
  private static func real(
    _ function: ScalarFunction, _ x: [ComplexExpression]
  ) -> ScalarExpression? {
    switch function {
    case .absolute: magnitude(x[0])
    case .equal: (x[0].real .== x[1].real) & (x[0].imaginary .== x[1].imaginary)
    case .notEqual: !((x[0].real .== x[1].real) & (x[0].imaginary .== x[1].imaginary))
    default: nil
    }
  }

  private static func select(_ operands: [Expression], _ loops: LoopBuilder) -> Expression {
    let (a, b) = (ComplexExpression(operands[1], loops), ComplexExpression(operands[2], loops))
    return ComplexExpression.select(ScalarExpression(operands[0], .bool, loops), a, b).expression
  }

  /// A conversion from or to complex numbers: real ones have no imaginary part, and an imaginary part
  /// that does not fit is dropped.
  private static func convert(
    _ element: Expression, _ type: ElementType, _ loops: LoopBuilder
  ) -> Expression {
    let x = ComplexExpression(element, loops)
    if type == .bool { return (!((x.real .== 0) & (x.imaginary .== 0))).expression }
    func converted(_ part: ScalarExpression) -> ScalarExpression {
      part.type == type.part ? part : part.apply(.convert, to: type.part)
    }
    guard type.isComplex else { return converted(x.real).expression }
    let parts = loops.graph.parts(of: element)
    guard parts.count == 2 else {
      let from = loops.graph.elementType(of: element) ?? type.part
      let real = converted(ScalarExpression(element, from, loops))
      return ComplexExpression(real, real.number(0)).expression
    }
    return x.map(converted).expression
  }

  // MARK: - Magnitudes

  /// A number brought near 1 by an even power of two, so that its square neither overflows nor
  /// underflows.
  struct Scaled {
    let number: ComplexExpression
    /// The magnitude of the scaled number.
    let magnitude: ScalarExpression
    /// What takes the scaling back, and what takes it back from a square root.
    let unscale: ScalarExpression
    let unscaleRoot: ScalarExpression
  }

  static func scaled(_ x: ComplexExpression) -> Scaled {
    let larger = max(x.real.magnitude, x.imaginary.magnitude)
    // Half of the exponents' range; subnormal numbers come up to where their squares are normal.
    let limit = larger.precision(0x1p62, 0x1p510)
    let isLarge = larger .> limit
    let isSmall = larger .< 1 / limit
    func choose(_ large: Double, _ small: Double) -> ScalarExpression {
      isLarge.select(larger.number(large), isSmall.select(larger.number(small), 1))
    }
    let isDouble = larger.type == .float64
    let scale = isDouble ? choose(0x1p-520, 0x1p700) : choose(0x1p-66, 0x1p90)
    let number = x * scale
    let a = max(number.real.magnitude, number.imaginary.magnitude)
    let b = min(number.real.magnitude, number.imaginary.magnitude)
    return Scaled(
      number: number, magnitude: a.times(a, plus: b * b).squareRoot,
      unscale: isDouble ? choose(0x1p520, 0x1p-700) : choose(0x1p66, 0x1p-90),
      unscaleRoot: isDouble ? choose(0x1p260, 0x1p-350) : choose(0x1p33, 0x1p-45))
  }

  /// The distance from zero; NaN where a part is, as in XLA.
  ///
  /// The larger square is not rounded and the smaller one by half a unit: with the sum and the root
  /// that makes 1.5 units in the last place at most.
  static func magnitude(_ x: ComplexExpression) -> ScalarExpression {
    let scaled = scaled(x)
    return scaled.magnitude * scaled.unscale
  }

  private static func sign(_ x: ComplexExpression) -> ComplexExpression {
    let scaled = scaled(x)
    let isZero = (x.real .== 0) & (x.imaginary .== 0)
    return scaled.number.map { isZero.select($0.number(0), $0 / scaled.magnitude) }
  }

  // MARK: - Division

  /// Smith's quotient, with the infinities and zeros of C's annex G, as XLA divides.
  static func quotient(_ a: ComplexExpression, _ b: ComplexExpression) -> ComplexExpression {
    let isRealLarger = b.real.magnitude .>= b.imaginary.magnitude
    let larger = isRealLarger.select(b.real, b.imaginary)
    let smaller = isRealLarger.select(b.imaginary, b.real)
    let ratio = smaller / larger
    let divisor = larger + smaller * ratio
    // With the imaginary part as the larger one, numerator and divisor turn by a right angle.
    let (p, q) = (
      isRealLarger.select(a.real, a.imaginary), isRealLarger.select(a.imaginary, a.real)
    )
    let real = (p + q * ratio) / divisor
    let turned = (q - p * ratio) / divisor
    let plain = ComplexExpression(real, isRealLarger.select(turned, -turned))
    let isLost = plain.real.isNaN & plain.imaginary.isNaN
    return .select(isLost, limit(a, b), plain)
  }

  /// A quotient by zero, of an infinity or by one.
  private static func limit(_ a: ComplexExpression, _ b: ComplexExpression) -> ComplexExpression {
    func isInfinite(_ x: ComplexExpression) -> ScalarExpression {
      x.real.isInfinite | x.imaginary.isInfinite
    }
    func isFinite(_ x: ComplexExpression) -> ScalarExpression {
      let bound = x.real.number(.infinity)
      return (x.real.magnitude .< bound) & (x.imaginary.magnitude .< bound)
    }
    /// ±1 for infinities, ±0 for other numbers.
    func direction(_ x: ComplexExpression) -> ComplexExpression {
      x.map { $0.isInfinite.select($0.number(1), 0).signed(like: $0) }
    }
    func turned(_ x: ComplexExpression, _ y: ComplexExpression) -> ComplexExpression {
      ComplexExpression(
        x.real * y.real + x.imaginary * y.imaginary, x.imaginary * y.real - x.real * y.imaginary)
    }
    let isByZero =
      (b.real .== 0) & (b.imaginary .== 0) & !(a.real.isNaN & a.imaginary.isNaN)
    let infinity = b.real.number(.infinity)
    let byZero = a * infinity.signed(like: b.real)
    let ofInfinity = turned(direction(a), b) * infinity
    let byInfinity = turned(a, direction(b)) * 0
    let nothing = a.map { $0.number(.nan) }
    return .select(
      isByZero, byZero,
      .select(
        isInfinite(a) & isFinite(b), ofInfinity,
        .select(isFinite(a) & isInfinite(b), byInfinity, nothing)))
  }
}
