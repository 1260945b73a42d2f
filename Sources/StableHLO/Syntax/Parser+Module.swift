extension Parser {
  /// The module of a text.
  static func parse(_ text: [UInt8]) throws(StableHLOError) -> Module {
    var parser = try Parser(text)
    while parser.token.kind != .end { try parser.topLevel() }
    guard !parser.module.functions.isEmpty else {
      throw parser.error("there is no function in the text")
    }
    return parser.module
  }

  /// An alias, a module or a function.
  private mutating func topLevel() throws(StableHLOError) {
    switch token.kind {
    case .attributeName:
      let name = text
      try advance()
      try expect("=")
      attributeAliases[name] = try alias { parser throws(StableHLOError) in
        try parser.attribute()
      }
    case .typeName:
      let name = text
      try advance()
      try expect("=")
      typeAliases[name] = try alias { parser throws(StableHLOError) in try parser.type() }
    case .string: try genericModule()
    case .word:
      if isAt(word: "module") || isAt(word: "builtin.module") { return try prettyModule() }
      if isAt(word: "sdy.mesh") { return try skipMesh() }
      try function()
    case .punctuation where isAt("{"):
      // What MLIR keeps beside the module, `{-# … #-}`.
      try skipBalanced("{", "}")
    default: throw expected("a module or a function")
    }
  }

  /// `sdy.mesh @name = <["axis"=1]> {…}`: devices to share tensors out among, of which one is used.
  private mutating func skipMesh() throws(StableHLOError) {
    try advance()
    _ = try symbolName()
    try expect("=")
    try skipBalanced("<", ">")
    if isAt("{") { _ = try attributeDictionary("{", "}") }
    try skipLocation()
  }

  /// `module @name attributes {…} { … }`.
  private mutating func prettyModule() throws(StableHLOError) {
    try nested { parser throws(StableHLOError) in
      try parser.advance()
      if parser.token.kind == .symbol { _ = try parser.symbolName() }
      if try parser.skip(word: "attributes") { _ = try parser.attributeDictionary("{", "}") }
      try parser.expect("{")
      while !parser.isAt("}") { try parser.topLevel() }
      try parser.advance()
      try parser.skipLocation()
    }
  }

  /// `"builtin.module"() ({ … }) : () -> ()`, with functions in the same form.
  private mutating func genericModule() throws(StableHLOError) {
    guard text == "\"builtin.module\"" else {
      if text == "\"func.func\"" { return try genericFunction() }
      throw expected("\"builtin.module\" or \"func.func\"")
    }
    try advance()
    try expect("(")
    try expect(")")
    if isAt("<") { _ = try attribute() }
    try expect("(")
    try expect("{")
    if token.kind == .block {
      try advance()
      try expect(":")
    }
    while !isAt("}") { try genericFunction() }
    try advance()
    try expect(")")
    try genericEnd()
  }

  /// `{…} : () -> ()`.
  private mutating func genericEnd() throws(StableHLOError) {
    if isAt("{") { _ = try attributeDictionary("{", "}") }
    try expect(":")
    _ = try type()
    try skipLocation()
  }

  /// `"func.func"() <{function_type = (…) -> …, sym_name = "main"}> ({ … }) : () -> ()`.
  private mutating func genericFunction() throws(StableHLOError) {
    let offset = token.range.lowerBound
    guard token.kind == .string, text == "\"func.func\"" else { throw expected("\"func.func\"") }
    try advance()
    try expect("(")
    try expect(")")
    var attributes: [String: AttributeSyntax] = [:]
    if try skip("<") {
      attributes = try attributeDictionary("{", "}")
      try expect(">")
    }
    beginFunction()
    try expect("(")
    let body = try region(parameters: [])
    try expect(")")
    if isAt("{") { attributes.merge(try attributeDictionary("{", "}")) { first, _ in first } }
    try expect(":")
    _ = try type()
    try skipLocation()
    guard case .string(let name)? = attributes["sym_name"],
      case .type(.function(let type))? = attributes["function_type"]
    else { throw error("a function needs sym_name and function_type", at: offset) }
    guard body.parameters.map({ types[$0] }) == type.parameters else {
      throw contradiction("the parameters of @\(name) differ from its type", at: offset)
    }
    try endFunction(name, type.results, body, at: offset)
  }

  /// `func.func public @main(%arg0: type {…}) -> (type {…}) attributes {…} { … }`.
  private mutating func function() throws(StableHLOError) {
    let offset = token.range.lowerBound
    guard isAt(word: "func.func") || isAt(word: "func") else {
      throw expected("a module or a function")
    }
    try advance()
    for visibility in ["public", "private", "nested"] { _ = try skip(word: visibility) }
    let name = try symbolName()
    beginFunction()
    var parameters: [Slot] = []
    try list("(", ")") { parser throws(StableHLOError) in parameters += try parser.parameter() }
    var results: [TypeSyntax] = []
    if try skip("->") {
      if isAt("(") {
        try list("(", ")") { parser throws(StableHLOError) in
          results.append(try parser.type())
          if parser.isAt("{") { _ = try parser.attributeDictionary("{", "}") }
        }
      } else {
        results = [try type()]
      }
    }
    if try skip(word: "attributes") { _ = try attributeDictionary("{", "}") }
    guard isAt("{") else { throw expected("the body of @\(name)") }
    let body = try region(parameters: parameters)
    try skipLocation()
    try endFunction(name, results, body, at: offset)
  }

  private mutating func beginFunction() {
    types = []
    scopes = [[:]]
  }

  private mutating func endFunction(
    _ name: String, _ results: [TypeSyntax], _ body: Region, at offset: Int
  ) throws(StableHLOError) {
    scopes = []
    guard module.functions[name] == nil else {
      throw contradiction("@\(name) is defined twice", at: offset)
    }
    guard let last = body.operations.last, last.isReturn else {
      throw contradiction("@\(name) does not end with a return", at: offset)
    }
    guard last.operands.map({ types[$0] }) == results else {
      throw contradiction("@\(name) returns other types than it says", at: last.offset)
    }
    module.functions[name] = Function(
      name: name, results: results, body: body, types: types, offset: offset)
  }
}

extension Operation {
  /// Whether this ends a region and gives its results.
  var isReturn: Bool {
    ["return", "func.return", "stablehlo.return"].contains(name)
  }
}
