import Foundation
import Testing

@testable import VMap
@testable import VMapTestSupport

/// Headers that say other things than what is there, or are no headers.
@Suite(.timeLimit(.minutes(2))) struct HostileSafeTensorsTests {
  private let folder: ArchiveFolder

  init() throws { folder = try ArchiveFolder() }

  /// A file of a header and so many bytes.
  private func file(_ header: String, _ byteCount: Int = 0, length: UInt64? = nil) -> [UInt8] {
    let text = Array(header.utf8)
    var bytes = (length ?? UInt64(text.count)).littleEndianBytes(8)
    bytes += text
    bytes += [UInt8](repeating: 1, count: byteCount)
    return bytes
  }

  private func expect(
    _ message: String, _ header: String, _ byteCount: Int = 0, length: UInt64? = nil,
    kind: VMapError.Kind = .parse
  ) {
    expectError(kind, naming: message) {
      try folder.read(file(header, byteCount, length: length))
    }
  }

  private func entry(
    _ name: String = "a", _ dtype: String = "I8", _ shape: String = "[4]",
    _ offsets: String = "[0,4]"
  ) -> String {
    "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  /// What the description of the format allows.
  @Test func headersThatAreGood() throws {
    #expect(try folder.read(file("{}")).isEmpty)
    #expect(try folder.read(file("{ \n\t\"__metadata__\" : { \"k\" : \"v\" } }   ")).isEmpty)
    let read = try folder.read(
      file("{\(entry("\\u00e9\\ud83d\\ude00\\n\\/")),\(entry("b", "I16", "[0, 3]", "[4,4]"))}", 4))
    #expect(Set(read.keys) == ["é\u{1f600}\n/", "b"])
    #expect(try read["é\u{1f600}\n/"]?.elementBytes() == [1, 1, 1, 1])
    #expect(try folder.read(file("{\(entry("s", "F32", "[]"))}", 4))["s"]?.shape == [])
    // The keys of an entry in another order, and the entries, too.
    let other =
      "{\(entry("z", "I8", "[2]", "[2,4]")),\"a\":{\"data_offsets\":[0,2],\"dtype\":\"BOOL\",\"shape\":[2]}}"
    #expect(try folder.read(file(other, 4))["a"]?.elementBytes() == [1, 1])
  }

  @Test func headersThatAreNone() throws {
    // Nothing of what nests is gone into.
    for (deep, message) in [
      ("[", "the header should have"), ("{\"a\":", "has \"a\", expected dtype"),
    ] {
      let deep = String(repeating: deep, count: 100_000)
      expect(message, "{\"a\":\(deep)")
      expect("the header should have", "{\"a\":{\"shape\":\(deep)")
      expect("the header should have", "{\"__metadata__\":{\"k\":\(deep)")
      expect("has \"more\", expected dtype", "{\"a\":{\"more\":\(deep)")
    }
    expect("the header has 100000001 bytes, more than", "{}", length: 100_000_001)
    expect("the header has 18446744073709551615 bytes", "{}", length: .max)
    expect("truncated: 3 bytes, of which 2 are there", "{}", length: 3)
    expect("the header should have", "{ \(entry())", 4)
    expect("should have the end", "{}{}")
    expect("should have", "{\(entry()),}", 4)
    expect("names \"a\" twice", "{\(entry()),\(entry("a", "I8", "[4]", "[4,8]"))}", 8)
    expect("names \"a\" twice", "{\(entry()),\(entry("\\u0061", "I8", "[4]", "[4,8]"))}", 8)
    expect("names \"shape\" twice", "{\"a\":{\"shape\":[],\"shape\":[]}}")
    expect("names \"k\" twice", "{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}")
    expect("should have dtype, shape and", "{\"a\":{\"dtype\":\"I8\",\"shape\":[]}}")
    for text in ["\\x", "\\u12", "\\ud800", "\\ud800\\u0041", "\\udc00", "\u{1}", "\\"] {
      expect("the header should have", "{\"\(text)\":{}}")
    }
    let bytes = file("{\"?\":{}}")
    let broken = bytes.map { $0 == UInt8(ascii: "?") ? 0xff : $0 }
    expectError(.parse, naming: "is not UTF-8") { try folder.read(broken) }
    for count in 9..<bytes.count {
      expectError(.parse, naming: "safetensors:") { try folder.read(Array(bytes[..<count])) }
    }
  }

  @Test func tensorsThatAreNone() throws {
    for number in ["-1", "01", "9223372036854775808", "\"4\"", "null", ""] {
      expect("a whole number", "{\(entry("a", "I8", "[\(number.isEmpty ? "," : number)]"))}", 4)
    }
    for number in ["1.0", "1e3", "4 4"] {
      expect("the header should have ]", "{\(entry("a", "I8", "[\(number)]"))}", 4)
    }
    let most = Int.max
    expect("\"a\": ", "{\(entry("a", "F32", "[\(most),\(most)]"))}", 4, kind: .sizeOverflow)
    expect(
      "\"a\": ", "{\(entry("a", "F32", "[0,\(most),\(most)]", "[0,0]"))}", kind: .sizeOverflow)
    expect("\"a\": ", "{\(entry("a", "F32", "[\(most / 2)]"))}", 4, kind: .sizeOverflow)
    expect("is i8[5], 5 bytes, and its part of the file has 4", "{\(entry("a", "I8", "[5]"))}", 4)
    for offsets in ["[0]", "[4,0]", "[0,4,4]", "[]"] {
      expect("expected a beginning and an end", "{\(entry("a", "I8", "[4]", offsets))}", 4)
    }
    expect("the tensors have 4 bytes, the file 5", "{\(entry())}", 5)
    expect("the tensors have 4 bytes, the file 3", "{\(entry())}", 3)
    expect("the tensors have 0 bytes, the file 1", "{}", 1)
    let overlap = "{\(entry()),\(entry("b", "I8", "[4]", "[2,6]"))}"
    expect("\"b\" begins at byte 2, what is before it ends at 4", overlap, 6)
    let gap = "{\(entry()),\(entry("b", "I8", "[4]", "[5,9]"))}"
    expect("\"b\" begins at byte 5, what is before it ends at 4", gap, 9)
    expect("begins at byte \(most - 4)", "{\(entry("a", "I8", "[4]", "[\(most - 4),\(most)]"))}", 4)
    // Another type spoils nothing but its own tensor.
    let unknown = file("{\(entry()),\(entry("q", "F8_E4M3", "[4]", "[4,8]"))}", 8)
    let archive = try TensorArchive(contentsOf: folder.write(unknown))
    #expect(try archive.tensor("a").shape == [4])
    expectError(.typeMismatch, naming: "\"q\": safetensors: elements of type \"F8_E4M3\"") {
      try archive.type(of: "q")
    }
  }

  @Test func aFileThatShrinksIsTold() throws {
    let path = try folder.write(file("{\(entry("a", "I8", "[100000]", "[0,100000]"))}", 100_000))
    let archive = try TensorArchive(contentsOf: path)
    #expect(truncate(path, 5_000) == 0)
    expectError(.parse, naming: "was truncated while it was read") { try archive.tensor("a") }
  }
}
