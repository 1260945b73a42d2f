/// A math function of the library, with what a code generator needs to know about it.
public struct MathFunction: Sendable, Hashable, CustomStringConvertible {
  /// The name without the prefix, such as `exp`.
  public let name: String
  /// The number of arguments, 1 or 2.
  public let argumentCount: Int
  /// A bound of the error of `f32` results, in units in the last place.
  public let ulpF32: Double
  /// A bound of the error of `f64` results, in units in the last place, as far as samples show.
  public let ulpF64: Double
  /// The least magnitude whose units those are: a result below it, where terms cancel, is as wrong as
  /// this one at most.
  public let floor: Double
  /// The time of one `f32` element, measured with 16 lanes, in those of a multiply-add.
  public let cost: Int

  /// The name.
  public var description: String { name }

  init(_ name: String, arguments: Int = 1, ulp: (Double, Double), floor: Double = 0, cost: Int) {
    self.name = name
    self.argumentCount = arguments
    self.ulpF32 = ulp.0
    self.ulpF64 = ulp.1
    self.floor = floor
    self.cost = cost
  }
}

extension KernelLibrary {
  /// Every function that `source(functions:)` can define, in alphabetical order.
  public static let functions: [MathFunction] = [
    MathFunction("acos", ulp: (1.5, 1.5), cost: 23),
    MathFunction("acosh", ulp: (2.5, 2.5), cost: 84),
    MathFunction("asin", ulp: (2, 2), cost: 30),
    MathFunction("asinh", ulp: (2, 2), cost: 94),
    MathFunction("atan", ulp: (1.5, 2), cost: 27),
    MathFunction("atan2", arguments: 2, ulp: (2, 2), cost: 36),
    MathFunction("atanh", ulp: (2.5, 2.5), cost: 66),
    MathFunction("bessel_i1e", ulp: (4, 4), cost: 70),
    MathFunction("cbrt", ulp: (1, 1), cost: 65),
    MathFunction("cos", ulp: (2, 2), cost: 40),
    MathFunction("cosh", ulp: (1.5, 1.5), cost: 30),
    MathFunction("digamma", ulp: (6, 8), floor: 16, cost: 120),
    MathFunction("erf", ulp: (1.5, 1.5), cost: 48),
    MathFunction("erf_inv", ulp: (3, 3), cost: 94),
    MathFunction("erfc", ulp: (3.5, 3.5), cost: 66),
    MathFunction("exp", ulp: (1, 1), cost: 29),
    MathFunction("exp2", ulp: (1, 1), cost: 22),
    MathFunction("expm1", ulp: (1.5, 1.5), cost: 27),
    MathFunction("hypot", arguments: 2, ulp: (1, 1), cost: 29),
    MathFunction("lgamma", ulp: (6, 6), floor: 8, cost: 120),
    MathFunction("log", ulp: (1, 1), cost: 38),
    MathFunction("log10", ulp: (1.5, 1.5), cost: 41),
    MathFunction("log1p", ulp: (2, 2), cost: 54),
    MathFunction("log2", ulp: (1.5, 1.5), cost: 32),
    MathFunction("logistic", ulp: (2.5, 2.5), cost: 38),
    MathFunction("pow", arguments: 2, ulp: (1, 1), cost: 149),
    MathFunction("rem", arguments: 2, ulp: (0, 0), cost: 73),
    MathFunction("rsqrt", ulp: (1.5, 1.5), cost: 18),
    MathFunction("sin", ulp: (2, 2), cost: 38),
    MathFunction("sinh", ulp: (2, 2), cost: 39),
    MathFunction("tan", ulp: (3, 3), cost: 39),
    MathFunction("tanh", ulp: (2, 2), cost: 42),
  ]

  /// What reads, writes and rounds floating-point numbers of 16 bits.
  ///
  /// `from_` takes the bits of one and gives the number, `bits_` takes a number that is one of the
  /// type's and gives its bits, and `round_` gives the nearest number of the type.
  public static let conversions: [String] = ["f16", "bf16"].flatMap { type in
    ["from_\(type)", "bits_\(type)", "round_\(type)"]
  }

  private static let functionsByName = Dictionary(
    uniqueKeysWithValues: functions.map { ($0.name, $0) })

  /// Whether the library has a function with this name.
  public static func has(_ name: String) -> Bool {
    functionsByName[name] != nil || conversions.contains(name)
  }

  /// The function with this name, or nil.
  public static func function(named name: String) -> MathFunction? {
    functionsByName[name]
  }
}
