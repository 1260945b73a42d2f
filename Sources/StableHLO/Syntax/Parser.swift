/// Reads the text of a module, by recursive descent with one token of look-ahead.
struct Parser {
  /// Deeper nesting is refused, so that no text exhausts the stack.
  static let maximumDepth = 200
  /// Functions of more values are refused: one alias may stand for the types of many.
  static let maximumValues = 1 << 22

  let source: SourceText
  private var lexer: Lexer
  private(set) var token: Token
  private var depth = 0
  /// The depth of the innermost thing that was read so far.
  private var reached = 0

  var module: Module
  /// The functions being read, one inside the other only by mistake.
  var types: [TypeSyntax] = []
  var scopes: [[String: [Slot]]] = []
  var attributeAliases: [String: Alias<AttributeSyntax>] = [:]
  var typeAliases: [String: Alias<TypeSyntax>] = [:]
  /// The types of functions by their parameters and results.
  var functionTypes: [[[TypeSyntax]]: FunctionTypeSyntax] = [:]

  init(_ text: [UInt8]) throws(StableHLOError) {
    guard !text.starts(with: [0xff, 0xfe]), !text.starts(with: [0xfe, 0xff]) else {
      throw StableHLOError(
        .syntax, "the text begins as UTF-16 does, expected UTF-8",
        at: TextPosition(line: 1, column: 1))
    }
    source = SourceText(bytes: text.withoutByteOrderMark)
    lexer = Lexer(source)
    token = try lexer.next()
    module = Module(source: source)
  }

  // MARK: Tokens

  /// The text of the token that is looked at.
  var text: String { source.text(token.range) }

  /// The token's text without its first character: the name behind a sign.
  var nameText: String {
    source.text(token.range.lowerBound + 1..<token.range.upperBound)
  }

  mutating func advance() throws(StableHLOError) { token = try lexer.next() }

  /// Goes back, or on, to a place in the text.
  mutating func seek(to offset: Int) throws(StableHLOError) {
    lexer.offset = offset
    try advance()
  }

  func isAt(_ punctuation: String) -> Bool {
    token.kind == .punctuation && matches(punctuation)
  }

  func isAt(word: String) -> Bool { token.kind == .word && matches(word) }

  private func matches(_ text: String) -> Bool {
    token.range.count == text.utf8.count && source.bytes[token.range].elementsEqual(text.utf8)
  }

  /// Skips a punctuation mark if it is there.
  mutating func skip(_ punctuation: String) throws(StableHLOError) -> Bool {
    guard isAt(punctuation) else { return false }
    try advance()
    return true
  }

  mutating func skip(word: String) throws(StableHLOError) -> Bool {
    guard isAt(word: word) else { return false }
    try advance()
    return true
  }

  mutating func expect(_ punctuation: String) throws(StableHLOError) {
    guard try skip(punctuation) else { throw expected("\"\(punctuation)\"") }
  }

  mutating func expect(word: String) throws(StableHLOError) {
    guard try skip(word: word) else { throw expected("\"\(word)\"") }
  }

  /// The text of a token of a kind, which is skipped.
  mutating func take(_ kind: Token.Kind, _ what: String) throws(StableHLOError) -> String {
    guard token.kind == kind else { throw expected(what) }
    let result = text
    try advance()
    return result
  }

  /// Items between two marks, separated by commas.
  mutating func list(
    _ open: String, _ close: String,
    _ item: (inout Parser) throws(StableHLOError) -> Void
  ) throws(StableHLOError) {
    try expect(open)
    if try skip(close) { return }
    repeat { try item(&self) } while try skip(",")
    try expect(close)
  }

  /// Reads something that may contain itself.
  mutating func nested<R>(
    _ body: (inout Parser) throws(StableHLOError) -> R
  ) throws(StableHLOError) -> R {
    try reach(depth + 1)
    depth += 1
    let result = try body(&self)
    depth -= 1
    return result
  }

  private mutating func reach(_ depth: Int) throws(StableHLOError) {
    guard depth <= Parser.maximumDepth else {
      throw error("nested more than \(Parser.maximumDepth) deep")
    }
    reached = max(reached, depth)
  }

  // MARK: Aliases

  /// What a name stands for, and how deep that is.
  struct Alias<Value> {
    let value: Value
    let depth: Int
  }

  /// Reads what an alias stands for.
  mutating func alias<R>(
    _ body: (inout Parser) throws(StableHLOError) -> R
  ) throws(StableHLOError) -> Alias<R> {
    reached = depth
    let value = try body(&self)
    return Alias(value: value, depth: reached - depth)
  }

  /// What an alias stands for, which is as deep here as it would be written out.
  mutating func use<R>(_ alias: Alias<R>) throws(StableHLOError) -> R {
    try reach(depth + alias.depth)
    return alias.value
  }

  // MARK: Errors

  func error(_ message: String, at offset: Int? = nil) -> StableHLOError {
    StableHLOError(
      .syntax, message, at: source.position(of: offset ?? token.range.lowerBound))
  }

  /// What is read makes sense by itself, but not with what was read before.
  func contradiction(_ message: String, at offset: Int) -> StableHLOError {
    StableHLOError(.invalid, message, at: source.position(of: offset))
  }

  func expected(_ what: String) -> StableHLOError {
    let found = token.kind == .end ? "the end of the text" : "\"\(text.prefix(40))\""
    return error("expected \(what), found \(found)")
  }
}
