extension Parser {
  /// The text of a string without quotes and escapes.
  mutating func stringValue() throws(StableHLOError) -> String {
    guard token.kind == .string else { throw expected("a string") }
    let value = unescaped(token.range.lowerBound + 1..<token.range.upperBound - 1)
    try advance()
    return value
  }

  /// The name of a function.
  mutating func symbolName() throws(StableHLOError) -> String {
    guard token.kind == .symbol else { throw expected("the name of a function") }
    let range = token.range.lowerBound + 1..<token.range.upperBound
    let name =
      source.bytes[range].first == UInt8(ascii: "\"")
      ? unescaped(range.lowerBound + 1..<range.upperBound - 1) : source.text(range)
    try advance()
    return name
  }

  /// `\n`, `\"`, `\\`, `\0A`.
  private func unescaped(_ range: Range<Int>) -> String {
    var result: [UInt8] = []
    var rest = source.bytes[range]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
        result.append(byte)
        continue
      }
      if let high = next.hexValue, let low = rest.first?.hexValue {
        result.append(high << 4 | low)
        rest = rest.dropFirst()
      } else {
        switch next {
        case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "t"): result.append(UInt8(ascii: "\t"))
        default: result.append(next)
        }
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// `loc(…)`, which debuggers need.
  mutating func skipLocation() throws(StableHLOError) {
    if try skip(word: "loc") { try skipBalanced("(", ")") }
  }

  /// Passes over what stands between two marks that fit together.
  mutating func skipBalanced(
    _ open: String, _ close: String
  ) throws(StableHLOError) {
    var depth = 0
    repeat {
      if token.kind == .end { throw expected("\"\(close)\"") }
      if isAt(open) { depth += 1 }
      if isAt(close) { depth -= 1 }
      try advance()
    } while depth > 0
  }
}
