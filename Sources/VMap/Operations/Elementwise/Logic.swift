extension ScalarFunction {
  private static func bitwise(
    _ name: String, _ symbol: String, folding: Folding? = nil
  ) -> ScalarFunction {
    ScalarFunction(name, folding: folding) { operands, type, _ in
      type.narrowed("(\(operands[0]) \(symbol) \(operands[1]))")
    }
  }

  /// A truth value that is known decides, or leaves it to the other one.
  private static func decided(by deciding: Double) -> Folding {
    { numbers, type in
      guard type == .bool, let known = numbers.firstIndex(where: { $0 != nil }) else { return nil }
      return numbers[known] == deciding ? known : 1 - known
    }
  }

  static let and = bitwise("and", "&", folding: decided(by: 0))
  static let or = bitwise("or", "|", folding: decided(by: 1))
  static let xor = bitwise("xor", "^")

  static let not = ScalarFunction("not") { operands, type, _ in
    type.element == .bool && !type.isVector
      ? "(!\(operands[0]))" : type.narrowed("(~\(operands[0]))")
  }

  /// Shifts by the width or more give what an unbounded shift would.
  static let shiftLeft = ScalarFunction("shift_left", cost: 3) { operands, type, _ in
    let shifted = type.fromUnsigned(
      "(\(type.asUnsigned(operands[0])) << \(type.shift(operands[1])))")
    return type.select(type.overshift(operands[1]), type.literal(.zero(type.element)), shifted)
  }

  static let shiftRightLogical = ScalarFunction("shift_right_logical", cost: 3) {
    operands, type, _ in
    let shifted = type.fromUnsigned(
      "(\(type.asUnsigned(operands[0])) >> \(type.shift(operands[1])))")
    return type.select(type.overshift(operands[1]), type.literal(.zero(type.element)), shifted)
  }

  /// Copies of the sign bit come in, for unsigned types too, as in XLA.
  static let shiftRightArithmetic = ScalarFunction("shift_right_arithmetic", cost: 3) {
    operands, type, _ in
    let signed = VectorType(element: type.element.signed, width: type.width)
    let value =
      type.isVector ? "as_\(signed.name)(\(operands[0]))" : "(\(signed.name))(\(operands[0]))"
    let last = type.element.byteCount * 8 - 1
    let amount =
      type.isVector
      ? "as_\(signed.name)(min(\(type.asUnsigned(operands[1])), (\(type.unsignedName))(\(last))))"
      : "min((\(type.unsignedName))(\(operands[1])), (\(type.unsignedName))(\(last)))"
    return type.isVector
      ? "as_\(type.name)(\(value) >> \(amount))" : "((\(type.name))(\(value) >> \(amount)))"
  }

  static let populationCount = ScalarFunction("population_count", cost: 4) { operands, type, _ in
    "popcount(\(operands[0]))"
  }

  static let countLeadingZeros = ScalarFunction("clz", cost: 4) { operands, type, _ in
    "clz(\(operands[0]))"
  }
}

extension VectorType {
  /// A shift amount that C defines: its low bits.
  fileprivate func shift(_ amount: String) -> String {
    let mask = ScalarLiteral(integer: Int64(element.byteCount * 8 - 1), as: element)
    return isVector
      ? "(\(asUnsigned(amount)) & (\(unsignedName))(\(mask.integer)))"
      : "((\(unsignedName))(\(amount)) & \(mask.integer))"
  }

  /// Whether a shift amount is the width or more, or negative.
  fileprivate func overshift(_ amount: String) -> String {
    let bits = element.byteCount * 8
    return isVector
      ? mask("(\(asUnsigned(amount)) >= (\(unsignedName))(\(bits)))")
      : "((\(unsignedName))(\(amount)) >= \(bits))"
  }
}

extension Elementwise {
  static let logic: [Elementwise] = [
    Elementwise("and", .bits(2), .and, stableHLO: "stablehlo.and"),
    Elementwise("or", .bits(2), .or, stableHLO: "stablehlo.or"),
    Elementwise("xor", .bits(2), .xor, stableHLO: "stablehlo.xor"),
    Elementwise("not", .bits(1), .not, stableHLO: "stablehlo.not"),
    Elementwise("shift_left", .integers(2), .shiftLeft, stableHLO: "stablehlo.shift_left"),
    Elementwise(
      "shift_right_logical", .integers(2), .shiftRightLogical,
      stableHLO: "stablehlo.shift_right_logical"),
    Elementwise(
      "shift_right_arithmetic", .integers(2), .shiftRightArithmetic,
      stableHLO: "stablehlo.shift_right_arithmetic"),
    Elementwise("population_count", .integers(1), .populationCount, stableHLO: "stablehlo.popcnt"),
    Elementwise(
      "clz", .integers(1), .countLeadingZeros, stableHLO: "stablehlo.count_leading_zeros"),
  ]
}
