/// A math function of the library, with what a code generator needs to know about it.
public struct MathFunction: Sendable, Hashable {
  /// The name without the prefix, such as `exp`.
  public let name: String
  /// The number of arguments, 1 or 2.
  public let argumentCount: Int
  /// The largest error of `f32` results, in units in the last place.
  public let ulpF32: Double
  /// The largest error seen of `f64` results, in units in the last place.
  public let ulpF64: Double
  /// The cost of one `f32` element, counted in multiply-adds.
  public let cost: Int

  init(_ name: String, arguments: Int = 1, ulp: (Double, Double), cost: Int) {
    self.name = name
    self.argumentCount = arguments
    self.ulpF32 = ulp.0
    self.ulpF64 = ulp.1
    self.cost = cost
  }
}

extension KernelLibrary {
  /// Every function that `source(functions:)` can define, in alphabetical order.
  public static let functions: [MathFunction] = [
    MathFunction("acos", ulp: (2, 3), cost: 30),
    MathFunction("acosh", ulp: (2, 3), cost: 50),
    MathFunction("asin", ulp: (2, 3), cost: 35),
    MathFunction("asinh", ulp: (2, 3), cost: 55),
    MathFunction("atan", ulp: (2, 2), cost: 25),
    MathFunction("atan2", arguments: 2, ulp: (2, 2), cost: 35),
    MathFunction("atanh", ulp: (2.5, 3), cost: 45),
    MathFunction("cbrt", ulp: (1, 1), cost: 30),
    MathFunction("cos", ulp: (2, 2), cost: 25),
    MathFunction("cosh", ulp: (1.5, 2), cost: 35),
    MathFunction("erf", ulp: (1.5, 2), cost: 45),
    MathFunction("erf_inv", ulp: (3, 3), cost: 55),
    MathFunction("erfc", ulp: (4, 4), cost: 60),
    MathFunction("exp", ulp: (1, 1), cost: 22),
    MathFunction("exp2", ulp: (1, 1), cost: 18),
    MathFunction("expm1", ulp: (1.5, 1.5), cost: 25),
    MathFunction("hypot", arguments: 2, ulp: (1, 1), cost: 35),
    MathFunction("log", ulp: (1, 1), cost: 25),
    MathFunction("log10", ulp: (1, 2), cost: 25),
    MathFunction("log1p", ulp: (1.5, 1.5), cost: 35),
    MathFunction("log2", ulp: (1, 2), cost: 25),
    MathFunction("logistic", ulp: (2.5, 2.5), cost: 32),
    MathFunction("pow", arguments: 2, ulp: (1, 1), cost: 100),
    MathFunction("rem", arguments: 2, ulp: (0, 0), cost: 40),
    MathFunction("rsqrt", ulp: (1.5, 1.5), cost: 20),
    MathFunction("sin", ulp: (2, 2), cost: 25),
    MathFunction("sinh", ulp: (2, 2), cost: 42),
    MathFunction("tan", ulp: (3.5, 3.5), cost: 35),
    MathFunction("tanh", ulp: (1.5, 2.5), cost: 42),
  ]

  private static let functionsByName = Dictionary(
    uniqueKeysWithValues: functions.map { ($0.name, $0) })

  /// Whether the library has a function with this name.
  public static func has(_ name: String) -> Bool {
    functionsByName[name] != nil
  }

  /// The function with this name, or nil.
  public static func function(named name: String) -> MathFunction? {
    functionsByName[name]
  }
}
