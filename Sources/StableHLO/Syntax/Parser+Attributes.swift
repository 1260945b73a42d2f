extension Parser {
  /// An attribute's value.
  mutating func attribute() throws(StableHLOError) -> AttributeSyntax {
    try nested { parser throws(StableHLOError) in try parser.unnestedAttribute() }
  }

  private mutating func unnestedAttribute() throws(StableHLOError) -> AttributeSyntax {
    switch token.kind {
    case .integer, .float: return try number(isNegative: false)
    case .string:
      let string = try stringValue()
      // A type may follow: `"x" : !type`.
      if try skip(":") { _ = try type() }
      return .string(string)
    case .symbol: return .symbol(try symbolName())
    case .attributeName: return try namedAttribute()
    case .typeName: return .type(try type())
    case .word: return try wordAttribute()
    case .punctuation: break
    case .value, .block, .end: throw expected("an attribute")
    }
    if isAt("[") {
      var items: [AttributeSyntax] = []
      try list("[", "]") { parser throws(StableHLOError) in items.append(try parser.attribute()) }
      return .array(items)
    }
    if isAt("{") { return .dictionary(try attributeDictionary("{", "}")) }
    if isAt("<") { return try angleAttribute() }
    if isAt("(") { return .type(try type()) }
    if try skip("-") { return try number(isNegative: true) }
    throw expected("an attribute")
  }

  /// `{a = 1, "b.c" = 2, unit}`.
  mutating func attributeDictionary(
    _ open: String, _ close: String
  ) throws(StableHLOError) -> [String: AttributeSyntax] {
    var entries: [String: AttributeSyntax] = [:]
    try list(open, close) { parser throws(StableHLOError) in
      let name =
        parser.token.kind == .string
        ? try parser.stringValue() : try parser.take(.word, "the name of an attribute")
      entries[name] = try parser.skip("=") ? try parser.attribute() : .unit
    }
    return entries
  }

  /// A number, with the type that may follow it.
  private mutating func number(
    isNegative: Bool, isTyped: Bool = true
  ) throws(StableHLOError) -> AttributeSyntax {
    let digits = text
    let isFloat = token.kind == .float
    guard isFloat || token.kind == .integer else { throw expected("a number") }
    let start = token.range.lowerBound
    try advance()
    var type: TypeSyntax?
    if isTyped, try skip(":") { type = try self.type() }
    if isFloat { return .float((isNegative ? -1 : 1) * (Double(digits) ?? 0)) }
    if case .other(let name)? = type, name.hasPrefix("f") || name.hasPrefix("bf") {
      return .float((isNegative ? -1 : 1) * (Double(digits) ?? 0))
    }
    // Unsigned numbers of 64 bits keep their bits.
    guard let magnitude = UInt64(integerText: digits) else {
      throw error("a number of more than 64 bits", at: start)
    }
    let value = Int(truncatingIfNeeded: magnitude)
    return .integer(isNegative ? 0 &- value : value)
  }

  /// A keyword, a type, or one of the attributes that begin with a word.
  private mutating func wordAttribute() throws(StableHLOError) -> AttributeSyntax {
    if try skip(word: "true") { return .bool(true) }
    if try skip(word: "false") { return .bool(false) }
    if try skip(word: "unit") { return .unit }
    if isAt(word: "dense") { return .dense(try dense()) }
    if isAt(word: "array") { return try denseArray() }
    if isAt(word: "dense_resource") || isAt(word: "sparse") {
      throw error("constants that are not written out are not supported")
    }
    if isAt(word: "tensor") || isAt(word: "tuple") { return .type(try type()) }
    if isAt(word: "loc") {
      try skipLocation()
      return .unit
    }
    let word = text
    try advance()
    if isAt("<") {
      _ = try balanced()
    }
    return .word(word)
  }

  /// `array<i64: 1, 2>`.
  private mutating func denseArray() throws(StableHLOError) -> AttributeSyntax {
    try advance()
    try expect("<")
    _ = try take(.word, "a type of elements")
    var items: [AttributeSyntax] = []
    if try skip(":") {
      repeat { items.append(try attribute()) } while try skip(",")
    }
    try expect(">")
    return .array(items)
  }

  /// `#stablehlo<precision DEFAULT>`, `#stablehlo.gather<offset_dims = [1]>`, or an alias.
  private mutating func namedAttribute() throws(StableHLOError) -> AttributeSyntax {
    let name = text
    let start = token.range.lowerBound
    try advance()
    if isAt("<") { return try angleAttribute() }
    if let alias = attributeAliases[name] { return try use(alias) }
    // Aliases of places are often defined at the end of the text.
    if name.hasPrefix("#loc") { return .unit }
    throw error("\(name) is not defined", at: start)
  }

  /// `<word word>`, `<a = 1, b = [2]>`, `<[b, f]x[o, i]->[b, f]>`; others are passed over.
  private mutating func angleAttribute() throws(StableHLOError) -> AttributeSyntax {
    let start = token.range.lowerBound
    try expect("<")
    // `#stablehlo.dot<>`: nothing differs from what is meant where nothing is said.
    if try skip(">") { return .dictionary([:]) }
    if isAt("[") {
      let product = try product()
      try expect(">")
      return product
    }
    if token.kind == .word {
      var last = text
      try advance()
      if isAt("=") {
        try seek(to: start)
        return .dictionary(try attributeDictionary("<", ">"))
      }
      while token.kind == .word {
        last = text
        try advance()
      }
      if try skip(">") { return .word(last) }
    }
    try seek(to: start)
    _ = try balanced()
    return .unit
  }

  /// A value behind `key =`: an attribute, or several joined by `x` and `->`.
  ///
  /// A colon behind a number begins the types of the operation.
  mutating func product() throws(StableHLOError) -> AttributeSyntax {
    let isNumber = token.kind == .integer || token.kind == .float || isAt("-")
    guard !isNumber else {
      let isNegative = try skip("-")
      return try number(isNegative: isNegative, isTyped: false)
    }
    let first = try attribute()
    guard isAt(word: "x") else { return first }
    try advance()
    var factors = [first, try attribute()]
    if try skip("->") { factors.append(try attribute()) }
    return .product(factors)
  }
}

extension UInt64 {
  /// Decimal, or hexadecimal behind `0x`.
  init?(integerText text: String) {
    if text.hasPrefix("0x") {
      self.init(text.dropFirst(2), radix: 16)
    } else {
      self.init(text)
    }
  }
}
