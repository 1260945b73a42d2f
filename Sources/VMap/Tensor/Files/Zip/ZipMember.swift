/// A file in a zip file.
struct ZipMember: Sendable {
  let name: String
  /// How the bytes are kept: 0 as they are, 8 deflated.
  let method: Int
  let isEncrypted: Bool
  let checksum: UInt32
  /// How many bytes there are, without compression.
  let byteCount: Int
  /// Where the bytes are in the zip file, as they are kept.
  let data: Range<Int>
}

/// The bytes of a member of a zip file, checked as they are read.
struct ZipMemberSource: ~Copyable, ByteSource {
  private let member: ZipMember
  private var data: ZipData
  private var rest: Int
  private var checksum = CRC32()

  init(_ member: ZipMember, of file: RandomAccessFile) throws(VMapError) {
    guard !member.isEncrypted else { throw ZipDirectory.malformed("the member is encrypted") }
    guard member.method == 0 || member.method == 8 else {
      throw ZipDirectory.malformed(
        "the member is compressed by method \(member.method), expected 0, as it is, or 8, deflate")
    }
    // Before memory is asked for: more than this no compressed bytes stand for.
    let isPossible =
      member.method == 0
      ? member.data.count == member.byteCount
      : member.byteCount / Deflate.maximumRatio <= member.data.count
    guard isPossible else {
      throw ZipDirectory.malformed(
        "the member should have \(quantity(member.byteCount, "byte")), and cannot in the "
          + "\(member.data.count) that it is kept in")
    }
    self.member = member
    data = ZipData(FileRange(file, member.data), isDeflated: member.method == 8)
    rest = member.byteCount
  }

  var byteCount: Int? { rest }

  mutating func read(into target: UnsafeMutableRawBufferPointer) throws(VMapError) -> Int {
    let wanted = UnsafeMutableRawBufferPointer(rebasing: target[..<min(target.count, rest)])
    let count = try data.read(into: wanted)
    guard count == wanted.count else {
      throw ZipDirectory.malformed(
        "the member ends after \(member.byteCount - rest + count) bytes of \(member.byteCount)")
    }
    checksum.add(UnsafeRawBufferPointer(wanted))
    rest -= count
    return count
  }

  /// Checks, after everything was read, that the bytes are those that were written.
  mutating func finish() throws(VMapError) {
    guard rest == 0 else {
      throw ZipDirectory.malformed("the member has \(quantity(rest, "byte")) behind the array")
    }
    guard try data.bytes(1).isEmpty, data.byteCount ?? 0 == 0 else {
      throw ZipDirectory.malformed("the member goes on behind its \(member.byteCount) bytes")
    }
    guard checksum.value == member.checksum else {
      throw ZipDirectory.malformed(
        "the checksum of the member is \(checksum.value), the directory says \(member.checksum)")
    }
  }
}

/// What is kept for a member, as it is or inflated.
private struct ZipData: ~Copyable, ByteSource {
  private var stored: FileRange
  private var inflated: InflateSource<FileRange>?

  init(_ range: FileRange, isDeflated: Bool) {
    stored = range
    if isDeflated { inflated = InflateSource(range) }
  }

  /// The bytes of the file that are left.
  var byteCount: Int? {
    switch inflated {
    case .some(let stream): stream.unusedByteCount
    case .none: stored.byteCount
    }
  }

  mutating func read(into target: UnsafeMutableRawBufferPointer) throws(VMapError) -> Int {
    if let count = try inflated?.read(into: target) { return count }
    return try stored.read(into: target)
  }
}
