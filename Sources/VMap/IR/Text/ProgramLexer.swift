/// One word, number, string or mark of a printed program.
struct ProgramToken: Equatable {
  enum Kind: Equatable {
    case word(String)
    case number(String)
    case string(String)
    case mark(Unicode.Scalar)
    case end
  }

  let kind: Kind
  /// The position in the text, in bytes.
  let offset: Int

  /// What errors call it.
  var description: String {
    switch kind {
    case .word(let text), .number(let text): "\"\(text)\""
    case .string(let text): text.quotedText
    case .mark(let scalar): "\"\(scalar)\""
    case .end: "the end"
    }
  }
}

/// Takes the text of a program apart.
struct ProgramLexer {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  /// All tokens, of which the last is the end.
  mutating func tokens() throws(VMapError) -> [ProgramToken] {
    var tokens: [ProgramToken] = []
    while true {
      while let byte = peek(), byte.isSpace { offset += 1 }
      let start = offset
      guard let byte = peek() else {
        return tokens + [ProgramToken(kind: .end, offset: start)]
      }
      tokens.append(ProgramToken(kind: try token(startingWith: byte), offset: start))
    }
  }

  /// An error at a position, with the line and the column.
  func error(at offset: Int, _ message: String) -> VMapError {
    let before = bytes.prefix(offset)
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    // Characters are counted, not bytes: what continues a character does not count.
    let column = before[lineStart...].count { $0 & 0xc0 != 0x80 } + 1
    return VMapError(.parse, "line \(line), column \(column): \(message)")
  }

  private func peek(_ distance: Int = 0) -> UInt8? {
    offset + distance < bytes.count ? bytes[offset + distance] : nil
  }

  private mutating func token(startingWith byte: UInt8) throws(VMapError) -> ProgramToken.Kind {
    switch byte {
    case UInt8(ascii: "\""): return .string(try string())
    case _ where byte.isDigit: return .number(number())
    case UInt8(ascii: "-"):
      if let next = peek(1), next.isDigit { return .number(number()) }
      if bytes[offset...].starts(with: "-inf".utf8) {
        offset += 4
        return .word("-inf")
      }
    case _ where byte.isLetter:
      let start = offset
      while let next = peek(), next.isLetter || next.isDigit { offset += 1 }
      return .word(String(decoding: bytes[start..<offset], as: UTF8.self))
    case _ where byte.isMark:
      offset += 1
      return .mark(Unicode.Scalar(byte))
    default: break
    }
    throw error(at: offset, "no word of a program starts here")
  }

  /// Digits with a sign, a fraction and an exponent, or hexadecimal digits after `0x`.
  private mutating func number() -> String {
    let start = offset
    if peek() == UInt8(ascii: "-") { offset += 1 }
    let isHexadecimal = peek() == UInt8(ascii: "0") && peek(1) == UInt8(ascii: "x")
    while let next = peek() {
      let continues = next.isDigit || next.isLetter || next == UInt8(ascii: ".")
      let isSign = next == UInt8(ascii: "-") || next == UInt8(ascii: "+")
      let followsExponent = !isHexadecimal && bytes[offset - 1] | 0x20 == UInt8(ascii: "e")
      guard continues || isSign && offset > start && followsExponent else { break }
      offset += 1
    }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func string() throws(VMapError) -> String {
    let start = offset
    offset += 1
    var content: [UInt8] = []
    while let byte = peek() {
      offset += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): content += try escape()
      default: content.append(byte)
      }
    }
    throw error(at: start, "the string that starts here does not end")
  }

  /// What stands after a backslash.
  private mutating func escape() throws(VMapError) -> [UInt8] {
    let start = offset - 1
    guard let byte = peek() else { throw error(at: start, "an escape ends early") }
    offset += 1
    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return [byte] }
    if byte == UInt8(ascii: "u"), peek() == UInt8(ascii: "{"),
      let end = bytes[offset...].prefix(9).firstIndex(of: UInt8(ascii: "}"))
    {
      let digits = String(decoding: bytes[offset + 1..<end], as: UTF8.self)
      if let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) {
        offset = end + 1
        return Array(String(Character(scalar)).utf8)
      }
    }
    throw error(at: start, "an escape is \\\", \\\\ or \\u{…}")
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
  fileprivate var isSpace: Bool { self == 0x20 || self == 0x0a || self == 0x09 || self == 0x0d }
  fileprivate var isMark: Bool {
    switch Unicode.Scalar(self) {
    case "{", "}", "[", "]", "(", ")", ",", ";", ":", ".", "=": true
    default: false
    }
  }
  fileprivate var isLetter: Bool {
    (0x61...0x7a).contains(self) || (0x41...0x5a).contains(self) || self == UInt8(ascii: "_")
  }
}
