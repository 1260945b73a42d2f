@testable import VMap

/// One element as the interpreter knows it: the bits that are stored, and how far from them a
/// correct device may be.
struct ReferenceScalar: Hashable {
  /// The stored bits, zero-extended; of a complex number, those of the real part.
  var bits: UInt64
  /// The stored bits of a complex number's imaginary part.
  var imaginary: UInt64 = 0
  /// The largest distance of a correct result from this one.
  ///
  /// Of integers and truth values, which are
  /// compared exactly, 0; of complex numbers the distance of each part; ∞ where rounding decides what the element is.
  var bound = 0.0

  /// A bound that is not a number, of nothing times infinity, says no more than ∞.
  init(bits: UInt64, imaginary: UInt64 = 0, bound: Double = 0) {
    self.bits = bits
    self.imaginary = imaginary
    self.bound = bound.isNaN ? .infinity : bound
  }

  /// Whether a correct device must agree to within a number.
  var isCertain: Bool { bound.isFinite }
}

/// The reference's own reading and writing of elements. It shares nothing with `ScalarLiteral`, whose
/// conversions are under test.
extension ElementType {
  var bitCount: Int { byteCount * 8 }

  /// The value of stored bits of an integer or truth value.
  func integer(_ bits: UInt64) -> Int128 {
    switch self {
    case .int8: Int128(Int8(truncatingIfNeeded: bits))
    case .int16: Int128(Int16(truncatingIfNeeded: bits))
    case .int32: Int128(Int32(truncatingIfNeeded: bits))
    case .int64: Int128(Int64(truncatingIfNeeded: bits))
    case .bool: bits == 0 ? 0 : 1
    default: Int128(bits)
    }
  }

  /// The bits of an integer, wrapped around to the type's range; of a truth value the last bit.
  func bits(_ integer: Int128) -> UInt64 {
    let low = UInt64(truncatingIfNeeded: integer)
    if self == .bool { return low & 1 }
    return bitCount == 64 ? low : low & (1 << UInt64(bitCount) - 1)
  }

  /// The least and greatest integer of an integer type.
  var integerRange: ClosedRange<Int128> {
    if self == .bool { return 0...1 }
    let one: Int128 = 1
    return isSignedInteger
      ? -(one << Int128(bitCount - 1))...(one << Int128(bitCount - 1)) - 1
      : 0...(one << Int128(bitCount)) - 1
  }

  /// A complex element, or another one, as people write it.
  func text(_ element: ReferenceScalar) -> String {
    guard isComplex else { return text(element.bits) }
    return "(\(part.text(element.bits)), \(part.text(element.imaginary)))"
  }

  /// The element as people write it.
  func text(_ bits: UInt64) -> String {
    if self == .bool { return bits == 0 ? "false" : "true" }
    if isFloating, self != .float64 { return "\(Float(number(bits)))" }
    return isFloating ? "\(number(bits))" : "\(integer(bits))"
  }
}
