/// The directory of a zip file: what its members are and where they lie.
///
/// After PKWARE's `APPNOTE.TXT` 6.3.10, with the fields of 64 bits, in one volume. Everything that it says
/// is checked against the file before it is used, and members do not overlap.
struct ZipDirectory {
  let members: [ZipMember]

  /// Longer directories are none of arrays.
  static let maximumLength = 1 << 26

  private static let endLength = 22
  private static let longestComment = 0xffff

  init(of file: RandomAccessFile) throws(VMapError) {
    let range = try ZipDirectory.findDirectory(of: file)
    let directory = try file.bytes(range.bytes)
    var reader = LittleEndianReader(directory[...])
    var entries: [ZipEntry] = []
    // The number that the file gives is believed when there were so many.
    while reader.byteCount > 0, entries.count < range.count {
      entries.append(try ZipEntry(from: &reader))
    }
    guard entries.count == range.count, reader.byteCount == 0 else {
      throw ZipDirectory.malformed(
        "the directory has \(reader.byteCount == 0 ? "\(entries.count)" : "more") entries, "
          + "expected \(range.count)")
    }
    var names: Set<String> = []
    for entry in entries where !names.insert(entry.name).inserted {
      throw ZipDirectory.malformed("two members are called \(entry.name.printable)")
    }
    members = try ZipDirectory.located(entries, in: file, before: range.bytes.lowerBound)
  }

  static func malformed(_ what: String) -> VMapError { VMapError(.parse, "zip: \(what)") }

  /// Where the directory is, and how many entries it is said to have.
  private static func findDirectory(
    of file: RandomAccessFile
  ) throws(VMapError) -> (bytes: Range<Int>, count: Int) {
    let tailStart = max(0, file.byteCount - endLength - longestComment)
    let tail = try file.bytes(tailStart..<file.byteCount)
    // The last place where the record stands and its comment reaches to the end of the file.
    let place = stride(from: tail.count - endLength, through: 0, by: -1).first { place in
      tail[place...].starts(with: [0x50, 0x4b, 5, 6])
        && tail[(place + 20)...].littleEndian(2) == UInt64(tail.count - place - endLength)
    }
    guard let place else {
      throw malformed("the file has no directory at its end: it is truncated or no zip file")
    }
    var end = LittleEndianReader(tail[(place + 4)...])
    let disks = (try end.number(2), try end.number(2))
    let counts = (try end.number(2), try end.number(2))
    var (count, length, start) = (counts.1, try end.number(4), try end.number(4))
    var limit = tailStart + place
    guard disks == (0, 0) || disks == (0xffff, 0xffff), counts.0 == counts.1 else {
      throw malformed("the file is one of several volumes")
    }
    if limit >= 20,
      case let locator = try file.bytes(limit - 20..<limit),
      locator.starts(with: [0x50, 0x4b, 6, 7])
    {
      let place = locator[8...].littleEndian(8)
      guard place <= UInt64(limit - 20), limit - 20 - Int(place) >= 56 else {
        throw malformed("the directory's end of 64 bits lies outside of the file")
      }
      limit = Int(place)
      let record = try file.bytes(limit..<limit + 56)
      guard record.starts(with: [0x50, 0x4b, 6, 6]) else {
        throw malformed("the directory's end of 64 bits is not where it should be")
      }
      // Where the old record can say it, both must say the same.
      for (short, unknown, long) in [
        (count, 0xffff, record[32...].littleEndian(8)),
        (length, 0xffff_ffff, record[40...].littleEndian(8)),
        (start, 0xffff_ffff, record[48...].littleEndian(8)),
      ] where short != UInt64(unknown) && short != long {
        throw malformed("the two ends of the directory contradict each other")
      }
      count = record[32...].littleEndian(8)
      length = record[40...].littleEndian(8)
      start = record[48...].littleEndian(8)
    }
    guard start <= UInt64(limit), length == UInt64(limit) - start else {
      throw malformed(
        "the directory should be \(length) bytes at \(start), and ends at \(limit)")
    }
    guard length <= UInt64(maximumLength), count <= length / UInt64(ZipEntry.minimumLength) else {
      throw malformed("a directory of \(length) bytes has not \(count) entries")
    }
    return (Int(start)..<limit, Int(count))
  }

  /// The members with the places of their bytes, which are behind headers of their own.
  private static func located(
    _ entries: [ZipEntry], in file: RandomAccessFile, before end: Int
  ) throws(VMapError) -> [ZipMember] {
    var places = [Range<Int>?](repeating: nil, count: entries.count)
    var limit = end
    // From the last one back: each ends where the next one begins, or before.
    let order = entries.indices.sorted { entries[$0].headerPlace > entries[$1].headerPlace }
    for number in order {
      let entry = entries[number]
      guard entry.headerPlace <= UInt64(limit), limit - Int(entry.headerPlace) >= 30 else {
        throw malformed("member \(entry.name.printable) overlaps what follows")
      }
      let place = Int(entry.headerPlace)
      let header = try file.bytes(place..<place + 30)
      let nameLength = Int(header[26...].littleEndian(2))
      let start = place + 30 + nameLength + Int(header[28...].littleEndian(2))
      guard header.starts(with: [0x50, 0x4b, 3, 4]) else {
        throw malformed("member \(entry.name.printable) has no header where it should be")
      }
      guard start <= limit, entry.compressedCount <= UInt64(limit - start) else {
        throw malformed("member \(entry.name.printable) overlaps what follows")
      }
      guard nameLength == entry.nameBytes.count,
        try file.bytes(place + 30..<place + 30 + nameLength).elementsEqual(entry.nameBytes)
      else {
        throw malformed("member \(entry.name.printable) has another name in its header")
      }
      places[number] = start..<start + Int(entry.compressedCount)
      limit = place
    }
    var members: [ZipMember] = []
    for (entry, place) in zip(entries, places) {
      guard let data = place, let byteCount = Int(exactly: entry.byteCount) else {
        throw malformed(
          "member \(entry.name.printable) has \(entry.byteCount) bytes, more than an Int can count")
      }
      members.append(
        ZipMember(
          name: entry.name, method: entry.method, isEncrypted: entry.flags & 1 != 0,
          checksum: entry.checksum, byteCount: byteCount, data: data))
    }
    return members
  }
}
