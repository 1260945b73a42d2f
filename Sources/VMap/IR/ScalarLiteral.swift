/// A constant of one element type, held as the bits that are stored in memory.
package struct ScalarLiteral: Hashable, Sendable {
  package let type: ElementType
  /// The stored bits, zero-extended; of a complex number, those of the real part.
  package let bits: UInt64
  /// The stored bits of a complex number's imaginary part.
  package let imaginaryBits: UInt64

  package init(type: ElementType, bits: UInt64, imaginaryBits: UInt64 = 0) {
    self.type = type
    self.bits = bits
    self.imaginaryBits = imaginaryBits
  }

  /// A complex number from its parts.
  package init(_ type: ElementType, real: ScalarLiteral, imaginary: ScalarLiteral) {
    self.init(type: type, bits: real.bits, imaginaryBits: imaginary.bits)
  }

  /// The numbers that the element is made of: two of a complex one.
  var parts: [ScalarLiteral] {
    guard type.isComplex else { return [self] }
    return [bits, imaginaryBits].map { ScalarLiteral(type: type.part, bits: $0) }
  }

  package init(_ value: Double, as type: ElementType) {
    self.type = type
    imaginaryBits = 0
    switch type {
    case .float16: bits = UInt64(Float16(value).bitPattern)
    case .bfloat16: bits = UInt64(BFloat16(value).bitPattern)
    case .float32: bits = UInt64(Float(value).bitPattern)
    case .float64: bits = value.bitPattern
    case .bool: bits = value != 0 ? 1 : 0
    case _ where type.isComplex: bits = ScalarLiteral(value, as: type.part).bits
    default:
      let integer = Int64(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
      bits = ScalarLiteral(integer: integer, as: type).bits
    }
  }

  /// An integer, wrapped around to the type's range; of 16 bits, rounded by way of a `Float`.
  package init(integer value: Int64, as type: ElementType) {
    self.type = type
    imaginaryBits = 0
    switch type {
    case .float16: bits = UInt64(Float16(Float(value)).bitPattern)
    case .bfloat16: bits = UInt64(BFloat16(Float(value)).bitPattern)
    case .float32: bits = UInt64(Float(value).bitPattern)
    case .float64: bits = Double(value).bitPattern
    case .bool: bits = value != 0 ? 1 : 0
    case _ where type.isComplex: bits = ScalarLiteral(integer: value, as: type.part).bits
    default:
      let width = UInt64(type.bitWidth)
      let mask = width == 64 ? UInt64.max : (1 << width) - 1
      bits = UInt64(bitPattern: value) & mask
    }
  }

  /// The bits, sign-extended for signed integers; of a complex number, the real part.
  var integer: Int64 {
    switch type {
    case _ where type.isComplex: parts[0].integer
    case .int8: Int64(Int8(truncatingIfNeeded: bits))
    case .int16: Int64(Int16(truncatingIfNeeded: bits))
    case .int32: Int64(Int32(truncatingIfNeeded: bits))
    case _ where type.isFloating: Int64(exactly: double.rounded(.towardZero)) ?? 0
    default: Int64(bitPattern: bits)
    }
  }

  /// The value as a number; 64-bit integers are rounded, and of a complex number it is the real part.
  var double: Double {
    switch type {
    case .float16: Double(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
    case .bfloat16: Double(BFloat16(bitPattern: UInt16(truncatingIfNeeded: bits)))
    case _ where type.isComplex: parts[0].double
    case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .float64: Double(bitPattern: bits)
    case .uint64: Double(bits)
    default: Double(integer)
    }
  }

  /// The same number as registers hold it.
  var inRegisters: ScalarLiteral {
    switch type {
    case .float16:
      let sign = (bits >> 15) << 31
      // The bits of a NaN stay: a conversion of the processor's might change them.
      guard double.isNaN else { return ScalarLiteral(double, as: .float32) }
      return ScalarLiteral(type: .float32, bits: sign | 0x7f80_0000 | (bits & 0x3ff) << 13)
    case .bfloat16: return ScalarLiteral(type: .float32, bits: bits << 16)
    default: return self
    }
  }

  package static func zero(_ type: ElementType) -> ScalarLiteral { ScalarLiteral(0, as: type) }
  package static func one(_ type: ElementType) -> ScalarLiteral { ScalarLiteral(1, as: type) }

  /// The least value: −∞ for floating-point types.
  package static func lowest(_ type: ElementType) -> ScalarLiteral {
    switch type {
    case _ where type.isFloating: ScalarLiteral(-.infinity, as: type)
    case .int8: ScalarLiteral(integer: Int64(Int8.min), as: type)
    case .int16: ScalarLiteral(integer: Int64(Int16.min), as: type)
    case .int32: ScalarLiteral(integer: Int64(Int32.min), as: type)
    case .int64: ScalarLiteral(integer: .min, as: type)
    default: .zero(type)
    }
  }

  /// The greatest value: +∞ for floating-point types.
  package static func highest(_ type: ElementType) -> ScalarLiteral {
    switch type {
    case _ where type.isFloating: ScalarLiteral(.infinity, as: type)
    case .int8: ScalarLiteral(integer: Int64(Int8.max), as: type)
    case .int16: ScalarLiteral(integer: Int64(Int16.max), as: type)
    case .int32: ScalarLiteral(integer: Int64(Int32.max), as: type)
    case .int64: ScalarLiteral(integer: .max, as: type)
    case .bool: .one(type)
    default: ScalarLiteral(integer: -1, as: type)
    }
  }

  /// The reciprocal of a power of two, where both are normal numbers.
  var exactReciprocal: ScalarLiteral? {
    guard type.isFloating, double.isNormal, double.significandBitPattern == 0 else { return nil }
    let largest: Double.Exponent =
      switch type {
      case .float16: 14
      case .float64: 1022
      default: 126
      }
    return abs(double.exponent) <= largest ? ScalarLiteral(1 / double, as: type) : nil
  }

  /// The value as Swift prints it, `1.0`, `-3`, `true`, and a complex one as `(1.0, -0.0)`.
  var text: String {
    switch type {
    case .float16: "\(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))"
    case .bfloat16: "\(BFloat16(bitPattern: UInt16(truncatingIfNeeded: bits)))"
    case _ where type.isComplex: "(\(parts.map(\.text).joined(separator: ", ")))"
    case .float32: "\(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))"
    case .float64: "\(Double(bitPattern: bits))"
    case .bool: bits != 0 ? "true" : "false"
    case .uint64: "\(bits)"
    default: "\(integer)"
    }
  }

  /// The value that ``text`` prints, or nil where the text is none of the type's, which is not complex.
  init?(text: String, as type: ElementType) {
    switch type {
    case .float16:
      guard let value = Float16(text) else { return nil }
      self.init(type: type, bits: UInt64(value.bitPattern))
    case .bfloat16:
      guard let value = BFloat16(text) else { return nil }
      self.init(type: type, bits: UInt64(value.bitPattern))
    case _ where type.isComplex: return nil
    case .float32:
      guard let value = Float(text) else { return nil }
      self.init(type: type, bits: UInt64(value.bitPattern))
    case .float64:
      guard let value = Double(text) else { return nil }
      self.init(type: type, bits: value.bitPattern)
    case .bool:
      guard let value = Bool(text) else { return nil }
      self.init(type: type, bits: value ? 1 : 0)
    case .uint64:
      guard let value = UInt64(text) else { return nil }
      self.init(type: type, bits: value)
    default:
      guard let value = Int64(text) else { return nil }
      self.init(integer: value, as: type)
      if self.integer != value { return nil }
    }
  }
}
