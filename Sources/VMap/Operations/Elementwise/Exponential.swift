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
  static let squareRoot = exact("sqrt", "sqrt", cost: 6)
}

extension Elementwise {
  /// Operations that are each one function of the kernel library.
  static func library(_ names: [String]) -> [Elementwise] {
    names.map { Elementwise($0, .floats(1), .library($0)) }
  }

  static let exponential: [Elementwise] =
    library([
      "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logistic", "cbrt", "rsqrt",
    ]) + [Elementwise("sqrt", .floats(1), .squareRoot)]
}
