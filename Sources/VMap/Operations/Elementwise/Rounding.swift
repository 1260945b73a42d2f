extension ScalarFunction {
  /// A function of OpenCL C that is exact, so that its scalar and vector forms agree.
  static func exact(
    _ name: String, _ builtin: String, cost: Int = 1, narrowing: Narrowing = .exact
  ) -> ScalarFunction {
    ScalarFunction(name, cost: cost, narrowing: narrowing) { operands, _, _ in
      "\(builtin)(\(operands.joined(separator: ", ")))"
    }
  }

  /// Half away from zero, exactly.
  static let roundAway = exact("round", "round", cost: 3)
  /// Half to the even number, exactly.
  static let roundEven = exact("round_nearest_even", "rint")
}

extension Elementwise {
  static let rounding: [Elementwise] = [
    Elementwise("floor", .floats(1), .exact("floor", "floor"), stableHLO: "stablehlo.floor"),
    Elementwise("ceil", .floats(1), .exact("ceil", "ceil"), stableHLO: "stablehlo.ceil"),
    Elementwise("trunc", .floats(1), .exact("trunc", "trunc")),
    Elementwise("round", .floats(1), .roundAway, stableHLO: "stablehlo.round_nearest_afz"),
    Elementwise(
      "round_nearest_even", .floats(1), .roundEven,
      stableHLO: "stablehlo.round_nearest_even"),
  ]
}

extension Elementwise {
  /// Constant but for jumps.
  static let roundingDerivatives: [String: ElementwiseDerivative] = Dictionary(
    uniqueKeysWithValues: rounding.map { ($0.name, .none(1)) })
}
