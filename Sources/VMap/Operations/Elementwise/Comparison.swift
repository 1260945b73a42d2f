extension ScalarFunction {
  private static func comparison(_ name: String, _ symbol: String) -> ScalarFunction {
    ScalarFunction(name) { operands, type, _ in
      // A mask is 0 or −1 per lane, so its order is the reverse of that of truth values.
      let swapped = type.element == .bool && type.isVector
      let a = operands[swapped ? 1 : 0]
      let b = operands[swapped ? 0 : 1]
      return type.mask("(\(a) \(symbol) \(b))")
    }
  }

  static let equal = comparison("eq", "==")
  static let notEqual = comparison("ne", "!=")
  static let less = comparison("lt", "<")
  static let lessOrEqual = comparison("le", "<=")
  static let greater = comparison("gt", ">")
  static let greaterOrEqual = comparison("ge", ">=")

  static let isFinite = ScalarFunction("is_finite") { operands, type, _ in
    type.mask("(fabs(\(operands[0])) < \(type.literal(.highest(type.element))))")
  }
}

extension Elementwise {
  static let comparison: [Elementwise] = [
    Elementwise("eq", .predicate(2), .equal),
    Elementwise("ne", .predicate(2), .notEqual),
    Elementwise("lt", .predicate(2), .less),
    Elementwise("le", .predicate(2), .lessOrEqual),
    Elementwise("gt", .predicate(2), .greater),
    Elementwise("ge", .predicate(2), .greaterOrEqual),
    Elementwise(
      "is_finite", .predicate(1, "a floating-point number") { $0.isFloating }, .isFinite,
      stableHLO: "stablehlo.is_finite"),
  ]
}
