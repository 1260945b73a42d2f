/// Writes a zip file of members without compression.
struct ZipOutput {
  private struct Entry {
    let name: [UInt8]
    let byteCount: UInt64
    let checksum: UInt32
    let place: UInt64
  }

  private let output: FileOutput
  private var entries: [Entry] = []
  private var place: UInt64 = 0
  /// Larger numbers are written where there are 64 bits for them.
  private let limit: UInt64

  /// - Parameter limit: The largest number for 32 bits, which tests make smaller.
  init(_ output: FileOutput, limit: UInt64 = 0xffff_fffe) {
    self.output = output
    self.limit = limit
  }

  /// Writes a member.
  ///
  /// - Parameter parts: Gives all of its bytes to a closure, part by part: once for their checksum, which
  ///   comes first, and once more.
  mutating func add(
    _ name: String, byteCount: Int,
    _ parts: ((UnsafeRawBufferPointer) throws(VMapError) -> Void) throws(VMapError) -> Void
  ) throws(VMapError) {
    var checksum = CRC32()
    try parts { bytes throws(VMapError) in checksum.add(bytes) }
    let entry = Entry(
      name: Array(name.utf8), byteCount: UInt64(byteCount), checksum: checksum.value, place: place)
    entries.append(entry)
    let isLong = entry.byteCount > limit
    let extra = extraField(isLong ? [entry.byteCount, entry.byteCount] : [])
    try write(
      [0x50, 0x4b, 3, 4] + description(of: entry, extra, isLong: isLong) + entry.name + extra)
    try parts { [output] bytes throws(VMapError) in try output.write(bytes) }
    place += entry.byteCount
  }

  /// Writes the directory behind the members.
  mutating func finish() throws(VMapError) {
    let start = place
    for entry in entries {
      let isLong = entry.byteCount > limit
      let extra = extraField(
        (isLong ? [entry.byteCount, entry.byteCount] : [])
          + (entry.place > limit ? [entry.place] : []))
      // Written by Unix, whose rights of a file come after the comment, the volume and the kind.
      try write(
        [0x50, 0x4b, 1, 2, 45, 3] + description(of: entry, extra, isLong: isLong)
          + [UInt8](repeating: 0, count: 8) + bytes(0o100644, 2) + short(entry.place)
          + entry.name + extra)
    }
    let (length, end, count) = (place - start, place, UInt64(entries.count))
    if length > limit || start > limit || count >= 0xffff || count > limit {
      try write(
        [0x50, 0x4b, 6, 6] + bytes(44, 8) + [45, 3, 45, 0] + bytes(0, 8) + bytes(count, 8)
          + bytes(count, 8) + bytes(length, 8) + bytes(start, 8))
      try write([0x50, 0x4b, 6, 7] + bytes(0, 4) + bytes(end, 8) + bytes(1, 4))
    }
    let shortCount = bytes(min(count, 0xffff), 2)
    try write(
      [0x50, 0x4b, 5, 6] + bytes(0, 4) + shortCount + shortCount + short(length) + short(start)
        + bytes(0, 2))
  }

  /// What both headers of a member have: from the version that is needed to the lengths.
  private func description(of entry: Entry, _ extra: [UInt8], isLong: Bool) -> [UInt8] {
    let isPlain = entry.name.allSatisfy { $0 < 0x80 }
    // The first of January of 1980, the first day that the format knows: the same file every time.
    let date = bytes(0, 2) + bytes(1 << 5 | 1, 2)
    let size = isLong ? bytes(.max, 4) : bytes(entry.byteCount, 4)
    return bytes(isLong ? 45 : 20, 2) + bytes(isPlain ? 0 : 1 << 11, 2) + bytes(0, 2) + date
      + bytes(UInt64(entry.checksum), 4) + size + size + bytes(UInt64(entry.name.count), 2)
      + bytes(UInt64(extra.count), 2)
  }

  /// Numbers of 64 bits in place of those that do not fit; nothing where all do.
  private func extraField(_ numbers: [UInt64]) -> [UInt8] {
    if numbers.isEmpty { return [] }
    return bytes(1, 2) + bytes(UInt64(8 * numbers.count), 2) + numbers.flatMap { bytes($0, 8) }
  }

  /// A number in 32 bits, or what says that it is elsewhere.
  private func short(_ number: UInt64) -> [UInt8] { bytes(number > limit ? .max : number, 4) }

  private func bytes(_ number: UInt64, _ count: Int) -> [UInt8] { number.littleEndianBytes(count) }

  private mutating func write(_ bytes: [UInt8]) throws(VMapError) {
    try bytes.withUnsafeBytesTyped { bytes throws(VMapError) in try output.write(bytes) }
    place += UInt64(bytes.count)
  }
}
