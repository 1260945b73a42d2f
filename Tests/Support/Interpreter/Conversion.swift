@testable import VMap

/// An element's value in another type: XLA's rules.
enum Conversion {
  /// Floating-point numbers become integers by truncation, the nearest end of the range where they lie
  /// outside, and 0 for NaN; integers wrap around; anything but 0 is true.
  static func value(
    _ x: ReferenceScalar, _ source: ElementType, _ target: ElementType
  ) -> ReferenceScalar {
    guard x.isCertain else { return ReferenceScalar(bits: 0, bound: .infinity) }
    if source.isComplex {
      let parts = [x.bits, x.imaginary].map {
        value(ReferenceScalar(bits: $0, bound: x.bound), source.part, target.part)
      }
      if target == .bool {
        return ReferenceScalar(
          bits: parts[0].bits | parts[1].bits, bound: max(parts[0].bound, parts[1].bound))
      }
      // An imaginary part that does not fit is dropped.
      guard target.isComplex else { return parts[0] }
      return ReferenceScalar(
        bits: parts[0].bits, imaginary: parts[1].bits, bound: max(parts[0].bound, parts[1].bound))
    }
    if target.isComplex { return value(x, source, target.part) }
    guard source.isFloating else { return ReferenceScalar(bits: bits(x.bits, source, target)) }
    let number = source.number(x.bits)
    if target.isFloating {
      let rounding = x.bound > 0 ? target.ulp(number) : 0
      return ReferenceScalar(bits: target.bits(number), bound: x.bound + rounding)
    }
    let nearest = bits(of: number, target)
    guard x.bound > 0 else { return ReferenceScalar(bits: nearest) }
    let ends = [number - x.bound, number + x.bound].map { bits(of: $0, target) }
    return ReferenceScalar(
      bits: nearest, bound: ends.allSatisfy { $0 == nearest } ? 0 : .infinity)
  }

  /// The bits of an integer in another type.
  private static func bits(
    _ bits: UInt64, _ source: ElementType, _ target: ElementType
  ) -> UInt64 {
    let integer = source.integer(bits)
    switch target {
    case .float64: return Double(integer).bitPattern
    // As NumPy and XLA do: a number of 16 bits is made of the `float`.
    case _ where target.isFloating: return target.bits(Double(Float(integer)))
    case .bool: return integer == 0 ? 0 : 1
    default: return target.bits(integer)
    }
  }

  private static func bits(of number: Double, _ target: ElementType) -> UInt64 {
    if target == .bool { return number == 0 ? 0 : 1 }
    if number.isNaN { return 0 }
    let range = target.integerRange
    let integer =
      Int128(exactly: number.rounded(.towardZero))
      ?? (number < 0 ? range.lowerBound : range.upperBound)
    return target.bits(min(max(integer, range.lowerBound), range.upperBound))
  }
}
