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

extension Elementwise.Signature {
  /// What is less and what is greater: complex numbers have no order.
  fileprivate static var order: Self {
    predicate(2, "elements of one type that is not complex") { !$0.isComplex }
  }
}

extension Elementwise {
  static let comparison: [Elementwise] = [
    Elementwise("eq", .predicate(2), .equal),
    Elementwise("ne", .predicate(2), .notEqual),
    Elementwise("lt", .order, .less),
    Elementwise("le", .order, .lessOrEqual),
    Elementwise("gt", .order, .greater),
    Elementwise("ge", .order, .greaterOrEqual),
    Elementwise(
      "is_finite", .predicate(1, "a floating-point number") { $0.isFloating }, .isFinite,
      stableHLO: "stablehlo.is_finite"),
  ]
}
