@testable import VMap

extension ProgramGenerator {
  /// An operation on elements of values of one shape, or of scalars, which stand for every index.
  func elementwise() -> RandomValue? {
    let name = choices.chance(40) ? choices.element(of: common) : nil
    let operation = name.map(Elementwise.named) ?? choices.element(of: Elementwise.all)
    guard let first = pick(where: { takes(operation, $0.element) }) else { return nil }
    var operands = [first]
    if operation.name == "select" {
      operands = [value(.bool, choices.chance(80) ? first.shape : []), first]
    }
    while operands.count < operation.signature.arity {
      let shape = choices.chance(85) ? first.shape : []
      operands.append(value(first.element, shape))
    }
    operands = prepared(operation.name, operands)
    let (magnitude, digits) = Self.bits(operation.name, operands)
    return emit(operation, operands, magnitude: magnitude, digits: .some(digits))
  }

  func elementwise() -> [RandomValue]? { elementwise().map { [$0] } }

  private var common: [String] {
    ["add", "sub", "mul", "max", "min", "neg", "select", "lt", "tanh", "abs", "add", "mul"]
  }

  private func takes(_ operation: Elementwise, _ type: ElementType) -> Bool {
    if operation.name == "select" { return true }
    if type.isComplex, ["acosh", "sign"].contains(operation.name) { return false }
    let types = [ElementType](repeating: type, count: operation.signature.arity)
    return operation.signature.result(types) != nil
  }

  /// The operands brought to where a function is defined and does not jump.
  private func prepared(_ name: String, _ operands: [RandomValue]) -> [RandomValue] {
    var operands = operands
    let x = operands[0]
    guard x.element.isInexact else { return operands }
    switch name {
    case "log", "log2", "log10", "sqrt", "rsqrt", "lgamma", "digamma", "log1p":
      operands[0] = positive(x)
    case "pow":
      operands = [shrunk(positive(x), to: 4), shrunk(operands[1], to: 2)]
    case "acosh": operands[0] = apply("add", positive(x), constant(1, x.element))
    case "asinh" where !x.element.isComplex, "atan" where !x.element.isComplex: break
    case "asin", "acos", "atanh", "erf_inv", "tan", "asinh", "atan":
      operands[0] = shrunk(x, to: 0.75)
    case "exp", "exp2", "expm1", "sinh", "cosh", "tanh", "logistic", "sin", "cos":
      operands[0] = shrunk(x, to: x.element.isComplex ? 1 : 4)
    case "atan2", "rem": operands[1] = positive(operands[1])
    case "div":
      let divisor = operands[1]
      operands[1] =
        choices.chance(30)
        ? constant(choices.element(of: [2, 4, -8, 0.5]), x.element) : positive(divisor)
    case "nextafter": operands = operands.map { positive($0) }
    default: break
    }
    return operands
  }

  /// A value whose real parts are at least a half.
  func positive(_ x: RandomValue) -> RandomValue {
    guard x.element.isComplex else {
      return apply(
        "add", apply("abs", x), constant(0.5, x.element), magnitude: x.magnitude + 0.5,
        digits: .some(x.digits.map { max($0, 1) }))
    }
    let real = positive(apply("real", x))
    return apply("complex", real, apply("imag", x), magnitude: x.magnitude + 0.5)
  }

  /// The greatest magnitude of what an operation makes, and how many binary digits it has.
  private static func bits(_ name: String, _ x: [RandomValue]) -> (Double, Int?) {
    let most = x.map(\.magnitude).max() ?? 1
    let digits = x.reduce(Int?.some(0)) { known, value in
      known.flatMap { known in value.digits.map { max(known, $0) } }
    }
    guard x[0].element.isInexact || x[x.count - 1].element.isInexact else {
      return (integerMagnitude(name, x), 0)
    }
    func sum(_ a: Int?, _ b: Int?) -> Int? { a.flatMap { a in b.map { a + $0 } } }
    switch name {
    case "add", "sub": return (x[0].magnitude + x[1].magnitude, digits)
    case "mul":
      let factor = x[0].element.isComplex ? 2.0 : 1
      let isExact = !x[0].element.isComplex
      return (
        factor * x[0].magnitude * x[1].magnitude, isExact ? sum(x[0].digits, x[1].digits) : nil
      )
    case "square": return (2 * most * most, x[0].element.isComplex ? nil : sum(digits, digits))
    case "neg", "max", "min", "clamp", "conj", "real", "imag", "complex", "rem":
      return (most, digits)
    case "abs": return (2 * most, x[0].element.isComplex ? nil : digits)
    case "select": return (max(x[1].magnitude, x[2].magnitude), digits)
    case "sign": return (1, digits.map { _ in 0 })
    case "floor", "ceil", "trunc", "round", "round_nearest_even":
      return (most + 1, digits.map { _ in 0 })
    case "fma":
      return (
        x[0].magnitude * x[1].magnitude + x[2].magnitude,
        sum(x[0].digits, x[1].digits).flatMap { product in x[2].digits.map { max(product, $0) } }
      )
    case "eq", "ne", "lt", "le", "gt", "ge", "is_finite": return (1, 0)
    case "exp", "exp2", "expm1", "sinh", "cosh": return (60, nil)
    case "tan", "acosh", "asinh", "div", "log", "log2", "log10", "log1p", "lgamma", "digamma":
      return (2 * most + 8, nil)
    case "pow": return (64, nil)
    case "tanh", "sin", "cos", "logistic", "erf", "erfc": return (2, nil)
    default: return (most + 4, nil)
    }
  }

  private static func integerMagnitude(_ name: String, _ x: [RandomValue]) -> Double {
    let type = x[x.count - 1].element
    let (a, b) = (x[0].magnitude, x[x.count - 1].magnitude)
    let magnitude: Double
    switch name {
    case "add": magnitude = a + b
    case "sub": magnitude = type.isUnsignedInteger ? .infinity : a + b
    case "mul": magnitude = a * b
    case "square": magnitude = a * a
    case "abs": magnitude = a + 1
    case "max", "min", "clamp", "rem": magnitude = x.map(\.magnitude).max() ?? a
    case "select": magnitude = max(x[1].magnitude, b)
    case "sign", "eq", "ne", "lt", "le", "gt", "ge": magnitude = 1
    case "population_count", "clz": magnitude = 64
    default: magnitude = .infinity
    }
    return min(magnitude, type.greatestMagnitude)
  }

  // MARK: Others that work on elements

  func convert() -> [RandomValue]? {
    switch choices.below(8) {
    case 0: return integerPower()
    case 1:
      guard let x = pick(where: { $0.element.isFloating }) else { return nil }
      let operation = ReducePrecision(
        exponentBits: choices.number(in: 4...8), mantissaBits: choices.number(in: 1...23))
      let kept = x.isExact && operation.mantissaBits > 8
      return emit(operation, [x], digits: .some(kept ? x.digits : nil)).map { [$0] }
    case 2:
      // The sign of a zero may differ, and shows in its bits.
      guard let x = pick(where: { $0.isExact && !$0.element.isComplex && $0.element != .bool })
      else { return nil }
      let source = x.element.isFloating ? apply("abs", x) : x
      let target = x.element.isUnsignedInteger ? x.element.signed : x.element.unsigned
      return emit(
        Convert(target: target, keepsBits: true), [source], magnitude: target.greatestMagnitude,
        digits: 0
      ).map { [$0] }
    default:
      guard let x = pick() else { return nil }
      let target = choices.type()
      guard x.isExact || target.isInexact || choices.chance(20) else { return nil }
      return x.element == target ? nil : [converted(x, to: target)]
    }
  }

  private func integerPower() -> [RandomValue]? {
    guard let x = pick(where: { $0.element != .bool }) else { return nil }
    let isInexact = x.element.isInexact
    let exponent = choices.element(of: isInexact ? [2, 3, 4, 0, 1, -1, -2] : [2, 3, 5, 0, 1])
    let base = exponent < 0 ? positive(x) : shrunk(x, to: 4)
    return emit(
      IntegerPower(exponent: exponent), [base],
      magnitude: isInexact ? 256 : x.element.greatestMagnitude,
      digits: .some(exponent < 2 && exponent >= 0 ? base.digits : nil)
    ).map { [$0] }
  }

  func literal() -> [RandomValue]? {
    let type = choices.type()
    return [constant(Double(choices.number(in: 0...9)), type)]
  }

  /// A function of elements, in a region.
  func map() throws -> [RandomValue]? {
    guard let first = pick(), !first.element.isComplex else { return nil }
    var operands = [first]
    if choices.chance(50) { operands.append(value(choices.type(), first.shape)) }
    let captured = choices.chance(40) ? pick(where: { $0.shape.isEmpty }) : nil
    var made: RandomValue?
    let results = try elementRegions(Map(), operands) { elements in
      let outer = (self.pool, self.depth, self.budget)
      defer { (self.pool, self.depth, self.budget) = outer }
      self.pool = elements + (captured.map { [$0] } ?? [])
      self.depth += 1
      for _ in 0..<self.choices.number(in: 1...3) {
        if let value: RandomValue = self.elementwise() { self.pool.append(value) }
      }
      made = self.pool[self.pool.count - 1]
      return [made ?? elements[0]]
    }
    guard let made, let result = results?.first else { return nil }
    return [RandomValue(result, magnitude: made.magnitude, digits: made.digits)]
  }
}
