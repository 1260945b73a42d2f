extension BFloat16: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// The nearest number.
  public init(floatLiteral value: Double) { self.init(value) }
  /// The nearest number.
  public init(integerLiteral value: Int64) { self.init(Double(value)) }
}

extension BFloat16: BinaryFloatingPoint {
  /// 8, as of `Float`.
  public static var exponentBitCount: Int { 8 }
  /// 7, of the 23 of `Float`.
  public static var significandBitCount: Int { 7 }

  /// The number with these parts, as they are stored.
  public init(
    sign: FloatingPointSign, exponentBitPattern: UInt, significandBitPattern: UInt16
  ) {
    let parts = UInt16(exponentBitPattern & 0xff) << 7 | significandBitPattern & 0x7f
    self.init(bitPattern: (sign == .minus ? 0x8000 : 0) | parts)
  }

  /// `significand * 2 ** exponent`, with a sign.
  public init(sign: FloatingPointSign, exponent: Int, significand: BFloat16) {
    self.init(Double(sign: sign, exponent: exponent, significand: Double(significand)))
  }

  /// The nearest number.
  public init(_ value: some BinaryInteger) { self.init(Float(value)) }
  /// The nearest number.
  public init(_ value: Float16) { self.init(Float(value)) }
  /// The same number.
  public init(_ value: BFloat16) { self = value }
  /// The nearest number.
  public init<Source: BinaryFloatingPoint>(_ value: Source) { self.init(Double(value)) }
  /// The number that is the integer, if there is one.
  public init?<Source: BinaryInteger>(exactly value: Source) {
    guard let number = Float(exactly: value), Float(BFloat16(number)) == number else { return nil }
    self.init(number)
  }
  /// The number of the same value, if there is one.
  public init?<Source: BinaryFloatingPoint>(exactly value: Source) {
    guard let number = Float(exactly: value), Float(BFloat16(number)) == number else { return nil }
    self.init(number)
  }

  /// The exponent as it is stored.
  public var exponentBitPattern: UInt { UInt(bitPattern >> 7 & 0xff) }
  /// The fraction as it is stored.
  public var significandBitPattern: UInt16 { bitPattern & 0x7f }
  /// The sign, also of zeros and NaNs.
  public var sign: FloatingPointSign { bitPattern >> 15 == 0 ? .plus : .minus }
  /// The exponent of the number as 1.… times a power of two.
  public var exponent: Int { Float(self).exponent }
  /// The number divided by the power of two of its exponent.
  public var significand: BFloat16 { BFloat16(Float(self).significand) }
  /// The power of two of its exponent, with the number's sign.
  public var binade: BFloat16 { BFloat16(Float(self).binade) }
  /// How many bits the fraction needs; −1 of zero and what is not finite.
  public var significandWidth: Int { Float(self).significandWidth }
  /// The distance to the next number away from zero.
  public var ulp: BFloat16 {
    guard isFinite else { return .nan }
    let exponent = Swift.max(Int(exponentBitPattern), 1) - 127 - 7
    return BFloat16(Double(sign: .plus, exponent: exponent, significand: 1))
  }
  /// The least number that is greater.
  public var nextUp: BFloat16 {
    if isNaN || self == .infinity { return self }
    if isZero { return .leastNonzeroMagnitude }
    return BFloat16(bitPattern: sign == .plus ? bitPattern + 1 : bitPattern - 1)
  }

  /// No number, without a message.
  public static var nan: BFloat16 { BFloat16(bitPattern: 0x7fc0) }
  /// No number, which reports its use where that is looked at.
  public static var signalingNaN: BFloat16 { BFloat16(bitPattern: 0x7fa0) }
  /// More than any number.
  public static var infinity: BFloat16 { BFloat16(bitPattern: 0x7f80) }
  /// About 3.39e38.
  public static var greatestFiniteMagnitude: BFloat16 { BFloat16(bitPattern: 0x7f7f) }
  /// 2⁻¹²⁶, as of `Float`.
  public static var leastNormalMagnitude: BFloat16 { BFloat16(bitPattern: 0x0080) }
  /// 2⁻¹³³.
  public static var leastNonzeroMagnitude: BFloat16 { BFloat16(bitPattern: 0x0001) }
  /// The greatest number that is not above π.
  public static var pi: BFloat16 { BFloat16(bitPattern: 0x4049) }

  /// Whether it has a leading 1.
  public var isNormal: Bool { Float(self).isNormal }
  /// Whether it is neither infinite nor a NaN.
  public var isFinite: Bool { Float(self).isFinite }
  /// Whether it is 0 or −0.
  public var isZero: Bool { bitPattern & 0x7fff == 0 }
  /// Whether it is nearer to 0 than numbers with a leading 1 can be.
  public var isSubnormal: Bool { Float(self).isSubnormal }
  /// Whether it is ∞ or −∞.
  public var isInfinite: Bool { bitPattern & 0x7fff == 0x7f80 }
  /// Whether it is no number.
  public var isNaN: Bool { bitPattern & 0x7fff > 0x7f80 }
  /// Whether it is a NaN that reports its use.
  public var isSignalingNaN: Bool { isNaN && bitPattern & 0x40 == 0 }
  /// Always: each number has one representation.
  public var isCanonical: Bool { true }
}

// The operators are disfavored, as those of complex numbers are: `AdditiveArithmetic` and the like have
// them as well, and the compiler is done sooner with plain numbers where it need not try these.
extension BFloat16 {
  /// The sum, rounded once.
  @_disfavoredOverload public static func + (a: BFloat16, b: BFloat16) -> BFloat16 {
    BFloat16(Float(a) + Float(b))
  }
  /// The difference, rounded once.
  @_disfavoredOverload public static func - (a: BFloat16, b: BFloat16) -> BFloat16 {
    BFloat16(Float(a) - Float(b))
  }
  /// The product, rounded once.
  @_disfavoredOverload public static func * (a: BFloat16, b: BFloat16) -> BFloat16 {
    BFloat16(Float(a) * Float(b))
  }
  /// The quotient, rounded once.
  @_disfavoredOverload public static func / (a: BFloat16, b: BFloat16) -> BFloat16 {
    BFloat16(Float(a) / Float(b))
  }
  /// Adds a number.
  @_disfavoredOverload public static func += (a: inout BFloat16, b: BFloat16) { a = a + b }
  /// Subtracts a number.
  @_disfavoredOverload public static func -= (a: inout BFloat16, b: BFloat16) { a = a - b }
  /// Multiplies by a number.
  @_disfavoredOverload public static func *= (a: inout BFloat16, b: BFloat16) { a = a * b }
  /// Divides by a number.
  @_disfavoredOverload public static func /= (a: inout BFloat16, b: BFloat16) { a = a / b }

  /// Turns the sign around.
  public mutating func negate() { bitPattern ^= 0x8000 }
  /// The number without its sign.
  public var magnitude: BFloat16 { BFloat16(bitPattern: bitPattern & 0x7fff) }

  /// Becomes what is left of it by a multiple of another number, the nearest one.
  public mutating func formRemainder(dividingBy other: BFloat16) {
    self = BFloat16(Float(self).remainder(dividingBy: Float(other)))
  }
  /// Becomes what is left of it by a multiple of another number that is not greater.
  public mutating func formTruncatingRemainder(dividingBy other: BFloat16) {
    self = BFloat16(Float(self).truncatingRemainder(dividingBy: Float(other)))
  }
  /// Becomes its square root.
  public mutating func formSquareRoot() { self = BFloat16(Float(self).squareRoot()) }
  /// Adds a product.
  public mutating func addProduct(_ a: BFloat16, _ b: BFloat16) {
    self = BFloat16(Float(self).addingProduct(Float(a), Float(b)))
  }
  /// Becomes an integer by a rule.
  public mutating func round(_ rule: FloatingPointRoundingRule) {
    self = BFloat16(Float(self).rounded(rule))
  }

  /// Whether two numbers are equal: both zeros are, a NaN is not.
  public func isEqual(to other: BFloat16) -> Bool { Float(self) == Float(other) }
  /// Whether the number is less than another.
  public func isLess(than other: BFloat16) -> Bool { Float(self) < Float(other) }
  /// Whether the number is less than another or equal.
  public func isLessThanOrEqualTo(_ other: BFloat16) -> Bool { Float(self) <= Float(other) }

  /// How far it is to another number.
  public func distance(to other: BFloat16) -> BFloat16 { other - self }
  /// The number that is so far away.
  public func advanced(by amount: BFloat16) -> BFloat16 { self + amount }
}
