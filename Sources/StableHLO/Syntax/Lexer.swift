/// Cuts a text into tokens on demand.
struct Lexer {
  let source: SourceText
  /// Where the next token is looked for.
  var offset = 0

  init(_ source: SourceText) { self.source = source }

  private var bytes: [UInt8] { source.bytes }

  private func byte(at index: Int) -> UInt8? { bytes.indices.contains(index) ? bytes[index] : nil }

  /// The next token; at the end of the text again and again one of kind `end`.
  mutating func next() throws(StableHLOError) -> Token {
    skipBlanks()
    let start = offset
    guard let first = byte(at: start) else { return Token(kind: .end, range: start..<start) }
    switch first {
    case UInt8(ascii: "%"): return name(.value, from: start)
    case UInt8(ascii: "#"): return name(.attributeName, from: start)
    case UInt8(ascii: "!"): return name(.typeName, from: start)
    case UInt8(ascii: "^"): return name(.block, from: start)
    case UInt8(ascii: "@"):
      guard byte(at: start + 1) == UInt8(ascii: "\"") else { return name(.symbol, from: start) }
      offset = start + 1
      return Token(kind: .symbol, range: start..<(try string()).range.upperBound)
    case UInt8(ascii: "\""): return try string()
    case _ where first.isDigit: return number(from: start)
    case _ where first.isLetter || first == UInt8(ascii: "_"):
      return word(.word, from: start, to: start)
    default:
      let second = byte(at: start + 1)
      let isPair =
        first == UInt8(ascii: "-") && second == UInt8(ascii: ">")
        || first == UInt8(ascii: ":") && second == UInt8(ascii: ":")
      offset = start + (isPair ? 2 : 1)
      // A character of several bytes is one.
      if first >= 0x80 { while let byte = byte(at: offset), byte & 0xc0 == 0x80 { offset += 1 } }
      return Token(kind: .punctuation, range: start..<offset)
    }
  }

  /// Blanks, line ends and comments to the end of the line.
  private mutating func skipBlanks() {
    while let byte = byte(at: offset) {
      if byte == UInt8(ascii: " ") || (9...13).contains(byte) {
        offset += 1
      } else if byte == UInt8(ascii: "/"), self.byte(at: offset + 1) == UInt8(ascii: "/") {
        while let byte = self.byte(at: offset), byte != UInt8(ascii: "\n") { offset += 1 }
      } else {
        return
      }
    }
  }

  /// A sign and the name behind it.
  private mutating func name(_ kind: Token.Kind, from start: Int) -> Token {
    word(kind, from: start, to: start + 1)
  }

  private mutating func word(_ kind: Token.Kind, from start: Int, to end: Int) -> Token {
    offset = end
    while let byte = byte(at: offset), byte.isNamePart { offset += 1 }
    return Token(kind: kind, range: start..<offset)
  }

  /// An integer or a float: `2x3` is `2` and the word `x3`, but `0xFF` is one integer.
  private mutating func number(from start: Int) -> Token {
    offset = start
    if byte(at: start) == UInt8(ascii: "0"), byte(at: start + 1) == UInt8(ascii: "x"),
      byte(at: start + 2)?.isHexDigit == true
    {
      offset += 2
      while byte(at: offset)?.isHexDigit == true { offset += 1 }
      return Token(kind: .integer, range: start..<offset)
    }
    while byte(at: offset)?.isDigit == true { offset += 1 }
    guard byte(at: offset) == UInt8(ascii: "."), byte(at: offset + 1)?.isDigit != false else {
      return Token(kind: .integer, range: start..<offset)
    }
    offset += 1
    while byte(at: offset)?.isDigit == true { offset += 1 }
    if let exponent = byte(at: offset), exponent | 0x20 == UInt8(ascii: "e") {
      let sign = byte(at: offset + 1)
      let digits =
        sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") ? offset + 2 : offset + 1
      if byte(at: digits)?.isDigit == true {
        offset = digits
        while byte(at: offset)?.isDigit == true { offset += 1 }
      }
    }
    return Token(kind: .float, range: start..<offset)
  }

  private mutating func string() throws(StableHLOError) -> Token {
    let start = offset
    offset += 1
    while let byte = byte(at: offset), byte != UInt8(ascii: "\n") {
      if byte == UInt8(ascii: "\"") {
        offset += 1
        return Token(kind: .string, range: start..<offset)
      }
      offset += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    throw StableHLOError(
      .syntax, "a string does not end on its line", at: source.position(of: start))
  }
}

extension UInt8 {
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
  var isHexDigit: Bool { hexValue != nil }
  fileprivate var isNamePart: Bool {
    isLetter || isDigit || self == UInt8(ascii: "_") || self == UInt8(ascii: ".")
      || self == UInt8(ascii: "$")
  }

  /// The value of a hexadecimal digit.
  var hexValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
