extension ArraySlice<UInt8> {
  /// The number that the first bytes are, at most eight, the lowest first.
  func littleEndian(_ byteCount: Int) -> UInt64 {
    prefix(byteCount).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}

extension UInt64 {
  /// The lowest bytes, the lowest first.
  func littleEndianBytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: self >> UInt64(8 * $0)) }
  }
}
