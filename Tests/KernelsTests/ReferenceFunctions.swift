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
    "lgamma": { x, _ in lgamma(x).0 }, "digamma": { x, _ in digamma(x, log: log, tan: tan) },
    "bessel_i1e": { x, _ in besselI1e(x, exp: exp) },
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
      "lgamma": { x, _ in lgamma(x).0 }, "digamma": { x, _ in digamma(x, log: log, tan: tan) },
      "bessel_i1e": { x, _ in besselI1e(x, exp: exp) },
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

/// The derivative of lgamma: moved to 20 and above, where the terms of the series up to x^-18 leave
/// less than 1e-22.
private func digamma<T: BinaryFloatingPoint>(_ x: T, log: (T) -> T, tan: (T) -> T) -> T {
  guard x < 0.5 else {
    var (x, sum) = (x, T(0))
    while x < 20 {
      sum += 1 / x
      x += 1
    }
    // Bernoulli numbers by twice their indices.
    let numbers: [(Int, Int)] = [
      (1, 12), (-1, 120), (1, 252), (-1, 240), (1, 132), (-691, 32760), (1, 12), (-3617, 8160),
      (43867, 14364),
    ]
    let square = 1 / (x * x)
    let tail = numbers.reversed().reduce(T(0)) { ($0 + T($1.0) / T($1.1)) * square }
    return log(x) - 1 / (2 * x) - tail - sum
  }
  let rest = x - x.rounded()
  guard x.isFinite, x > 0 || rest != 0 else { return .nan }
  return digamma(1 - x, log: log, tan: tan) - T.pi / tan(T.pi * rest)
}

/// exp(-|x|) I₁(x): the series of positive terms, and from 24 on the asymptotic one, cut where its
/// terms are small; they shrink until they are less than e^(-2x) of the first.
private func besselI1e<T: BinaryFloatingPoint>(_ x: T, exp: (T) -> T) -> T {
  let a = x.magnitude
  guard a < 24 else {
    var (term, sum) = (T(1), T(1))
    for k in 1..<48 where term.magnitude > T.ulpOfOne / 8 {
      term *= T((2 * k - 1) * (2 * k - 1) - 4) / (T(8 * k) * a)
      sum += term
    }
    return (x < 0 ? -sum : sum) / ((2 * T.pi).squareRoot() * a.squareRoot())
  }
  var (term, sum) = (x / 2, x / 2)
  for k in 1..<120 {
    term *= a * a / 4 / T(k * (k + 1))
    sum += term
  }
  return sum * exp(-a)
}
