/// A type of OpenCL C: an element type and a number of lanes.
///
/// Truth values are `int` in registers, one mask type for every lane count: 0 and 1 for one lane,
/// 0 and −1 for more. Floating-point numbers of 16 bits are `float` in registers, always one that has
/// been rounded to the type, and `ushort` in memory.
struct VectorType: Hashable, Sendable {
  let element: ElementType
  let width: Int

  /// The name of the register type.
  var name: String { VectorType.scalarName(element) + suffix }
  /// The name of the type as stored in memory.
  var storageName: String { VectorType.scalarName(element.storageType) }
  /// The integer types of the same size, for bit tricks and wrapping arithmetic.
  var unsignedName: String { VectorType.scalarName(element.computeType.unsigned) + suffix }
  var signedName: String { VectorType.scalarName(element.computeType.signed) + suffix }

  var suffix: String { width == 1 ? "" : "\(width)" }
  var isVector: Bool { width > 1 }

  static func scalarName(_ element: ElementType) -> String {
    switch element {
    case .float16, .bfloat16, .float32: "float"
    case .float64: "double"
    case .int8: "char"
    case .int16: "short"
    case .int32: "int"
    case .int64: "long"
    case .uint8: "uchar"
    case .uint16: "ushort"
    case .uint32: "uint"
    case .uint64: "ulong"
    case .complex64, .complex128: scalarName(element.part)
    case .bool: "int"
    }
  }

  /// A mask made to fit `select` on this type: vector `select` wants lanes of equal size.
  func selector(_ mask: String) -> String {
    guard isVector, element.computeType.byteCount != 4, element != .bool else { return mask }
    return "convert_\(signedName)(\(mask))"
  }

  /// The result of a vector comparison on this type as a mask.
  func mask(_ comparison: String) -> String {
    guard isVector, element.computeType.byteCount != 4, element != .bool else {
      return comparison
    }
    return "convert_int\(suffix)(\(comparison))"
  }

  /// A choice per lane.
  func select(_ condition: String, _ whenTrue: String, _ whenFalse: String) -> String {
    isVector
      ? "select(\(whenFalse), \(whenTrue), \(selector(condition)))"
      : "(\(condition) ? \(whenTrue) : \(whenFalse))"
  }

  /// A constant of this type.
  func literal(_ value: ScalarLiteral) -> String {
    let text = VectorType.literalText(value)
    if element == .bool { return isVector ? "(int\(suffix))(-(\(text)))" : text }
    return isVector ? "(\(name))(\(text))" : text
  }

  static func literalText(_ value: ScalarLiteral) -> String {
    switch value.type {
    case .float16, .bfloat16: return literalText(value.inRegisters)
    case .float32:
      let float = Float(bitPattern: UInt32(truncatingIfNeeded: value.bits))
      if float.isFinite { return decimal(float.description, suffix: "f") }
      return "as_float(0x\(String(value.bits, radix: 16))u)"
    case .float64:
      let double = Double(bitPattern: value.bits)
      if double.isFinite { return decimal(double.description) }
      return "as_double(0x\(String(value.bits, radix: 16))ul)"
    case .bool: return value.bits != 0 ? "1" : "0"
    case .int64: return value.integer == .min ? "LONG_MIN" : "((long)\(value.integer)l)"
    case .uint64: return "((ulong)\(value.bits)ul)"
    case .uint32: return "\(value.bits)u"
    case .int32: return value.integer == Int64(Int32.min) ? "INT_MIN" : "\(value.integer)"
    default: return "((\(scalarName(value.type)))\(value.integer))"
    }
  }

  /// Swift's shortest decimal, with a point so that C reads a floating-point constant.
  private static func decimal(_ text: String, suffix: String = "") -> String {
    let number = (text.contains(".") || text.contains("e") ? text : text + ".0") + suffix
    return number.hasPrefix("-") ? "(\(number))" : number
  }
}
