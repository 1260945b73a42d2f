import Kernels

extension ScalarFunction {
  /// A function of the kernel library, the same operations at every lane count.
  static func library(_ name: String) -> ScalarFunction {
    let cost = KernelLibrary.function(named: name)?.cost ?? 1
    return ScalarFunction(name, cost: cost, library: name) { operands, type, _ in
      "\(type.libraryName(name))(\(operands.joined(separator: ", ")))"
    }
  }

  /// Correctly rounded by IEEE 754, so the built-in is the same at every lane count.
  static let squareRoot = exact("sqrt", "sqrt", cost: 6, narrowing: .rounded)
}

extension Elementwise {
  /// Operations that are each one function of the kernel library.
  static func library(_ names: [(name: String, stableHLO: String?)]) -> [Elementwise] {
    names.map {
      Elementwise(
        $0.name, ComplexFunctions.takes($0.name) ? .inexact(1) : .floats(1), .library($0.name),
        stableHLO: $0.stableHLO)
    }
  }

  static let exponential: [Elementwise] =
    library([
      ("exp", "stablehlo.exponential"), ("exp2", nil),
      ("expm1", "stablehlo.exponential_minus_one"), ("log", "stablehlo.log"), ("log2", nil),
      ("log10", nil), ("log1p", "stablehlo.log_plus_one"), ("logistic", "stablehlo.logistic"),
      ("cbrt", "stablehlo.cbrt"), ("rsqrt", "stablehlo.rsqrt"),
    ]) + [Elementwise("sqrt", .inexact(1), .squareRoot, stableHLO: "stablehlo.sqrt")]
}

extension Elementwise {
  static let exponentialDerivatives: [String: ElementwiseDerivative] = [
    "exp": .factor { _, y in y },
    "exp2": .factor { _, y in y.scaled(by: 0.6931471805599453) },
    "expm1": .factor { _, y in y + y.constant(1) },
    "log": ElementwiseDerivative([{ change, x, _ in change / x[0] }]),
    "log2": ElementwiseDerivative([
      { change, x, _ in change / x[0].scaled(by: 0.6931471805599453) }
    ]),
    "log10": ElementwiseDerivative([
      { change, x, _ in change / x[0].scaled(by: 2.302585092994046) }
    ]),
    "log1p": ElementwiseDerivative([{ change, x, _ in change / (x[0] + x[0].constant(1)) }]),
    "logistic": .factor { _, y in y * (y.constant(1) - y) },
    "cbrt": ElementwiseDerivative([{ change, x, y in change * y / x[0].scaled(by: 3) }]),
    "rsqrt": ElementwiseDerivative([
      { change, x, y in change * (y / x[0]).scaled(by: -0.5) }
    ]),
    "sqrt": ElementwiseDerivative([{ change, _, y in change * (y.constant(0.5) / y) }]),
  ]
}
