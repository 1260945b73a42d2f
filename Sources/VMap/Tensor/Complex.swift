/// A floating-point number that complex numbers have as parts: `Float` or `Double`.
public protocol ComplexPart: TensorFloatingPoint {
  /// The element type of the complex numbers.
  static var complexType: ElementType { get }
}

extension Float: ComplexPart {
  /// `c64`.
  public static var complexType: ElementType { .complex64 }
}

extension Double: ComplexPart {
  /// `c128`.
  public static var complexType: ElementType { .complex128 }
}

/// A complex number: two floating-point numbers, which lie side by side as NumPy's do.
///
///     let z = Complex<Float>(1, 2)
///     z * z                                             // (-3+4j)
///     try abs(Tensor([z])).scalars()                    // [2.236068]
public struct Complex<RealType: ComplexPart>: Sendable, Hashable, BitwiseCopyable {
  /// The real part.
  public var real: RealType
  /// The imaginary part.
  public var imaginary: RealType

  /// A number from its parts.
  public init(_ real: RealType, _ imaginary: RealType = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// The imaginary unit.
  public static var i: Complex { Complex(0, 1) }

  /// The number with the other sign of the imaginary part.
  public var conjugate: Complex { Complex(real, -imaginary) }

  /// Whether both parts are finite.
  public var isFinite: Bool { real.isFinite && imaginary.isFinite }
}

extension Complex: Numeric, SignedNumeric {
  /// A number without an imaginary part.
  public init(integerLiteral value: RealType.IntegerLiteralType) {
    self.init(RealType(integerLiteral: value))
  }

  /// An integer that the parts' type holds exactly.
  public init?<Source: BinaryInteger>(exactly source: Source) {
    guard let real = RealType(exactly: source) else { return nil }
    self.init(real)
  }

  /// The distance from zero, computed without overflow on the way.
  public var magnitude: RealType {
    if real.isInfinite || imaginary.isInfinite { return .infinity }
    let larger = max(real.magnitude, imaginary.magnitude)
    guard larger > 0 else { return larger }
    // By a power of two, so that nothing is rounded.
    let exponent = larger.exponent
    let scale = RealType(sign: .plus, exponent: -exponent / 2, significand: 1)
    let (a, b) = (real * scale * scale, imaginary * scale * scale)
    return (a * a + b * b).squareRoot() / scale / scale
  }

  /// The sum.
  @_disfavoredOverload public static func + (a: Complex, b: Complex) -> Complex {
    Complex(a.real + b.real, a.imaginary + b.imaginary)
  }

  /// The difference.
  @_disfavoredOverload public static func - (a: Complex, b: Complex) -> Complex {
    Complex(a.real - b.real, a.imaginary - b.imaginary)
  }

  /// The product.
  @_disfavoredOverload public static func * (a: Complex, b: Complex) -> Complex {
    Complex(
      a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }

  /// The quotient, by Smith's method.
  @_disfavoredOverload public static func / (a: Complex, b: Complex) -> Complex {
    if b.real.magnitude >= b.imaginary.magnitude {
      let ratio = b.imaginary / b.real
      let divisor = b.real + b.imaginary * ratio
      return Complex(
        (a.real + a.imaginary * ratio) / divisor, (a.imaginary - a.real * ratio) / divisor)
    }
    let ratio = b.real / b.imaginary
    let divisor = b.real * ratio + b.imaginary
    return Complex(
      (a.real * ratio + a.imaginary) / divisor, (a.imaginary * ratio - a.real) / divisor)
  }

  /// The product, in place.
  @_disfavoredOverload public static func *= (a: inout Complex, b: Complex) { a = a * b }

  /// The quotient, in place.
  @_disfavoredOverload public static func /= (a: inout Complex, b: Complex) { a = a / b }

  /// The number with both signs changed.
  @_disfavoredOverload public static prefix func - (a: Complex) -> Complex {
    Complex(-a.real, -a.imaginary)
  }
}

extension Complex: TensorInexact {
  /// `c64` or `c128`.
  public static var elementType: ElementType { RealType.complexType }
  /// The bits of the real part.
  public var literalBits: UInt64 { real.literalBits }
  /// The bits of the imaginary part.
  public var imaginaryLiteralBits: UInt64 { imaginary.literalBits }
}

extension Complex: ExpressibleByFloatLiteral {
  /// A number without an imaginary part.
  public init(floatLiteral value: Double) { self.init(RealType(value)) }
}

extension Complex: CustomStringConvertible {
  /// As Python prints it, `(1+2j)`, and `2j` where there is no real part.
  public var description: String {
    let imaginary = Complex.text(imaginary)
    if real == 0, real.sign == .plus { return "\(imaginary)j" }
    let sign = imaginary.hasPrefix("-") ? "" : "+"
    return "(\(Complex.text(real))\(sign)\(imaginary)j)"
  }

  /// The shortest decimal, without a fraction of zero.
  private static func text(_ number: RealType) -> String {
    let text = number.isNaN ? "nan" : "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
