extension ScalarFunction {
  /// An infix operator on values of one type, wrapping around for integers.
  static func wrapping(
    _ name: String, _ symbol: String, folding: Folding? = nil
  ) -> ScalarFunction {
    ScalarFunction(name, folding: folding) { operands, type, _ in
      // Signed overflow is undefined in C: wrap around in the unsigned type of the same size.
      guard type.element.isSignedInteger else {
        return type.narrowed("(\(operands[0]) \(symbol) \(operands[1]))")
      }
      let a = type.asUnsigned(operands[0])
      let b = type.asUnsigned(operands[1])
      return type.fromUnsigned("(\(a) \(symbol) \(b))")
    }
  }

  /// A negative zero and a zero add up to a zero, so that only integers stay what they are.
  static let add = wrapping("add", "+") { numbers, type in
    guard type.isInteger else { return nil }
    return numbers[0] == 0 ? 1 : numbers[1] == 0 ? 0 : nil
  }
  static let subtract = wrapping("sub", "-") { numbers, type in
    type.isInteger && numbers[1] == 0 ? 0 : nil
  }
  static let multiply = wrapping("mul", "*") { numbers, _ in
    numbers[0] == 1 ? 1 : numbers[1] == 1 ? 0 : nil
  }

  /// `a * b + c`, rounded once.
  static let fusedMultiplyAdd = ScalarFunction("fma") { operands, type, _ in
    type.element.isFloating
      ? "fma(\(operands.joined(separator: ", ")))"
      : ScalarFunction.add.spelling(
        [ScalarFunction.multiply.spelling([operands[0], operands[1]], type, type), operands[2]],
        type, type)
  }

  static let divide = ScalarFunction("div", cost: 5) { operands, type, _ in
    guard !type.element.isFloating else { return "(\(operands[0]) / \(operands[1]))" }
    // XLA: x / 0 is −1 (all bits set) and the least value by −1 is itself.
    let zero = type.literal(.zero(type.element))
    let ones = type.literal(ScalarLiteral(integer: -1, as: type.element))
    let divisor = type.safeDivisor(operands[1], of: operands[0])
    let quotient = type.narrowed("(\(operands[0]) / \(divisor))")
    let wrapped =
      type.element.isSignedInteger
      ? type.select(type.mask("(\(operands[1]) == \(ones))"), type.negated(operands[0]), quotient)
      : quotient
    return type.select(type.mask("(\(operands[1]) == \(zero))"), ones, wrapped)
  }

  static let remainder = ScalarFunction("rem", cost: 8, library: "rem", narrowing: .exact) {
    operands, type, _ in
    guard !type.element.isFloating else {
      return "\(type.libraryName("rem"))(\(operands[0]), \(operands[1]))"
    }
    // XLA: x % 0 is x, and anything by −1 leaves 0.
    let zero = type.literal(.zero(type.element))
    let divisor = type.safeDivisor(operands[1], of: operands[0])
    let rest = type.narrowed("(\(operands[0]) % \(divisor))")
    return type.select(type.mask("(\(operands[1]) == \(zero))"), operands[0], rest)
  }

  static let negate = ScalarFunction("neg", narrowing: .exact) { operands, type, _ in
    type.negated(operands[0])
  }

  static let absolute = ScalarFunction("abs", narrowing: .exact) { operands, type, _ in
    if type.element.isFloating { return "fabs(\(operands[0]))" }
    guard type.element.isSignedInteger else { return operands[0] }
    let zero = type.literal(.zero(type.element))
    return type.select(
      type.mask("(\(operands[0]) < \(zero))"), type.negated(operands[0]), operands[0])
  }

  static let sign = ScalarFunction("sign", cost: 2, narrowing: .exact) { operands, type, _ in
    let zero = type.literal(.zero(type.element))
    let one = type.literal(.one(type.element))
    let minus = type.literal(ScalarLiteral(integer: -1, as: type.element))
    let x = operands[0]
    let positive = type.mask("(\(x) > \(zero))")
    guard !type.element.isUnsignedInteger else { return type.select(positive, one, zero) }
    // What is neither positive nor negative is itself: ±0 and NaN.
    return type.select(
      positive, one, type.select(type.mask("(\(x) < \(zero))"), minus, x))
  }

  /// The greater of two, NaN where either is NaN.
  static let maximum = extreme("max", ">")
  /// The lesser of two, NaN where either is NaN.
  static let minimum = extreme("min", "<")

  private static func extreme(_ name: String, _ symbol: String) -> ScalarFunction {
    ScalarFunction(name, narrowing: .exact) { operands, type, _ in
      let a = operands[0]
      let b = operands[1]
      guard type.element.isFloating else {
        if type.element == .bool { return "(\(a) \(name == "max" ? "|" : "&") \(b))" }
        return type.select(type.mask("(\(a) \(symbol) \(b))"), a, b)
      }
      return type.select(type.mask("((\(a) \(symbol) \(b)) | (\(a) != \(a)))"), a, b)
    }
  }
}

extension VectorType {
  /// Whether this is the unsigned type of its size, which C widens no further.
  private var isWideUnsigned: Bool {
    unsignedName == name && (isVector || element.byteCount >= 4)
  }

  func asUnsigned(_ text: String) -> String {
    if isWideUnsigned { return text }
    return isVector ? "as_\(unsignedName)(\(text))" : "(\(unsignedName))(\(text))"
  }

  func fromUnsigned(_ text: String) -> String {
    if isWideUnsigned { return text }
    return isVector ? "as_\(name)(\(text))" : "(\(name))(\(text))"
  }

  /// Scalars of less than 32 bits are computed in `int`: back to the type.
  func narrowed(_ text: String) -> String {
    !isVector && element.isInteger && element.byteCount < 4 ? "((\(name))\(text))" : text
  }

  func negated(_ text: String) -> String {
    guard element.isInteger else { return "(-\(text))" }
    return fromUnsigned("((\(unsignedName))(0) - \(asUnsigned(text)))")
  }

  /// A divisor that cannot trap: 1 in place of 0 and of −1.
  func safeDivisor(_ divisor: String, of dividend: String) -> String {
    let one = literal(.one(element))
    let minus = literal(ScalarLiteral(integer: -1, as: element))
    let zero = literal(.zero(element))
    let bad =
      element.isSignedInteger
      ? mask("((\(divisor) == \(zero)) | (\(divisor) == \(minus)))")
      : mask("(\(divisor) == \(zero))")
    return select(bad, one, divisor)
  }

  /// The kernel library's name for a function on this type.
  func libraryName(_ function: String) -> String {
    "vm_\(function)_\(element == .float64 ? "f64" : "f32")x\(width)"
  }
}

extension Elementwise {
  static let arithmetic: [Elementwise] = [
    Elementwise("add", .numbers(2), .add, stableHLO: "stablehlo.add"),
    Elementwise("sub", .numbers(2), .subtract, stableHLO: "stablehlo.subtract"),
    Elementwise("mul", .numbers(2), .multiply, stableHLO: "stablehlo.multiply"),
    Elementwise("div", .numbers(2), stableHLO: "stablehlo.divide") { operands, types, loops in
      // By a power of two the product with its reciprocal is the same number, and made faster.
      if let factor = loops.graph.exactReciprocal(of: operands[1]) {
        return loops.apply(.multiply, [operands[0], factor], types[0])
      }
      return loops.apply(.divide, operands, types[0])
    },
    Elementwise("rem", .reals(2), .remainder, stableHLO: "stablehlo.remainder"),
    Elementwise("max", .ordered(2), .maximum, stableHLO: "stablehlo.maximum"),
    Elementwise("min", .ordered(2), .minimum, stableHLO: "stablehlo.minimum"),
    Elementwise("neg", .numbers(1), .negate, stableHLO: "stablehlo.negate"),
    Elementwise("abs", .parts("a number") { $0 != .bool }, .absolute, stableHLO: "stablehlo.abs"),
    Elementwise("sign", .numbers(1), .sign, stableHLO: "stablehlo.sign"),
    Elementwise("pow", .inexact(2), .library("pow"), stableHLO: "stablehlo.power"),
    Elementwise("fma", .floats(3), .fusedMultiplyAdd),
    nextAfter,
    Elementwise("square", .numbers(1), stableHLO: "chlo.square") { operands, types, loops in
      loops.apply(.multiply, [operands[0], operands[0]], types[0])
    },
  ]
}

extension Elementwise {
  static let arithmeticDerivatives: [String: ElementwiseDerivative] = [
    "add": ElementwiseDerivative([{ change, _, _ in change }, { change, _, _ in change }]),
    "sub": ElementwiseDerivative([{ change, _, _ in change }, { change, _, _ in -change }]),
    "mul": .factors({ x, _ in x[1] }, { x, _ in x[0] }),
    "div": ElementwiseDerivative([
      { change, x, _ in change / x[1] }, { change, x, y in -(change * y) / x[1] },
    ]),
    // x - y * trunc(x / y), where the quotient is constant but for jumps.
    "rem": ElementwiseDerivative([
      { change, _, _ in change },
      { change, x, _ in
        let quotient = x[0] / x[1]
        return -change * (Term("sign", quotient) * Term("floor", quotient.magnitude))
      },
    ]),
    "max": .extreme { $0 .> $1 },
    "min": .extreme { $0 .< $1 },
    "neg": ElementwiseDerivative([{ change, _, _ in -change }]),
    "abs": magnitudeDerivative,
    "sign": .none(1),
    "pow": .factors(
      { x, _ in
        let one = x[1].constant(1)
        let isConstant = x[1] .== x[1].constant(0)
        return (x[1] * Term("pow", x[0], .select(isConstant, one, x[1] - one)))
          .kept(where: .!isConstant)
      },
      { x, y in
        let isZero = x[0] .== x[0].constant(0)
        return Term("log", .select(isZero, x[0].constant(1), x[0])) * y
      }),
    "fma": ElementwiseDerivative([
      { change, x, _ in change * x[1] }, { change, x, _ in change * x[0] },
      { change, _, _ in change },
    ]),
    "nextafter": .none(2),
    "square": .factor { x, _ in x.scaled(by: 2) },
  ]

  /// Of a complex number the share of its change that is along it.
  private static let magnitudeDerivative = ElementwiseDerivative(
    [
      { change, x, y in
        guard x[0].element.isComplex else { return change * Term("sign", x[0]) }
        return (change * direction(x[0], y).conjugate).real
      }
    ],
    transposes: [
      { change, x, y in
        guard x[0].element.isComplex else { return change * Term("sign", x[0]) }
        return change.asNumber(x[0].element) * direction(x[0], y).conjugate
      }
    ])

  /// A complex number by its magnitude, which unlike its sign has a derivative here; 0 at 0.
  private static func direction(_ x: Term, _ magnitude: Term) -> Term {
    let isZero = magnitude .== magnitude.constant(0)
    return x / Term.select(isZero, magnitude.constant(1), magnitude).asNumber(x.element)
  }
}
