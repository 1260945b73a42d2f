import Foundation
import Kernels

@testable import VMap

/// What elementwise operations mean for floating-point numbers, by name.
///
/// Everything is computed in double precision and rounded to the type when it is stored. For the
/// five basic operations on `f32` that is the correctly rounded result.
enum FloatFunctions {
  typealias Function = @Sendable (_ x: [Double]) -> Double

  /// How far a device's result may be from the true one, beyond the errors of the operands.
  enum Accuracy {
    /// The result is always a number of the type.
    case exact
    /// Rounded once, as IEEE 754 requires.
    case rounded
    /// So many units in the last place.
    case ulps(Double)
  }

  static func accuracy(_ name: String, _ type: ElementType) -> Accuracy {
    if let function = KernelLibrary.function(named: name), function.ulpF32 > 0 {
      return .ulps(type.arithmetic == .float32 ? function.ulpF32 : function.ulpF64)
    }
    switch name {
    case "add", "sub", "mul", "div", "sqrt", "fma", "square": return .rounded
    default: return .exact
    }
  }

  /// A function by its name, of numbers of a type.
  static func function(_ name: String, _ type: ElementType) -> Function? {
    guard name == "nextafter" else { return all[name] }
    return { neighbour($0[0], towards: $0[1], type) }
  }

  /// The next number of a type, by the distance of its numbers.
  private static func neighbour(_ x: Double, towards y: Double, _ type: ElementType) -> Double {
    if x.isNaN || y.isNaN { return .nan }
    if x == y { return y }
    if x < 0 || x == 0 && y < 0 { return -neighbour(-x, towards: -y, type) }
    if x.isInfinite { return type.greatestFinite }
    let unit = type.ulp(x)
    if y > x { return x + unit > type.greatestFinite ? .infinity : x + unit }
    // Below a power of two numbers are twice as dense, but for subnormal ones.
    let near = x - unit / 2
    let isNumber = near < x && type.number(type.bits(near)) == near
    return unit > type.leastPositive && isNumber ? near : x - unit
  }

  static let all: [String: Function] = basic.merging(rounding) { a, _ in a }
    .merging(transcendental) { a, _ in a }

  private static let basic: [String: Function] = [
    "add": { $0[0] + $0[1] },
    "sub": { $0[0] - $0[1] },
    "mul": { $0[0] * $0[1] },
    "div": { $0[0] / $0[1] },
    "rem": { fmod($0[0], $0[1]) },
    "max": { greater($0[0], $0[1]) },
    "min": { -greater(-$0[0], -$0[1]) },
    "neg": { -$0[0] },
    "abs": { $0[0].magnitude },
    "sign": { $0[0] > 0 ? 1 : $0[0] < 0 ? -1 : $0[0] },
    "square": { $0[0] * $0[0] },
    "fma": { fma($0[0], $0[1], $0[2]) },
    "clamp": { -greater(-greater($0[0], $0[1]), -$0[2]) },
  ]

  private static let rounding: [String: Function] = [
    "floor": { $0[0].rounded(.down) },
    "ceil": { $0[0].rounded(.up) },
    "trunc": { $0[0].rounded(.towardZero) },
    "round": { $0[0].rounded(.toNearestOrAwayFromZero) },
    "round_nearest_even": { $0[0].rounded(.toNearestOrEven) },
  ]

  private static let transcendental: [String: Function] = [
    "sqrt": { $0[0].squareRoot() },
    "rsqrt": { 1 / $0[0].squareRoot() },
    "cbrt": { cbrt($0[0]) },
    "exp": { exp($0[0]) },
    "exp2": { exp2($0[0]) },
    "expm1": { expm1($0[0]) },
    "log": { log($0[0]) },
    "log2": { log2($0[0]) },
    "log10": { log10($0[0]) },
    "log1p": { log1p($0[0]) },
    "logistic": { $0[0] < 0 ? exp($0[0]) / (1 + exp($0[0])) : 1 / (1 + exp(-$0[0])) },
    "pow": { pow($0[0], $0[1]) },
    "sin": { sin($0[0]) },
    "cos": { cos($0[0]) },
    "tan": { tan($0[0]) },
    "asin": { asin($0[0]) },
    "acos": { acos($0[0]) },
    "atan": { atan($0[0]) },
    "atan2": { atan2($0[0], $0[1]) },
    "sinh": { sinh($0[0]) },
    "cosh": { cosh($0[0]) },
    "tanh": { tanh($0[0]) },
    "asinh": { asinh($0[0]) },
    "acosh": { acosh($0[0]) },
    "atanh": { atanh($0[0]) },
    "erf": { erf($0[0]) },
    "erfc": { erfc($0[0]) },
    "lgamma": { lgamma($0[0]) },
    "digamma": { digamma($0[0]) },
    "bessel_i1e": { scaledBessel($0[0]) },
    "erf_inv": { inverseErrorFunction($0[0]) },
  ]

  /// The derivative of lgamma: the series for large numbers, reached from 16 by steps of 1.
  private static func digamma(_ x: Double) -> Double {
    guard x >= 0.5 else {
      let rest = x - x.rounded()
      guard x.isFinite, x > 0 || rest != 0 else { return .nan }
      return digamma(1 - x) - .pi / tan(.pi * rest)
    }
    let steps = x < 16 ? Int(16 - x) + 1 : 0
    let large = x + Double(steps)
    let square = 1 / (large * large)
    let coefficients: [Double] = [
      1.0 / 12, -691.0 / 32760, 1.0 / 132, -1.0 / 240, 1.0 / 252, -1.0 / 120, 1.0 / 12,
    ]
    let tail = coefficients.reduce(0.0) { ($0 + $1) * square }
    let sum = (0..<steps).reduce(0.0) { $0 + 1 / (x + Double($1)) }
    return log(large) - 0.5 / large - tail - sum
  }

  /// exp(-|x|) I₁(x): the series of positive terms, or the asymptotic one, whose terms shrink until
  /// they are less than e^(-2x) of the first.
  private static func scaledBessel(_ x: Double) -> Double {
    let a = x.magnitude
    guard a < 20 else {
      var (term, sum) = (1.0, 1.0)
      for k in 1..<40 where term.magnitude > 0x1p-60 {
        let odd = Double(2 * k - 1)
        term *= (odd * odd - 4) / (Double(8 * k) * a)
        sum += term
      }
      let value = sum / ((2 * Double.pi).squareRoot() * a.squareRoot())
      return x < 0 ? -value : value
    }
    var (term, sum) = (x / 2, x / 2)
    for k in 1..<100 {
      term *= a * a / 4 / Double(k * (k + 1))
      sum += term
    }
    return sum * exp(-a)
  }

  /// The greater of two, NaN where either is NaN.
  static func greater(_ a: Double, _ b: Double) -> Double {
    a.isNaN || b.isNaN ? .nan : a > b ? a : b
  }

  /// The number whose error function is given, by Newton's method on erf or, near 1, on erfc.
  private static func inverseErrorFunction(_ x: Double) -> Double {
    let target = x.magnitude
    guard target < 1 else { return target == 1 ? x * .infinity : .nan }
    guard target > 0 else { return x }
    let tail = -log((1 - target) * (1 + target))
    // The first guess is below the root where erf is concave, so that every step goes up.
    var y = target < 0.7 ? target * 0.886 : (tail > 1 ? tail - log(tail) / 2 : tail).squareRoot()
    for _ in 0..<20 {
      let missing = target < 0.5 ? target - erf(y) : erfc(y) - (1 - target)
      let step = missing / (2 / Double.pi.squareRoot() * exp(-y * y))
      y += step
      if step.magnitude <= y * 0x1p-54 { break }
    }
    return x < 0 ? -y : y
  }
}
