/// Reads what the header of a `safetensors` file is made of (RFC 8259).
///
/// That is objects, lists of whole numbers, and texts. What nests deeper than its reader asks for is refused.
struct JSONReader {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the entries of an object, whose values a closure reads; names come once.
  mutating func object(
    _ value: (String, inout JSONReader) throws(VMapError) -> Void
  ) throws(VMapError) {
    try expect("{")
    var names: Set<String> = []
    if skip("}") { return }
    repeat {
      let name = try text()
      guard names.insert(name).inserted else {
        throw VMapError(
          .parse, "safetensors: the header names \"\(name.prefix(100).printable)\" twice")
      }
      try expect(":")
      try value(name, &self)
    } while skip(",")
    try expect("}")
  }

  /// A list of whole numbers that are not negative.
  mutating func numbers() throws(VMapError) -> [Int] {
    try expect("[")
    var numbers: [Int] = []
    if skip("]") { return numbers }
    repeat {
      skipSpaces()
      let start = place
      while place < bytes.count, isDigit(bytes[place]) { place += 1 }
      let digits = bytes[start..<place]
      guard let number = Int(String(decoding: digits, as: UTF8.self)),
        digits.count == 1 || digits.first != UInt8(ascii: "0")
      else {
        place = start
        throw malformed("a whole number that is not negative and fits an Int")
      }
      numbers.append(number)
    } while skip(",")
    try expect("]")
    return numbers
  }

  mutating func text() throws(VMapError) -> String {
    try expect("\"")
    var content: [UInt8] = []
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      guard bytes[place] >= 0x20 else { throw malformed("no control character in a text") }
      if bytes[place] == UInt8(ascii: "\\") {
        content += try escaped().utf8
      } else {
        content.append(bytes[place])
        place += 1
      }
    }
    try expect("\"", spaces: false)
    guard let text = String(validating: content, as: UTF8.self) else {
      throw VMapError(.parse, "safetensors: a text in the header is not UTF-8")
    }
    return text
  }

  /// The end, which may have spaces before it.
  mutating func end() throws(VMapError) {
    skipSpaces()
    if place < bytes.count { throw malformed("the end of the header") }
  }

  private mutating func escaped() throws(VMapError) -> Character {
    let kind = place + 1 < bytes.count ? bytes[place + 1] : 0
    let plain: [UInt8: Character] = [
      UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
      UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n",
      UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
    if let character = plain[kind] {
      place += 2
      return character
    }
    var code = try codeUnit()
    if (0xd800..<0xdc00).contains(code) {
      let low = try codeUnit()
      guard (0xdc00..<0xe000).contains(low) else { throw malformed("the other half of a pair") }
      code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw malformed("a character") }
    return Character(scalar)
  }

  /// The number of `\u20ac`.
  private mutating func codeUnit() throws(VMapError) -> UInt32 {
    let digits = bytes[min(place + 2, bytes.count)..<min(place + 6, bytes.count)]
    guard place + 6 <= bytes.count, bytes[place...].starts(with: [0x5c, UInt8(ascii: "u")]),
      digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw malformed("what may be behind a \\") }
    place += 6
    return code
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private func malformed(_ expected: String) -> VMapError {
    let found = String(decoding: bytes[place..<min(place + 20, bytes.count)], as: UTF8.self)
    return VMapError(
      .parse,
      "safetensors: the header should have \(expected) at byte \(place), got \"\(found.printable)\""
    )
  }

  private mutating func skipSpaces() {
    while place < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[place]) { place += 1 }
  }

  private mutating func skip(_ character: Unicode.Scalar, spaces: Bool = true) -> Bool {
    if spaces { skipSpaces() }
    guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func expect(
    _ character: Unicode.Scalar, spaces: Bool = true
  ) throws(VMapError) {
    guard skip(character, spaces: spaces) else { throw malformed("\(character)") }
  }
}

extension StringProtocol {
  /// The text as JSON writes it, with its quotes.
  var quotedForJSON: String {
    var result = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case ..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
