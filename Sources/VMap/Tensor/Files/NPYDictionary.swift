/// Reads the Python dictionary in the header of a `.npy` file: texts, truth values and tuples of
/// integers.
struct NPYDictionary {
  enum Value {
    case text(String)
    case flag(Bool)
    case tuple([Int])
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  mutating func parse() throws(VMapError) -> [String: Value] {
    var entries: [String: Value] = [:]
    try expect("{")
    while !skip("}") {
      guard case .text(let key) = try value() else { throw malformed() }
      try expect(":")
      entries[key] = try value()
      if !skip(",") {
        try expect("}")
        break
      }
    }
    return entries
  }

  private func malformed() -> VMapError {
    let text = String(decoding: rest.prefix(20), as: UTF8.self)
    return VMapError(.parse, "npy: the header is malformed at \"\(text)\"")
  }

  private mutating func value() throws(VMapError) -> Value {
    skipSpaces()
    switch rest.first {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "("): return .tuple(try tuple())
    default:
      if word("True") { return .flag(true) }
      if word("False") { return .flag(false) }
      throw malformed()
    }
  }

  private mutating func text() throws(VMapError) -> String {
    guard let quote = rest.popFirst(), let end = rest.firstIndex(of: quote) else {
      throw malformed()
    }
    let text = String(decoding: rest[..<end], as: UTF8.self)
    rest = rest[(end + 1)...]
    return text
  }

  private mutating func tuple() throws(VMapError) -> [Int] {
    var sizes: [Int] = []
    try expect("(")
    while !skip(")") {
      skipSpaces()
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard let size = Int(String(decoding: digits, as: UTF8.self)) else { throw malformed() }
      rest = rest[digits.endIndex...]
      sizes.append(size)
      if !skip(",") {
        try expect(")")
        break
      }
    }
    return sizes
  }

  private mutating func skipSpaces() {
    rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
  }

  private mutating func word(_ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  private mutating func skip(_ text: String) -> Bool {
    skipSpaces()
    return word(text)
  }

  private mutating func expect(_ text: String) throws(VMapError) {
    guard skip(text) else { throw malformed() }
  }
}
