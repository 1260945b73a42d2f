/// The type of one element of a tensor, named as JAX prints it.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
  /// IEEE 754 binary16, `Float16`.
  case float16 = "f16"
  /// The upper half of an IEEE 754 binary32, ``BFloat16``.
  case bfloat16 = "bf16"
  /// IEEE 754 binary32, `Float`.
  case float32 = "f32"
  /// IEEE 754 binary64, `Double`.
  case float64 = "f64"
  /// 8-bit two's complement, `Int8`.
  case int8 = "i8"
  /// 16-bit two's complement, `Int16`.
  case int16 = "i16"
  /// 32-bit two's complement, `Int32`.
  case int32 = "i32"
  /// 64-bit two's complement, `Int64`.
  case int64 = "i64"
  /// 8-bit unsigned, `UInt8`.
  case uint8 = "u8"
  /// 16-bit unsigned, `UInt16`.
  case uint16 = "u16"
  /// 32-bit unsigned, `UInt32`.
  case uint32 = "u32"
  /// 64-bit unsigned, `UInt64`.
  case uint64 = "u64"
  /// A pair of binary32, the real part and the imaginary one, `Complex<Float>`.
  case complex64 = "c64"
  /// A pair of binary64, the real part and the imaginary one, `Complex<Double>`.
  case complex128 = "c128"
  /// A truth value stored in one byte, `Bool`.
  case bool

  /// Size of one stored element in bytes.
  public var byteCount: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    case .complex64, .complex128: 2 * part.byteCount
    }
  }

  /// Size of one element in bits.
  var bitWidth: Int { 8 * byteCount }

  /// Whether this is a floating-point type.
  public var isFloating: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: true
    default: false
    }
  }

  /// The type that arithmetic on these elements is done in: that of their registers.
  ///
  /// After each operation what is narrower is rounded.
  var computeType: ElementType { isNarrow ? .float32 : self }

  /// Whether this is a floating-point type of 16 bits, which is wider in registers than in memory.
  package var isNarrow: Bool { self == .float16 || self == .bfloat16 }

  /// The integer type whose bits are stored, where those are not what registers hold.
  var storageType: ElementType {
    switch self {
    case .float16, .bfloat16: .uint16
    case .bool: .uint8
    default: self
    }
  }

  /// Whether this is a type of complex numbers.
  public var isComplex: Bool { self == .complex64 || self == .complex128 }

  /// The type of the numbers that an element is made of: of a complex one's parts, else itself.
  var part: ElementType {
    switch self {
    case .complex64: .float32
    case .complex128: .float64
    default: self
    }
  }

  /// How many numbers an element is made of.
  var partCount: Int { isComplex ? 2 : 1 }

  /// The complex type whose parts have this floating-point type.
  var complex: ElementType? { ElementType.allCases.first { $0.isComplex && $0.part == self } }

  /// Whether this is a floating-point type or one of complex numbers, as NumPy says it.
  package var isInexact: Bool { isFloating || isComplex }

  /// Whether this is a signed integer type.
  public var isSignedInteger: Bool {
    switch self {
    case .int8, .int16, .int32, .int64: true
    default: false
    }
  }

  /// Whether this is an unsigned integer type.
  public var isUnsignedInteger: Bool {
    switch self {
    case .uint8, .uint16, .uint32, .uint64: true
    default: false
    }
  }

  /// Whether this is an integer type; `bool` is not one.
  public var isInteger: Bool { isSignedInteger || isUnsignedInteger }

  /// The unsigned integer type of the same size.
  var unsigned: ElementType {
    switch byteCount {
    case 1: .uint8
    case 2: .uint16
    case 4: .uint32
    default: .uint64
    }
  }

  /// The signed integer type of the same size.
  package var signed: ElementType {
    switch byteCount {
    case 1: .int8
    case 2: .int16
    case 4: .int32
    default: .int64
    }
  }
}
