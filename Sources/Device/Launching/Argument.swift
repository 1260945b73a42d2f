/// A value for one parameter of a kernel.
public enum Argument: Sendable {
  /// Memory, from an offset in bytes on. On devices that do not share the host's memory the offset
  /// must be a multiple of the device's alignment.
  case buffer(Buffer, byteOffset: Int = 0)
  /// An `int`.
  case int32(Int32)
  /// A `long`.
  case int64(Int64)
  /// A `uint`.
  case uint32(UInt32)
  /// A `ulong`.
  case uint64(UInt64)
  /// A `float`.
  case float(Float)
  /// A `double`.
  case double(Double)
  /// A structure or vector, byte by byte.
  case bytes([UInt8])

  /// How many bytes of the kernel's parameters the value takes.
  var byteCount: Int {
    switch self {
    case .buffer, .int64, .uint64, .double: 8
    case .int32, .uint32, .float: 4
    case .bytes(let bytes): bytes.count
    }
  }
}
