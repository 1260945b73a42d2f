/// The checksum of zip files: the remainder of a polynomial over bits, reflected, of ISO 3309.
struct CRC32 {
  private var state: UInt32 = 0xffff_ffff

  /// The checksum of the bytes so far.
  var value: UInt32 { ~state }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var crc = state
    CRC32.tables.withUnsafeBufferPointer { tables in
      var position = 0
      // Eight bytes at a time: each has a table for its distance from the end.
      while position + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        let mixed = UInt64(littleEndian: word) ^ UInt64(crc)
        crc = 0
        for byte in 0..<8 {
          crc ^= tables[(7 - byte) << 8 | Int(mixed >> UInt64(8 * byte) & 0xff)]
        }
        position += 8
      }
      while position < bytes.count {
        crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[position])) & 0xff)]
        position += 1
      }
    }
    state = crc
  }

  /// What a byte with so many zero bytes behind it leaves, for 0 to 7 of them.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 << 8)
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
      tables[byte] = crc
    }
    for place in 256..<tables.count {
      let before = tables[place - 256]
      tables[place] = before >> 8 ^ tables[Int(before & 0xff)]
    }
    return tables
  }()
}
