/// What the directory of a zip file says of a member, before it is checked against the file.
struct ZipEntry {
  let name: String
  let nameBytes: ArraySlice<UInt8>
  let flags: Int
  let method: Int
  let checksum: UInt32
  let compressedCount: UInt64
  let byteCount: UInt64
  let headerPlace: UInt64

  /// An entry without a name.
  static let minimumLength = 46

  init(from reader: inout LittleEndianReader) throws(VMapError) {
    guard try reader.bytes(4).elementsEqual([0x50, 0x4b, 1, 2]) else {
      throw ZipDirectory.malformed("the directory has something else than entries")
    }
    _ = try reader.bytes(4)
    flags = Int(try reader.number(2))
    method = Int(try reader.number(2))
    _ = try reader.bytes(4)
    checksum = UInt32(try reader.number(4))
    var compressed = try reader.number(4)
    var count = try reader.number(4)
    let lengths = (
      name: Int(try reader.number(2)), extra: Int(try reader.number(2)),
      comment: Int(try reader.number(2))
    )
    let disk = try reader.number(2)
    _ = try reader.bytes(6)
    var place = try reader.number(4)
    nameBytes = try reader.bytes(lengths.name)
    guard let name = String(validating: nameBytes, as: UTF8.self), !nameBytes.contains(0) else {
      throw ZipDirectory.malformed(
        "a member has the name \(String(decoding: nameBytes, as: UTF8.self).printable), "
          + "expected UTF-8 without zero bytes")
    }
    guard ZipEntry.staysInFolder(name) else {
      throw ZipDirectory.malformed(
        "member \(name.printable) leads out of the folder it is unpacked in")
    }
    self.name = name
    var extra = LittleEndianReader(try reader.bytes(lengths.extra))
    while extra.byteCount >= 4 {
      let kind = try extra.number(2)
      let length = Int(try extra.number(2))
      var field = LittleEndianReader(try extra.bytes(length))
      guard kind == 1 else { continue }
      // What does not fit its 32 bits is here, in this order.
      if count == 0xffff_ffff { count = try field.number(8) }
      if compressed == 0xffff_ffff { compressed = try field.number(8) }
      if place == 0xffff_ffff { place = try field.number(8) }
    }
    guard disk == 0 || disk == 0xffff else {
      throw ZipDirectory.malformed("member \(name.printable) is in another volume")
    }
    _ = try reader.bytes(lengths.comment)
    (compressedCount, byteCount, headerPlace) = (compressed, count, place)
  }

  /// Whether a name, which becomes a path where somebody unpacks the file, does no harm then.
  static func staysInFolder(_ name: String) -> Bool {
    !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
  }
}

/// Reads numbers, the lowest byte first, one after another.
struct LittleEndianReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var byteCount: Int { rest.count }

  mutating func bytes(_ count: Int) throws(VMapError) -> ArraySlice<UInt8> {
    guard count <= rest.count else {
      throw ZipDirectory.malformed("the directory is truncated")
    }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func number(_ byteCount: Int) throws(VMapError) -> UInt64 {
    try bytes(byteCount).littleEndian(byteCount)
  }
}
