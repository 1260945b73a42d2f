import Foundation
import Testing

@testable import VMap
@testable import VMapTestSupport

/// Files that say other things of their members than what is there.
@Suite(.timeLimit(.minutes(2))) struct HostileZipTests {
  private let folder: ArchiveFolder
  private let good: [UInt8]
  /// Where the directory's entries and its end are.
  private let (first, second, end): (Int, Int, Int)

  init() throws {
    folder = try ArchiveFolder()
    let good = try folder.archive(
      ["aa": .counting(.float32, [3]), "bb": .counting(.float32, [4])], .npz)
    let places = good.indices.filter { good[$0...].starts(with: [0x50, 0x4b, 1, 2]) }
    self.good = good
    (first, second, end) = (places[0], places[1], good.count - 22)
  }

  /// The file with bytes in place of others.
  private func changed(_ changes: (place: Int, bytes: [UInt8])...) -> [UInt8] {
    var bytes = good
    for (place, new) in changes { bytes.replaceSubrange(place..<place + new.count, with: new) }
    return bytes
  }

  private func expect(_ message: String, _ bytes: [UInt8]) {
    expectError(.parse, naming: message) { try folder.read(bytes) }
  }

  @Test func directoriesThatAreNone() throws {
    #expect(try folder.read(good).count == 2)
    for count in 2..<good.count { expect("zip: ", Array(good[..<count])) }
    expect("no directory at its end", Array(good.dropLast()))
    expect("no directory at its end", good + [0])
    expect("one of several volumes", changed((end + 4, [1, 0])))
    expect("more entries, expected 1", changed((end + 8, [1, 0, 1, 0])))
    expect("has not 3 entries", changed((end + 8, [3, 0, 3, 0])))
    expect("has not 65000 entries", changed((end + 8, [0xe8, 0xfd, 0xe8, 0xfd])))
    expect("bytes at", changed((end + 16, [0xff, 0xff, 0xff, 0x7f])))
    expect("bytes at", changed((end + 12, [0xff, 0xff, 0xff, 0xff])))
    expect("something else than entries", changed((first, [0])))
    expect("the directory is truncated", changed((second + 28, [0xff, 0xff])))
    expect("is in another volume", changed((first + 34, [1, 0])))
  }

  @Test func longDirectoriesThatAreNone() throws {
    func long(_ count: UInt64, _ length: UInt64, _ start: UInt64, at place: UInt64? = nil)
      -> [UInt8]
    {
      joined(
        Array(good[..<end]), [0x50, 0x4b, 6, 6], UInt64(44).littleEndianBytes(8), [45, 0, 45, 0],
        [UInt8](repeating: 0, count: 8), count.littleEndianBytes(8), count.littleEndianBytes(8),
        length.littleEndianBytes(8), start.littleEndianBytes(8),
        [0x50, 0x4b, 6, 7, 0, 0, 0, 0], (place ?? UInt64(end)).littleEndianBytes(8), [1, 0, 0, 0],
        [0x50, 0x4b, 5, 6, 0, 0, 0, 0], [UInt8](repeating: 0xff, count: 12), [0, 0])
    }
    let (start, length) = (UInt64(first), UInt64(end - first))
    #expect(try folder.read(long(2, length, start)).count == 2)
    expect("has not", long(.max, length, start))
    expect("bytes at", long(2, .max, start))
    expect("bytes at", long(2, length, .max))
    expect("bytes at", long(2, length, .max - length + 1))
    expect("lies outside of the file", long(2, length, start, at: .max))
    expect("lies outside of the file", long(2, length, start, at: UInt64(end) + 1))
    expect("not where it should be", long(2, length, start, at: start))
    var contradiction = long(2, length, start)
    contradiction.replaceSubrange(
      contradiction.count - 14..<contradiction.count - 10, with: [3, 0, 3, 0])
    expect("contradict each other", contradiction)
  }

  @Test func membersThatAreNone() throws {
    let b = good[(second + 42)...].littleEndian(4)
    expect(
      "two members are called",
      changed((second + 46, Array("aa".utf8)), (Int(b) + 30, Array("aa".utf8))))
    expect("overlaps what follows", changed((second + 42, [0, 0, 0, 0])))
    expect("overlaps what follows", changed((second + 42, UInt64(first).littleEndianBytes(4))))
    expect("overlaps what follows", changed((first + 20, (b + 100).littleEndianBytes(4))))
    expect("has no header where", changed((second + 42, (b - 1).littleEndianBytes(4))))
    expect("has another name", changed((first + 46, Array("ab".utf8))))
    for name in ["\0a", "..", "/a", "\u{80}"] {
      let bytes = name == "\u{80}" ? [0x80, 0x61] : Array(name.utf8)
      // The whole name, where it is to be a part of a path.
      let padded = name == ".." ? Array("../npy".utf8) : bytes
      expect(
        name.first == "\0" || name == "\u{80}"
          ? "expected UTF-8 without" : "leads out of the folder",
        changed((first + 46, padded), (30, padded)))
    }
    expect("the member is encrypted", changed((first + 8, [1, 0])))
    expect("compressed by method 12, expected 0", changed((first + 10, [12, 0])))
    expect("cannot in the", changed((first + 24, [0xff, 0xff, 0xff, 0x7f])))
    expect("the checksum of the member is", changed((first + 16, [1, 2, 3, 4])))
    expect("the checksum of the member is", changed((30 + 6 + 130, [9])))
    // A shape that leaves something of the member out, and one that asks for more.
    let digit = try #require(good.firstRange(of: Array("(3,)".utf8))).lowerBound + 1
    expect("has 4 bytes behind the array", changed((digit, Array("2".utf8))))
    expect("is truncated: 9 elements", changed((digit, Array("9".utf8))))
  }

  /// Sizes are looked at before memory is asked for.
  @Test func bombs() throws {
    func zip(_ stream: [UInt8], byteCount: UInt64, checksum: UInt32) -> [UInt8] {
      let common = joined(
        [20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0], UInt64(checksum).littleEndianBytes(4),
        UInt64(stream.count).littleEndianBytes(4), byteCount.littleEndianBytes(4), [5, 0, 0, 0])
      let name = Array("a.npy".utf8)
      let local = joined([0x50, 0x4b, 3, 4], common, name, stream)
      let entry = joined(
        [0x50, 0x4b, 1, 2, 20, 0], common, [UInt8](repeating: 0, count: 14), name)
      return joined(
        local, entry, [0x50, 0x4b, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0],
        UInt64(entry.count).littleEndianBytes(4), UInt64(local.count).littleEndianBytes(4), [0, 0])
    }
    // A stored block in a deflated member, so that no compressor is needed.
    func deflated(_ bytes: some Collection<UInt8>) -> [UInt8] {
      let length = UInt64(bytes.count)
      return joined(
        [1], length.littleEndianBytes(2), (length ^ 0xffff).littleEndianBytes(2), Array(bytes))
    }
    func checksum(_ bytes: [UInt8]) -> UInt32 {
      var crc = CRC32()
      bytes.withUnsafeBytes { crc.add($0) }
      return crc.value
    }
    let npy = try Tensor<Int32>([1, 2, 3]).npyBytes()
    let (stream, sum, count) = (deflated(npy), checksum(npy), UInt64(npy.count))
    let read = try folder.read(zip(stream, byteCount: count, checksum: sum))
    #expect(try read["a"].map { try Tensor<Int32>($0).scalars() } == [1, 2, 3])
    expect(
      "should have 4294967290 bytes, and cannot",
      zip(stream, byteCount: 4_294_967_290, checksum: sum))
    expect(
      "the member ends after \(count - 4) bytes of \(count)",
      zip(deflated(npy.dropLast(4)), byteCount: count, checksum: sum))
    expect("is truncated", zip(stream, byteCount: count - 4, checksum: sum))
    expect("goes on behind its", zip(stream + [0], byteCount: count, checksum: sum))
    let more = deflated(npy + [1])
    expect("goes on behind its", zip(more, byteCount: count, checksum: sum))
    expect(
      "deflate: the compressed bytes are truncated",
      zip(Array(stream.dropLast()), byteCount: count, checksum: sum))
    // An array of many elements in few bytes is no array.
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999,), }"
    let large = joined(
      [0x93], Array("NUMPY".utf8), [1, 0, UInt8(text.utf8.count), 0], Array(text.utf8))
    expect(
      "999999999999 times 4 bytes, there are 0",
      zip(deflated(large), byteCount: UInt64(large.count), checksum: checksum(large)))
  }
}

private func joined(_ parts: [UInt8]...) -> [UInt8] { parts.flatMap(\.self) }
