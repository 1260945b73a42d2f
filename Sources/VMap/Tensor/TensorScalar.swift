/// A Swift type that tensors have elements of.
public protocol TensorScalar: Sendable, Hashable, BitwiseCopyable {
  /// The element type of the IR.
  static var elementType: ElementType { get }
  /// The bits of this value, or of a complex number's real part.
  var literalBits: UInt64 { get }
  /// The bits of a complex number's imaginary part; of other values 0.
  var imaginaryLiteralBits: UInt64 { get }
}

/// A number that tensors have elements of: everything but `Bool`.
public protocol TensorNumber: TensorScalar, Numeric {}

/// A floating-point or complex number that tensors have elements of.
public protocol TensorInexact: TensorNumber, SignedNumeric {}

/// A floating-point number that tensors have elements of.
///
/// Those of 16 bits, `Float16` and ``BFloat16``, are computed with as `Float`, and each operation's
/// result is rounded; no device needs arithmetic of 16 bits. Sums, products and contractions of many
/// elements are rounded once, at their end.
public protocol TensorFloatingPoint: TensorInexact, BinaryFloatingPoint {}

/// An integer that tensors have elements of.
public protocol TensorInteger: TensorNumber, FixedWidthInteger {}

extension TensorScalar {
  /// 0: there is no imaginary part.
  public var imaginaryLiteralBits: UInt64 { 0 }

  var literal: ScalarLiteral {
    ScalarLiteral(
      type: Self.elementType, bits: literalBits, imaginaryBits: imaginaryLiteralBits)
  }
}

extension TensorInteger {
  /// The bits, zero-extended.
  public var literalBits: UInt64 {
    Self.bitWidth == 64
      ? UInt64(truncatingIfNeeded: self)
      : UInt64(truncatingIfNeeded: self) & ((1 << UInt64(Self.bitWidth)) - 1)
  }
}

extension Float16: TensorFloatingPoint {
  /// `f16`.
  public static var elementType: ElementType { .float16 }
  /// The IEEE 754 bits.
  public var literalBits: UInt64 { UInt64(bitPattern) }
}

extension BFloat16: TensorFloatingPoint {
  /// `bf16`.
  public static var elementType: ElementType { .bfloat16 }
  /// The upper half of the bits of the `Float` of this value.
  public var literalBits: UInt64 { UInt64(bitPattern) }
}

extension Float: TensorFloatingPoint {
  /// `f32`.
  public static var elementType: ElementType { .float32 }
  /// The IEEE 754 bits.
  public var literalBits: UInt64 { UInt64(bitPattern) }
}

extension Double: TensorFloatingPoint {
  /// `f64`.
  public static var elementType: ElementType { .float64 }
  /// The IEEE 754 bits.
  public var literalBits: UInt64 { bitPattern }
}

extension Bool: TensorScalar {
  /// `bool`.
  public static var elementType: ElementType { .bool }
  /// 0 or 1.
  public var literalBits: UInt64 { self ? 1 : 0 }
}

extension Int8: TensorInteger {
  /// `i8`.
  public static var elementType: ElementType { .int8 }
}

extension Int16: TensorInteger {
  /// `i16`.
  public static var elementType: ElementType { .int16 }
}

extension Int32: TensorInteger {
  /// `i32`.
  public static var elementType: ElementType { .int32 }
}

extension Int64: TensorInteger {
  /// `i64`.
  public static var elementType: ElementType { .int64 }
}

extension UInt8: TensorInteger {
  /// `u8`.
  public static var elementType: ElementType { .uint8 }
}

extension UInt16: TensorInteger {
  /// `u16`.
  public static var elementType: ElementType { .uint16 }
}

extension UInt32: TensorInteger {
  /// `u32`.
  public static var elementType: ElementType { .uint32 }
}

extension UInt64: TensorInteger {
  /// `u64`.
  public static var elementType: ElementType { .uint64 }
}
