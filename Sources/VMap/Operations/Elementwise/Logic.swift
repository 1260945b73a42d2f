extension ScalarFunction {
  private static func bitwise(
    _ name: String, _ symbol: String, folding: Folding? = nil, rewriting: Rewriting? = nil
  ) -> ScalarFunction {
    ScalarFunction(name, folding: folding, rewriting: rewriting) { operands, type, _ in
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
  static let or = bitwise("or", "|", folding: decided(by: 1), rewriting: rotation)
  static let xor = bitwise("xor", "^", rewriting: rotation)

  static let not = ScalarFunction("not") { operands, type, _ in
    type.element == .bool && !type.isVector
      ? "(!\(operands[0]))" : type.narrowed("(~\(operands[0]))")
  }

  static let populationCount = ScalarFunction("population_count", cost: 4) { operands, type, _ in
    "popcount(\(operands[0]))"
  }

  static let countLeadingZeros = ScalarFunction("clz", cost: 4) { operands, type, _ in
    "clz(\(operands[0]))"
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
