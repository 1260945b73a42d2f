/// The bits of a source, the lowest of each byte first.
struct BitSource<Source: ByteSource> {
  private var source: Source
  private var block: [UInt8] = []
  private var position = 0
  /// The next bits; above those that count, what follows may be there already.
  private(set) var bits: UInt64 = 0
  /// How many bits there are of them.
  private(set) var count = 0

  init(_ source: Source) { self.source = source }

  /// How many bytes were not used, as far as the source knows.
  var unusedByteCount: Int { (source.byteCount ?? 0) + block.count - position + count / 8 }

  /// Makes at least 56 bits of what is to come there, as far as the source has them.
  mutating func refill() throws(VMapError) {
    if block.count - position >= 8 {
      let word = block.withUnsafeBytes {
        UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      }
      // As many whole bytes as have room; what is above them comes again, the same.
      bits |= word << UInt64(count)
      position += (63 - count) / 8
      count |= 56
      return
    }
    // Behind the end are zeros.
    bits &= 1 << UInt64(count) - 1
    while count < 56 {
      if position == block.count {
        block = try source.bytes(1 << 16)
        position = 0
        if block.isEmpty { return }
      }
      bits |= UInt64(block[position]) << UInt64(count)
      position += 1
      count += 8
    }
  }

  /// Takes bits that are there.
  mutating func drop(_ number: Int) throws(VMapError) {
    guard number <= count else { throw truncated() }
    bits >>= UInt64(number)
    count -= number
  }

  /// The next bits as a number, at most 32.
  mutating func take(_ number: Int) throws(VMapError) -> Int {
    if count < number { try refill() }
    let value = Int(bits & (1 << UInt64(number) - 1))
    try drop(number)
    return value
  }

  /// Leaves out what is left of a byte.
  mutating func alignToByte() throws(VMapError) { try drop(count % 8) }

  /// Fills memory with whole bytes, from the beginning of a byte on.
  mutating func copyBytes(to target: UnsafeMutableRawBufferPointer) throws(VMapError) {
    var filled = 0
    while filled < target.count {
      if count > 0 || position == block.count {
        target[filled] = UInt8(try take(8))
        filled += 1
      } else {
        let part = min(block.count - position, target.count - filled)
        block.withUnsafeBytes {
          target[filled...].copyBytes(from: $0[position..<position + part])
        }
        position += part
        filled += part
        bits = 0
      }
    }
  }

  func truncated() -> VMapError {
    VMapError(.parse, "deflate: the compressed bytes are truncated")
  }
}
