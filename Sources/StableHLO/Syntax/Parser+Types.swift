extension Parser {
  mutating func type() throws(StableHLOError) -> TypeSyntax {
    try nested { parser throws(StableHLOError) in try parser.unnestedType() }
  }

  private mutating func unnestedType() throws(StableHLOError) -> TypeSyntax {
    if isAt("(") {
      let parameters = try typeList()
      try expect("->")
      return shared(FunctionTypeSyntax(parameters, try resultTypes()))
    }
    if token.kind == .typeName {
      let name = text
      try advance()
      if let alias = typeAliases[name] { return try use(alias) }
      return .other(name + (isAt("<") ? try balanced() : ""))
    }
    let name = try take(.word, "a type")
    guard name == "tensor" else { return .other(name + (isAt("<") ? try balanced() : "")) }
    return .tensor(try tensorType())
  }

  /// The one type of the text with these parts.
  private mutating func shared(_ type: FunctionTypeSyntax) -> TypeSyntax {
    let parts = [type.parameters, type.results]
    let known = functionTypes[parts] ?? type
    functionTypes[parts] = known
    return .function(known)
  }

  /// `(type, type)`.
  mutating func typeList() throws(StableHLOError) -> [TypeSyntax] {
    var types: [TypeSyntax] = []
    try list("(", ")") { parser throws(StableHLOError) in types.append(try parser.type()) }
    return types
  }

  /// One type, or several in parentheses.
  mutating func resultTypes() throws(StableHLOError) -> [TypeSyntax] {
    isAt("(") ? try typeList() : [try type()]
  }

  /// What stands behind `tensor`: `<2x3xf32>`.
  private mutating func tensorType() throws(StableHLOError) -> TensorSyntax {
    guard isAt("<") else { throw expected("\"<\"") }
    var shape: [Int] = []
    // A dimension and what follows it are words to the lexer, `2`, `x3xf32`: go by bytes.
    var offset = token.range.upperBound
    let bytes = source.bytes
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "?") || bytes[offset] == UInt8(ascii: "*") {
        throw error("dimensions must be numbers: shapes are static", at: offset)
      }
      let digits = bytes[offset...].prefix { $0.isDigit }
      guard !digits.isEmpty else { break }
      guard digits.endIndex < bytes.count, bytes[digits.endIndex] == UInt8(ascii: "x") else {
        throw error("expected \"x\" behind a dimension", at: digits.endIndex)
      }
      guard let size = Int(String(decoding: digits, as: UTF8.self)) else {
        throw error("a dimension has more indices than can be counted", at: offset)
      }
      shape.append(size)
      offset = digits.endIndex + 1
    }
    try seek(to: offset)
    let element: String
    switch try type() {
    case .other(let name): element = name
    default: throw error("expected a type of elements", at: offset)
    }
    // An encoding says how a sparse tensor is stored.
    if try skip(",") { _ = try attribute() }
    try expect(">")
    var count = 1
    for size in shape where size != 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      // 2^48 elements are more than any memory holds, and leave room for products with sizes.
      guard !overflow, product < 1 << 48 else {
        throw error("a tensor has more elements than can be counted", at: offset)
      }
      count = product
    }
    return TensorSyntax(shape: shape, element: element)
  }

  /// The text between angle brackets that fit together, with them.
  mutating func balanced() throws(StableHLOError) -> String {
    let start = token.range.lowerBound
    try skipBalanced("<", ">")
    return source.text(start..<token.range.lowerBound).filter { !$0.isWhitespace }
  }
}
