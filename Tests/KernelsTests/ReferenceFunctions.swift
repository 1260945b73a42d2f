import Glibc

/// A float type that the kernels compute in, and one precise enough to judge its results by.
protocol Judged: BinaryFloatingPoint & Sendable {
  associatedtype Judge: BinaryFloatingPoint & Sendable
  associatedtype Bits: FixedWidthInteger & UnsignedInteger
  typealias Reference = @Sendable (Judge, Judge) -> Judge

  static var references: [String: Reference] { get }
  init(bitPattern: Bits)
  var bitPattern: Bits { get }
  init(_ judge: Judge)
}

extension Float: Judged {
  static let references: [String: @Sendable (Double, Double) -> Double] = [
    "exp": { x, _ in exp(x) }, "exp2": { x, _ in exp2(x) }, "expm1": { x, _ in expm1(x) },
    "log": { x, _ in log(x) }, "log2": { x, _ in log2(x) }, "log10": { x, _ in log10(x) },
    "log1p": { x, _ in log1p(x) }, "sin": { x, _ in sin(x) }, "cos": { x, _ in cos(x) },
    "tan": { x, _ in tan(x) }, "asin": { x, _ in asin(x) }, "acos": { x, _ in acos(x) },
    "atan": { x, _ in atan(x) }, "sinh": { x, _ in sinh(x) }, "cosh": { x, _ in cosh(x) },
    "tanh": { x, _ in tanh(x) }, "asinh": { x, _ in asinh(x) }, "acosh": { x, _ in acosh(x) },
    "atanh": { x, _ in atanh(x) }, "erf": { x, _ in erf(x) }, "erfc": { x, _ in erfc(x) },
    "cbrt": { x, _ in cbrt(x) }, "rsqrt": { x, _ in 1 / x.squareRoot() },
    "logistic": { x, _ in x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)) },
    "erf_inv": { x, _ in inverseErf(x, erf: erf, erfc: erfc, exp: exp, log: log) },
    "pow": { x, y in pow(x, y) }, "atan2": { y, x in atan2(y, x) },
    "rem": { x, y in fmod(x, y) }, "hypot": { x, y in hypot(x, y) },
  ]
}

#if arch(x86_64)
  extension Double: Judged {
    static let references: [String: @Sendable (Float80, Float80) -> Float80] = [
      "exp": { x, _ in exp(x) }, "exp2": { x, _ in exp2(x) }, "expm1": { x, _ in expm1(x) },
      "log": { x, _ in log(x) }, "log2": { x, _ in log2(x) }, "log10": { x, _ in log10(x) },
      "log1p": { x, _ in log1p(x) }, "sin": { x, _ in sin(x) }, "cos": { x, _ in cos(x) },
      "tan": { x, _ in tan(x) }, "asin": { x, _ in asin(x) }, "acos": { x, _ in acos(x) },
      "atan": { x, _ in atan(x) }, "sinh": { x, _ in sinh(x) }, "cosh": { x, _ in cosh(x) },
      "tanh": { x, _ in tanh(x) }, "asinh": { x, _ in asinh(x) }, "acosh": { x, _ in acosh(x) },
      "atanh": { x, _ in atanh(x) }, "erf": { x, _ in erf(x) }, "erfc": { x, _ in erfc(x) },
      "cbrt": { x, _ in cbrt(x) }, "rsqrt": { x, _ in 1 / x.squareRoot() },
      "logistic": { x, _ in x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)) },
      "erf_inv": { x, _ in inverseErf(x, erf: erf, erfc: erfc, exp: exp, log: log) },
      "pow": { x, y in pow(x, y) }, "atan2": { y, x in atan2(y, x) },
      "rem": { x, y in fmod(x, y) }, "hypot": { x, y in hypot(x, y) },
    ]
  }
#else
  // Nothing more precise: results are only compared with each other.
  extension Double: Judged {
    static let references = Float.references
  }
#endif

/// The inverse of the error function, by Halley's method on whichever of erf and erfc is small.
private func inverseErf<T: BinaryFloatingPoint>(
  _ x: T, erf: (T) -> T, erfc: (T) -> T, exp: (T) -> T, log: (T) -> T
) -> T {
  let a = x.magnitude
  guard a < 1 else { return a == 1 ? x * .infinity : .nan }
  guard a > 0 else { return x }
  let w = -log((1 - a) * (1 + a))
  var y = a < 0.7 ? a * T(0.886) : (w > 1 ? w - log(w) / 2 : w).squareRoot()
  for _ in 0..<10 {
    let difference = a < 0.5 ? erf(y) - a : (1 - a) - erfc(y)
    let slope = 2 / T.pi.squareRoot() * exp(-y * y)
    let step = difference / slope / (1 + y * difference / slope)
    y -= step
    if step.magnitude <= y * T.ulpOfOne / 4 { break }
  }
  return x < 0 ? -y : y
}
