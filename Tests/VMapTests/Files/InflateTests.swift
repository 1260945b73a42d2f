import Foundation
import Testing

@testable import VMap
@testable import VMapTestSupport

@Suite struct InflateTests {
  private static func inflate(_ stream: [UInt8], step: Int = 1 << 20) throws(VMapError) -> [UInt8] {
    try stream.withUnsafeBytesTyped { bytes throws(VMapError) in
      var source = InflateSource(MemorySource(bytes))
      var result: [UInt8] = []
      while true {
        let part = try source.bytes(step)
        result += part
        if part.count < step { break }
      }
      #expect(source.unusedByteCount == 0)
      return result
    }
  }

  @Test(arguments: deflateSamples) func streamsOfZlib(_ sample: DeflateSample) throws {
    #expect(try Self.inflate(sample.stream) == sample.expected)
    #expect(try Self.inflate(sample.stream, step: 97) == sample.expected)
    // Without its end no stream is complete.
    for count in [0, 1, sample.stream.count / 2, sample.stream.count - 1] {
      expectError(.parse, naming: "truncated") { try Self.inflate(Array(sample.stream[..<count])) }
    }
  }

  @Test func storedBlocks() throws {
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
    var stream: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 0xffff) {
      let part = bytes[start..<min(start + 0xffff, bytes.count)]
      let length = UInt64(part.count)
      stream.append(part.endIndex == bytes.count ? 1 : 0)
      stream += length.littleEndianBytes(2)
      stream += (length ^ 0xffff).littleEndianBytes(2)
      stream += part
    }
    #expect(try Self.inflate(stream) == bytes)
    #expect(try Self.inflate(stream, step: 1000) == bytes)
  }

  /// What zlib refuses, too.
  @Test func streamsThatAreNone() {
    for (stream, message) in [
      ([7], "the kind that is reserved"),
      ([1, 1, 0, 0, 0], "contradicts its complement"),
      ([0x03, 0x02, 0, 0], "before the beginning"),
      ([0x03, 0x3e, 0, 0], "a distance has a symbol"),
      ([0x1b, 0x03, 0, 0], "a length has a symbol"),
      ([0xfd, 0xe0, 0x01, 0, 0], "codes for symbols that there are not"),
      (
        [0x05, 0xe0, 0x93, 0x24, 0x49, 0x92, 0x24, 0x49, 0x92, 0, 0, 0],
        "the lengths of codes have no code"
      ),
      ([0x05, 0, 0x02, 0x24, 0, 0], "no length to repeat"),
      ([0x05, 0, 0x80, 0xe4, 0x7f, 0x1b, 0, 0], "no code for its end"),
      ([0x05, 0, 0x80, 0xe4, 0xff, 0x1f, 0, 0], "more lengths of codes than symbols"),
    ] as [([UInt8], String)] {
      expectError(.parse, naming: message) { try Self.inflate(stream) }
    }
  }

  /// The sums of "123456789" and of a pangram are known.
  @Test func checksums() {
    func checksum(_ text: String, step: Int) -> UInt32 {
      var crc = CRC32()
      let bytes = Array(text.utf8)
      for start in stride(from: 0, to: bytes.count, by: step) {
        bytes[start..<min(start + step, bytes.count)].withUnsafeBytes { crc.add($0) }
      }
      return crc.value
    }
    for step in [1, 3, 8, 100] {
      #expect(checksum("123456789", step: step) == 0xcbf4_3926)
      #expect(
        checksum("The quick brown fox jumps over the lazy dog", step: step) == 0x414f_a339)
    }
  }
}
