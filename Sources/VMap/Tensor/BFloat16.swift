/// A floating-point number of 16 bits with the range of a `Float`: its sign, its 8 bits of exponent,
/// and the upper 7 bits of its fraction.
///
///     BFloat16(3.14159)          // 3.14
///     Float(BFloat16(3.14159))   // 3.140625
///
/// Arithmetic is that of `Float`, rounded to nearest after each operation. After `jnp.bfloat16`.
public struct BFloat16: Sendable, BitwiseCopyable {
  /// The upper half of the bits of the `Float` of this value.
  public var bitPattern: UInt16

  /// The number with these bits.
  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// The nearest number; of two equally near ones the one with an even last bit.
  public init(_ value: Float) {
    let bits = value.bitPattern
    if value.isNaN {
      // The upper bits may be those of an infinity: a NaN stays one, and is quiet.
      bitPattern = UInt16(bits >> 16) | 0x40
    } else {
      bitPattern = UInt16((UInt64(bits) + 0x7fff + UInt64(bits >> 16 & 1)) >> 16)
    }
  }

  /// The nearest number, rounded once.
  public init(_ value: Double) {
    let float = Float(value)
    var bits = float.bitPattern
    if float.isFinite, bits & 0xffff == 0x8000, Double(float) != value {
      // Rounding to a float has made a tie that there was none: a bit says on which side it was.
      bits = Double(float).magnitude > value.magnitude ? bits - 1 : bits + 1
    }
    self.init(Float(bitPattern: bits))
  }

  /// The number that a decimal is nearest to, or nil where the text is none.
  public init?(_ text: some StringProtocol) {
    guard let value = Double(text) else { return nil }
    self.init(value)
  }
}

extension Float {
  /// The same number.
  public init(_ value: BFloat16) { self.init(bitPattern: UInt32(value.bitPattern) << 16) }
}

extension Double {
  /// The same number.
  public init(_ value: BFloat16) { self.init(Float(value)) }
}

extension BFloat16: Hashable {
  /// Whether two numbers are equal: both zeros are, a NaN is not.
  @_disfavoredOverload public static func == (a: BFloat16, b: BFloat16) -> Bool {
    Float(a) == Float(b)
  }

  /// Adds the value.
  public func hash(into hasher: inout Hasher) { hasher.combine(Float(self)) }
}

extension BFloat16: CustomStringConvertible, LosslessStringConvertible {
  /// The shortest decimal that is read back as the same number.
  public var description: String {
    let value = Float(self)
    for digits in 1...4 {
      let rounded = Double(value).rounded(toDigits: digits)
      if value.isFinite, value != 0, BFloat16(rounded) == self { return "\(rounded)" }
    }
    return value.description
  }
}

extension Double {
  /// The number with so many decimal digits that is nearest.
  fileprivate func rounded(toDigits digits: Int) -> Double {
    guard isFinite, self != 0 else { return self }
    // A float has at most 39 digits before the point and its first one at most 39 places behind it.
    var power = 0
    var unit = 1.0
    while magnitude >= unit * 10 {
      unit *= 10
      power += 1
    }
    while magnitude < unit {
      unit /= 10
      power -= 1
    }
    let scaled = self / unit
    var shift = 1.0
    for _ in 1..<digits { shift *= 10 }
    let whole = Int((scaled * shift).rounded())
    return Double("\(whole)e\(power - digits + 1)") ?? self
  }
}
