extension Program {
  /// Reads a program that ``text`` has printed.
  ///
  /// Every type is inferred again and must be the one that is printed. What cannot be read throws an
  /// error of the kind ``VMapError/Kind/parse`` that tells the line and the column.
  init(parsing text: String) throws(VMapError) {
    var parser = try ProgramParser(text)
    self = try parser.parseProgram()
  }
}

/// Reads tokens into a program: recursive descent with one token of lookahead.
struct ProgramParser {
  /// How deep regions, extents and parentheses may be nested.
  static let maximumDepth = 16

  let lexer: ProgramLexer
  let tokens: [ProgramToken]
  var position = 0
  var builder = ProgramBuilder()
  /// The values that have a name, and the constants, of each open region, outermost first.
  var scopes: [Scope] = []
  /// Of the axes that rows go along, the axis of their examples and the positions of their parameters.
  var rowParameters: [Int: (axis: Int, places: [Int])] = [:]
  /// Where the type of each declared value is printed.
  var typeOffsets: [ValueID: Int] = [:]

  struct Scope {
    var values: [String: ValueID] = [:]
    var constants: [ScalarLiteral: ValueID] = [:]
  }

  init(_ text: String) throws(VMapError) {
    var lexer = ProgramLexer(text)
    tokens = try lexer.tokens()
    self.lexer = lexer
  }

  // MARK: Tokens

  var current: ProgramToken { tokens[position] }
  var lookahead: ProgramToken { tokens[min(position + 1, tokens.count - 1)] }

  mutating func advance() { position = min(position + 1, tokens.count - 1) }

  func isAt(_ mark: Unicode.Scalar) -> Bool { current.kind == .mark(mark) }
  func isAt(word: String) -> Bool { current.kind == .word(word) }

  /// Skips a mark if it is the next token.
  mutating func skip(_ mark: Unicode.Scalar) -> Bool {
    guard isAt(mark) else { return false }
    advance()
    return true
  }

  mutating func expect(_ mark: Unicode.Scalar) throws(VMapError) {
    guard skip(mark) else { throw expected("\"\(mark)\"") }
  }

  mutating func expect(word: String) throws(VMapError) {
    guard isAt(word: word) else { throw expected("\"\(word)\"") }
    advance()
  }

  /// An error at the next token.
  func expected(_ what: String) -> VMapError {
    lexer.error(at: current.offset, "expected \(what), found \(current.description)")
  }

  func error(_ message: String, at offset: Int) -> VMapError {
    lexer.error(at: offset, message)
  }

  mutating func word(_ what: String) throws(VMapError) -> String {
    guard case .word(let word) = current.kind else { throw expected(what) }
    advance()
    return word
  }

  mutating func integer(_ what: String) throws(VMapError) -> Int {
    guard case .number(let text) = current.kind, let value = Int(text) else {
      throw expected(what)
    }
    advance()
    return value
  }

  // MARK: Programs

  mutating func parseProgram() throws(VMapError) -> Program {
    try expect("{")
    if isAt(word: "axes") {
      advance()
      repeat { try parseAxis() } while skip(",")
      try expect(";")
    }
    try expect(word: "lambda")
    scopes.append(Scope())
    let captured = try parseParameters()
    try expect(";")
    let inputs = try parseParameters()
    builder.program.inputCount = inputs.count
    try bindRows(inputs + captured)
    let program = builder.finish(try parseRegion(parameters: inputs + captured))
    guard current.kind == .end else { throw expected("the end") }
    try checkAxes(of: program)
    return program
  }

  /// Parameters with their types, as many as there are.
  mutating func parseParameters() throws(VMapError) -> [ValueID] {
    var parameters: [ValueID] = []
    while case .word = current.kind, lookahead.kind == .mark(":") {
      parameters.append(try parseDeclaration())
    }
    return parameters
  }

  /// A region from the end of its parameters on; its scope is open and is closed.
  mutating func parseRegion(parameters: [ValueID]) throws(VMapError) -> Region {
    builder.openRegion(parameters: parameters)
    try expect(".")
    try expect(word: "let")
    while !isAt(word: "in") { try parseInstruction() }
    advance()
    try expect("(")
    var results: [ValueID] = []
    var windows: [ResultWindow?] = []
    while !isAt(")") {
      results.append(try parseOperand())
      windows.append(scopes.count == 1 ? try parseResultWindow() : nil)
      guard skip(",") else { break }
    }
    if windows.contains(where: { $0 != nil }) { builder.program.resultWindows = windows }
    try expect(")")
    try expect("}")
    scopes.removeLast()
    return builder.closeRegion(results: results)
  }

  /// The window that a result of the program is, if it is one: `window(n0,n2) 1`.
  private mutating func parseResultWindow() throws(VMapError) -> ResultWindow? {
    guard isAt(word: "window") else { return nil }
    let window = try parseWindow()
    return ResultWindow(dimension: try integer("a dimension"), window: window)
  }

  /// A name with its type, which stands for a new value from here on.
  mutating func parseDeclaration() throws(VMapError) -> ValueID {
    let offset = current.offset
    let name = try word("the name of a value")
    guard !ValueNames.reserved.contains(name), !isConstant(name) else {
      throw error("\"\(name)\" cannot name a value", at: offset)
    }
    guard !scopes.contains(where: { $0.values[name] != nil }) else {
      throw error("there is a value \(name) already", at: offset)
    }
    try expect(":")
    let typeOffset = current.offset
    let value = builder.makeValue(try parseType())
    typeOffsets[value] = typeOffset
    scopes[scopes.count - 1].values[name] = value
    return value
  }

  /// Infers all axes anew and compares them with the printed ones.
  private func checkAxes(of program: Program) throws(VMapError) {
    var inferred = program
    do throws(VMapError) {
      try inferred.inferTypes(program.body)
    } catch {
      throw self.error(error.message, at: 0)
    }
    for value in program.types.indices where program.types[value] != inferred.types[value] {
      throw error(
        "the type is \(inferred.types[value].text), not \(program.types[value].text)",
        at: typeOffsets[value] ?? 0)
    }
  }
}
