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
