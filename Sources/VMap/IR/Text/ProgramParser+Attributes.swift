extension ProgramParser {
  /// The attributes in brackets, or none.
  mutating func parseAttributes() throws(VMapError) -> [Attribute] {
    var attributes: [Attribute] = []
    guard skip("[") else { return attributes }
    while !isAt("]") {
      let name = try word("the name of an attribute")
      try expect("=")
      attributes.append(Attribute(name, try parseAttributeValue()))
    }
    try expect("]")
    return attributes
  }

  private mutating func parseAttributeValue() throws(VMapError) -> Attribute.Value {
    switch current.kind {
    case .string(let text):
      advance()
      return .word(text)
    case .mark("["):
      advance()
      try expect("]")
      return .lists([])
    case .mark("("):
      switch lookahead.kind {
      case .mark("["), .mark("("): return .lists(try parseLists(depth: 0))
      default: return .integers(try parseIntegers(from: "(", to: ")"))
      }
    case .word(let word):
      if let type = ElementType(rawValue: word) {
        advance()
        return .type(type)
      }
      return .literal(try parseLiteral())
    case .number:
      if lookahead.kind == .mark(":") { return .literal(try parseLiteral()) }
      return .integer(try integer("an integer"))
    default: throw expected("the value of an attribute")
    }
  }

  /// Lists of integers, however they are grouped by parentheses.
  private mutating func parseLists(depth: Int) throws(VMapError) -> [[Int]] {
    guard depth < ProgramParser.maximumDepth else { throw expected("fewer parentheses") }
    try expect("(")
    var lists: [[Int]] = []
    while !isAt(")") {
      if isAt("(") {
        lists += try parseLists(depth: depth + 1)
      } else {
        lists.append(try parseIntegers(from: "[", to: "]"))
      }
      guard skip(",") else { break }
    }
    try expect(")")
    return lists
  }

  private mutating func parseIntegers(
    from start: Unicode.Scalar, to end: Unicode.Scalar
  ) throws(VMapError) -> [Int] {
    try expect(start)
    var values: [Int] = []
    while !isAt(end) {
      if case .word(let word) = current.kind, word.hasPrefix("r"), let axis = Int(word.dropFirst()),
        rowParameters[axis] != nil
      {
        values.append(.ragged(axis))
        advance()
      } else {
        values.append(try integer("an integer"))
      }
      guard skip(",") else { break }
    }
    try expect(end)
    return values
  }

  /// Whether a word is a constant's value and no name.
  func isConstant(_ word: String) -> Bool {
    ["True", "False", "inf", "-inf", "nan", "complex"].contains(word)
  }

  /// A constant with its type, `1.0:f32[]` or `complex(1.0, 2.0):c64[]`.
  mutating func parseLiteral() throws(VMapError) -> ScalarLiteral {
    let offset = current.offset
    var numbers: [LiteralText] = []
    if case .word("complex") = current.kind {
      advance()
      try expect("(")
      numbers.append(try parseNumber())
      try expect(",")
      numbers.append(try parseNumber())
      try expect(")")
    } else {
      numbers.append(try parseNumber())
    }
    try expect(":")
    let type = try parseElementType()
    try expect("[")
    try expect("]")
    var parts: [ScalarLiteral] = []
    for number in numbers where numbers.count == type.partCount {
      let part = ScalarLiteral(exactText: number.text, payload: number.payload, as: type.part)
      if let part { parts.append(part) }
    }
    guard parts.count == type.partCount else {
      let text = numbers.map(\.text).joined(separator: ", ")
      throw error("\(text) is no constant of type \(type.rawValue)", at: offset)
    }
    return type.isComplex
      ? ScalarLiteral(type, real: parts[0], imaginary: parts[1]) : parts[0]
  }

  /// A number before its type is known, with the bits of a NaN.
  private struct LiteralText {
    let text: String
    let payload: UInt64?
  }

  private mutating func parseNumber() throws(VMapError) -> LiteralText {
    let text: String
    switch current.kind {
    case .number(let number): text = number
    case .word(let word) where isConstant(word): text = word
    default: throw expected("a constant")
    }
    advance()
    var payload: UInt64?
    if text == "nan", skip("(") {
      guard case .number(let digits) = current.kind, digits.hasPrefix("0x"),
        let bits = UInt64(digits.dropFirst(2), radix: 16)
      else { throw expected("the bits of a NaN") }
      advance()
      try expect(")")
      payload = bits
    }
    return LiteralText(text: text, payload: payload)
  }
}

extension ScalarLiteral {
  /// The constant that is printed as a text, where the text is one of the type.
  fileprivate init?(exactText text: String, payload: UInt64?, as type: ElementType) {
    switch text {
    case "True", "False":
      guard type == .bool else { return nil }
      self.init(type: type, bits: text == "True" ? 1 : 0)
    case "nan":
      guard type.isFloating else { return nil }
      let bits = payload ?? ScalarLiteral(.nan, as: type).bits
      self.init(type: type, bits: bits)
      guard double.isNaN, type.byteCount == 8 || bits >> UInt64(8 * type.byteCount) == 0 else {
        return nil
      }
    case "inf", "-inf":
      guard type.isFloating else { return nil }
      self.init(text == "inf" ? .infinity : -.infinity, as: type)
    default:
      self.init(text: text, as: type)
      // A number too great for the type is none of the type's.
      guard type != .bool, !type.isFloating || double.isFinite else { return nil }
    }
  }
}
