import VMap

/// How numbers of one type are stored.
enum NumberEncoding: Equatable {
  case bool
  case integer(byteCount: Int)
  case float32
  case float64
  case float16
  case bfloat16
  indirect case complex(NumberEncoding)

  /// The encoding of a type by its name in a module; nil for those of which nothing is known.
  init?(_ name: String) {
    switch name {
    case "i1": self = .bool
    case "i8", "ui8", "si8": self = .integer(byteCount: 1)
    case "i16", "ui16", "si16": self = .integer(byteCount: 2)
    case "i32", "ui32", "si32": self = .integer(byteCount: 4)
    case "i64", "ui64", "si64", "index": self = .integer(byteCount: 8)
    case "f32": self = .float32
    case "f64": self = .float64
    case "f16": self = .float16
    case "bf16": self = .bfloat16
    case "complex<f32>": self = .complex(.float32)
    case "complex<f64>": self = .complex(.float64)
    default: return nil
    }
  }

  /// How many numbers an element has.
  var parts: Int { if case .complex = self { 2 } else { 1 } }

  /// The size of one number in bytes.
  var partByteCount: Int {
    switch self {
    case .bool: 1
    case .integer(let byteCount): byteCount
    case .float16, .bfloat16: 2
    case .float32: 4
    case .float64: 8
    case .complex(let part): part.partByteCount
    }
  }

  /// Appends a number that is written in decimal, or its bits in hexadecimal; false where it is none
  /// of this type.
  func append(_ text: String, isNegative: Bool, to bytes: inout [UInt8]) -> Bool {
    let isHexadecimal = text.hasPrefix("0x")
    func append(_ bits: UInt64?) -> Bool {
      guard let bits, partByteCount == 8 || bits >> UInt64(partByteCount * 8) == 0 else {
        return false
      }
      withUnsafeBytes(of: bits.littleEndian) { bytes += $0.prefix(partByteCount) }
      return true
    }
    switch self {
    case .complex(let part): return part.append(text, isNegative: isNegative, to: &bytes)
    case .bool:
      switch text {
      case "true", "1": return append(1)
      case "false", "0": return append(0)
      default: return false
      }
    case .integer(let byteCount):
      guard let magnitude = UInt64(integerText: text) else { return false }
      let width = UInt64(byteCount * 8)
      // Signed and unsigned numbers of a width share their bits.
      let limit = isNegative ? UInt64(1) << (width - 1) : width == 64 ? .max : 1 << width - 1
      guard magnitude <= limit else { return false }
      let bits = isNegative ? 0 &- magnitude : magnitude
      return append(width == 64 ? bits : bits & (1 << width - 1))
    case .float32:
      if isHexadecimal { return append(UInt64(integerText: text)) }
      return append(Float(text).map { UInt64((isNegative ? -$0 : $0).bitPattern) })
    case .float64:
      if isHexadecimal { return append(UInt64(integerText: text)) }
      return append(Double(text).map { (isNegative ? -$0 : $0).bitPattern })
    case .float16:
      if isHexadecimal { return append(UInt64(integerText: text)) }
      return append(Double(text).map { UInt64(Float16(isNegative ? -$0 : $0).bitPattern) })
    case .bfloat16:
      if isHexadecimal { return append(UInt64(integerText: text)) }
      return append(Double(text).map { UInt64(BFloat16(isNegative ? -$0 : $0).bitPattern) })
    }
  }
}
