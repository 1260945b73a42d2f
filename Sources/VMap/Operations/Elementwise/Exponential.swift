extension ScalarFunction {
  /// A function of the kernel library, the same operations at every lane count.
  static func library(_ name: String, cost: Int) -> ScalarFunction {
    ScalarFunction(name, cost: cost, library: name) { operands, type, _ in
      "\(type.libraryName(name))(\(operands.joined(separator: ", ")))"
    }
  }

  static let exponential = library("exp", cost: 14)
  static let logarithm = library("log", cost: 18)
  /// Correctly rounded by IEEE 754, so the built-in is the same at every lane count.
  static let squareRoot = exact("sqrt", "sqrt", cost: 6)
}

extension Elementwise {
  /// Operations that are each one function of the kernel library.
  static func library(_ costs: KeyValuePairs<String, Int>) -> [Elementwise] {
    costs.map { Elementwise($0.key, .floats(1), .library($0.key, cost: $0.value)) }
  }

  static let exponential: [Elementwise] =
    library([
      "exp": 14, "exp2": 12, "expm1": 20, "log": 18, "log2": 20, "log10": 20, "log1p": 22,
      "logistic": 24, "cbrt": 20, "rsqrt": 10,
    ]) + [Elementwise("sqrt", .floats(1), .squareRoot)]
}
