import Foundation

/// A complex number of the interpreter, in double precision: its own arithmetic, by the textbook.
struct ReferenceComplex: Hashable {
  var real: Double
  var imaginary: Double

  init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// A number by its distance from zero and its angle.
  init(magnitude: Double, angle: Double) {
    self.init(magnitude * cos(angle), magnitude * sin(angle))
  }

  var magnitude: Double { hypot(real, imaginary) }
  var angle: Double { atan2(imaginary, real) }
  var conjugate: Self { Self(real, -imaginary) }
  /// The number times i.
  var turned: Self { Self(-imaginary, real) }
  /// The number with its parts exchanged.
  var exchanged: Self { Self(imaginary, real) }

  static prefix func - (a: Self) -> Self { Self(-a.real, -a.imaginary) }
  static func + (a: Self, b: Self) -> Self { Self(a.real + b.real, a.imaginary + b.imaginary) }
  static func - (a: Self, b: Self) -> Self { Self(a.real - b.real, a.imaginary - b.imaginary) }
  static func * (a: Self, b: Self) -> Self {
    Self(
      a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }
  static func * (a: Self, b: Double) -> Self { Self(a.real * b, a.imaginary * b) }
  static func / (a: Self, b: Self) -> Self {
    if b == Self(0) {
      return Self(
        a.real * copysign(.infinity, b.real), a.imaginary * copysign(.infinity, b.real))
    }
    let square = b.real * b.real + b.imaginary * b.imaginary
    let product = a * b.conjugate
    return Self(product.real / square, product.imaginary / square)
  }

  static func exp(_ x: Self) -> Self {
    Self(magnitude: Foundation.exp(x.real), angle: x.imaginary)
  }

  static func log(_ x: Self) -> Self {
    let larger = max(x.real.magnitude, x.imaginary.magnitude)
    let smaller = min(x.real.magnitude, x.imaginary.magnitude)
    // Near the unit circle the magnitude's excess is what counts.
    let excess = (larger - 1) * (larger + 1) + smaller * smaller
    let real =
      larger > 0.5 && larger < 2 ? Foundation.log1p(excess) / 2 : Foundation.log(x.magnitude)
    return Self(real, x.angle)
  }

  /// The number with positive zeros: XLA's roots and their like do not look at the sign of zero.
  var withoutNegativeZeros: Self { Self(real + 0, imaginary + 0) }

  /// The root in the right half plane, with the sign of the imaginary part there.
  static func sqrt(_ x: Self) -> Self {
    if x.real == 0, x.imaginary == 0 { return Self(0, x.imaginary) }
    let larger = ((x.real.magnitude + x.magnitude) / 2).squareRoot()
    let smaller = x.imaginary.magnitude / (2 * larger)
    return x.real >= 0
      ? Self(larger, copysign(smaller, x.imaginary))
      : Self(smaller, copysign(larger, x.imaginary))
  }

  static func sinh(_ x: Self) -> Self {
    Self(
      Foundation.sinh(x.real) * cos(x.imaginary), Foundation.cosh(x.real) * sin(x.imaginary))
  }

  static func cosh(_ x: Self) -> Self {
    Self(
      Foundation.cosh(x.real) * cos(x.imaginary), Foundation.sinh(x.real) * sin(x.imaginary))
  }

  static func tanh(_ x: Self) -> Self {
    let divisor = Foundation.cosh(2 * x.real) + cos(2 * x.imaginary)
    return Self(Foundation.sinh(2 * x.real) / divisor, sin(2 * x.imaginary) / divisor)
  }

  /// Kahan's arcsine.
  static func asin(_ x: Self) -> Self {
    let (below, above) = (sqrt(Self(1 - x.real, -x.imaginary)), sqrt(Self(1 + x.real, x.imaginary)))
    return Self(
      atan2(x.real, (below * above).real), Foundation.asinh((below.conjugate * above).imaginary))
  }

  /// Kahan's arccosine.
  static func acos(_ x: Self) -> Self {
    let (below, above) = (sqrt(Self(1 - x.real, -x.imaginary)), sqrt(Self(1 + x.real, x.imaginary)))
    return Self(
      2 * atan2(below.real, above.real),
      Foundation.asinh((above.conjugate * below).imaginary))
  }

  /// Kahan's hyperbolic arccosine.
  static func acosh(_ x: Self) -> Self {
    let (below, above) = (sqrt(Self(x.real - 1, x.imaginary)), sqrt(Self(x.real + 1, x.imaginary)))
    return Self(
      Foundation.asinh((below.conjugate * above).real),
      2 * atan2(below.imaginary, above.real))
  }

  static func atanh(_ x: Self) -> Self {
    let (a, b) = (x.real, x.imaginary)
    let below = 1 - a.magnitude
    let square = below * below + b * b
    return Self(
      copysign(Foundation.log1p(4 * a.magnitude / square) / 4, a),
      atan2(2 * b, (1 - a) * (1 + a) - b * b) / 2)
  }

  static func expm1(_ x: Self) -> Self {
    let half = sin(x.imaginary / 2)
    return Self(
      Foundation.expm1(x.real) * cos(x.imaginary) - 2 * half * half,
      Foundation.exp(x.real) * sin(x.imaginary))
  }

  static func log1p(_ x: Self) -> Self {
    Self(
      Foundation.log1p(x.real * (2 + x.real) + x.imaginary * x.imaginary) / 2,
      atan2(x.imaginary, 1 + x.real))
  }

  static func pow(_ x: Self, _ y: Self) -> Self {
    if y == Self(0) { return Self(1) }
    if x == Self(0), y.real > 0, y.imaginary == 0 { return Self(0) }
    return Self.exp(y * Self.log(x))
  }

  static func sign(_ x: Self) -> Self {
    x == Self(0) ? Self(0) : Self(x.real / x.magnitude, x.imaginary / x.magnitude)
  }
}
