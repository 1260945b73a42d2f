@testable import VMap

/// A binary floating-point format of IEEE 754: what numbers it has and how they are stored.
struct FloatFormat {
  /// The bits of the significand, the leading one included.
  let precision: Int
  let exponentBits: Int

  init?(_ type: ElementType) {
    switch type {
    case .float16: self.init(precision: 11, exponentBits: 5)
    case .bfloat16: self.init(precision: 8, exponentBits: 8)
    case .float32: self.init(precision: 24, exponentBits: 8)
    case .float64: self.init(precision: 53, exponentBits: 11)
    default: return nil
    }
  }

  init(precision: Int, exponentBits: Int) {
    self.precision = precision
    self.exponentBits = exponentBits
  }

  /// The greatest exponent, which is the bias of stored ones; the least of normal numbers is 1 less
  /// its negative.
  private var bias: Int { 1 << (exponentBits - 1) - 1 }
  private var leastExponent: Int { 1 - bias }
  private var fractionBits: UInt64 { UInt64(precision - 1) }

  private static func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }

  var leastNormal: Double { FloatFormat.power(leastExponent) }
  var leastPositive: Double { FloatFormat.power(leastExponent - precision + 1) }
  var greatestFinite: Double {
    (2 - FloatFormat.power(1 - precision)) * FloatFormat.power(bias)
  }
  /// The largest relative error of one rounding.
  var unitRoundoff: Double { FloatFormat.power(-precision) }

  /// The distance of neighbouring numbers at a magnitude.
  func ulp(_ number: Double) -> Double {
    let magnitude = min(number.magnitude, greatestFinite)
    let exponent = magnitude < leastNormal ? leastExponent : Int(magnitude.exponent)
    return FloatFormat.power(exponent - precision + 1)
  }

  /// The nearest number of the format, of two the even one.
  func rounded(_ number: Double) -> Double {
    guard number.isFinite, number != 0, precision < 53 else { return number }
    let unit = ulp(number)
    let rounded = (number / unit).rounded(.toNearestOrEven) * unit
    if rounded.magnitude > greatestFinite { return number < 0 ? -.infinity : .infinity }
    return rounded == 0 && number < 0 ? -0.0 : rounded
  }

  /// The stored bits of a number of the format.
  func bits(_ number: Double) -> UInt64 {
    let number = rounded(number)
    let sign: UInt64 = number.sign == .minus && !number.isNaN ? 1 : 0
    let (exponent, fraction): (UInt64, UInt64)
    let all = UInt64(1) << UInt64(exponentBits) - 1
    if number.isNaN {
      (exponent, fraction) = (all, 1 << (fractionBits - 1))
    } else if number.isInfinite {
      (exponent, fraction) = (all, 0)
    } else if number.magnitude < leastNormal {
      (exponent, fraction) = (0, UInt64(number.magnitude / leastPositive))
    } else {
      let units = UInt64(number.magnitude / ulp(number))
      exponent = UInt64(Int(number.exponent) + bias)
      fraction = units - 1 << fractionBits
    }
    return (sign << UInt64(exponentBits) | exponent) << fractionBits | fraction
  }

  /// The number of stored bits.
  func number(_ bits: UInt64) -> Double {
    let all = UInt64(1) << UInt64(exponentBits) - 1
    let fraction = bits & (1 << fractionBits - 1)
    let exponent = bits >> fractionBits & all
    let isNegative = bits >> (fractionBits + UInt64(exponentBits)) & 1 == 1
    let magnitude: Double
    if exponent == all {
      magnitude = fraction == 0 ? .infinity : .nan
    } else if exponent == 0 {
      magnitude = Double(fraction) * leastPositive
    } else {
      magnitude =
        Double(1 << fractionBits | fraction)
        * FloatFormat.power(Int(exponent) - bias - precision + 1)
    }
    return isNegative ? -magnitude : magnitude
  }
}

extension FloatFormat {
  /// A number of a type with fewer bits, without subnormal ones where the exponent is shorter.
  static func reduced(
    _ number: Double, of type: ElementType, exponentBits: Int, mantissaBits: Int
  ) -> Double {
    guard let own = FloatFormat(type), !number.isNaN else { return number }
    var rounded = FloatFormat(
      precision: min(mantissaBits + 1, own.precision), exponentBits: own.exponentBits
    ).rounded(number)
    // Of two powers of two the even one is that whose stored exponent is.
    if mantissaBits == 0, number.significand == 1.5, number.magnitude >= own.leastNormal {
      let isEven = (Int(number.exponent) + own.bias) % 2 == 0
      rounded = Double(
        sign: number.sign, exponent: Int(number.exponent) + (isEven ? 0 : 1), significand: 1)
      if rounded.magnitude > own.greatestFinite { rounded *= .infinity }
    }
    guard exponentBits < own.exponentBits else { return rounded }
    let bias = 1 << (exponentBits - 1) - 1
    let (least, end) = (power(1 - bias), power(bias + 1))
    if rounded.magnitude >= end { return number < 0 ? -.infinity : .infinity }
    return rounded.magnitude < least ? (number.sign == .minus ? -0.0 : 0) : rounded
  }
}

extension ElementType {
  /// The format of a floating-point type.
  private var format: FloatFormat {
    guard let format = FloatFormat(self) else { preconditionFailure("\(rawValue) is no float") }
    return format
  }

  /// The value of stored bits of a floating-point number.
  func number(_ bits: UInt64) -> Double {
    switch self {
    case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .float64: Double(bitPattern: bits)
    default: format.number(bits)
    }
  }

  /// The bits of the nearest number of a floating-point type.
  func bits(_ number: Double) -> UInt64 {
    switch self {
    case .float32: UInt64(Float(number).bitPattern)
    case .float64: number.bitPattern
    default: format.bits(number)
    }
  }

  /// The nearest number of a floating-point type.
  func rounded(_ number: Double) -> Double { format.rounded(number) }

  /// The distance of neighbouring numbers at a magnitude.
  func ulp(_ number: Double) -> Double { format.ulp(number) }

  /// The largest relative error of one rounding.
  var unitRoundoff: Double { format.unitRoundoff }
  /// The least positive number.
  var leastPositive: Double { format.leastPositive }
  /// The least positive number with a leading one.
  var leastNormal: Double { format.leastNormal }
  var greatestFinite: Double { format.greatestFinite }

  /// The type that a device computes in: of 16-bit numbers `float`, which is rounded afterwards.
  var arithmetic: ElementType { self == .float16 || self == .bfloat16 ? .float32 : self }
}
