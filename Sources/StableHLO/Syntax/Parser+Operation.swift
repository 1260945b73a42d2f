import VMap

extension Parser {
  /// `{ … }`, with `^bb0(%arg0: type):` in front where the parameters stand there.
  mutating func region(parameters: [Slot]) throws(StableHLOError) -> Region {
    try nested { parser throws(StableHLOError) in
      var region = Region(parameters: parameters)
      try parser.expect("{")
      parser.scopes.append([:])
      if parser.token.kind == .block { region.parameters += try parser.blockHeader() }
      while !parser.isAt("}") {
        if parser.token.kind == .block {
          throw parser.error("a region has one block: branches between blocks are not StableHLO")
        }
        region.operations.append(try parser.operation())
      }
      try parser.advance()
      parser.scopes.removeLast()
      return region
    }
  }

  /// `^bb0(%arg0: type):`.
  private mutating func blockHeader() throws(StableHLOError) -> [Slot] {
    try advance()
    var slots: [Slot] = []
    if isAt("(") {
      try list("(", ")") { parser throws(StableHLOError) in slots += try parser.parameter() }
    }
    try expect(":")
    return slots
  }

  /// `%arg0: type {attributes} loc(…)`, which is defined.
  mutating func parameter() throws(StableHLOError) -> [Slot] {
    guard token.kind == .value else { throw expected("a parameter") }
    let start = token.range.lowerBound
    let name = nameText
    try advance()
    try expect(":")
    let type = try type()
    if isAt("{") { _ = try attributeDictionary("{", "}") }
    try skipLocation()
    return try define(name, [type], at: start)
  }

  /// `%0:2, %1 = name …`.
  private mutating func operation() throws(StableHLOError) -> Operation {
    var names: [(name: String, count: Int, offset: Int)] = []
    if token.kind == .value {
      repeat {
        guard token.kind == .value else { throw expected("a value") }
        let offset = token.range.lowerBound
        let name = nameText
        try advance()
        var count = 1
        if try skip(":") {
          let start = token.range.lowerBound
          guard let given = Int(try take(.integer, "a number of results")), given > 0,
            given < 1 << 20
          else { throw error("expected a number of results", at: start) }
          count = given
        }
        names.append((name, count, offset))
      } while try skip(",")
      try expect("=")
    }
    let start = token.range.lowerBound
    var (operation, types) =
      token.kind == .string ? try genericOperation() : try prettyOperation()
    operation.offset = start
    try skipLocation()
    let count = names.reduce(0) { $0 + $1.count }
    guard count == types.count || names.isEmpty else {
      throw contradiction(
        "\(operation.name) gives \(quantity(types.count, "result")), \(count) are named", at: start)
    }
    guard !names.isEmpty else {
      operation.results = try addValues(types, at: start)
      return operation
    }
    var rest = types[...]
    for (name, count, offset) in names {
      operation.results += try define(name, Array(rest.prefix(count)), at: offset)
      rest = rest.dropFirst(count)
    }
    return operation
  }

  /// `"name"(%0, %1) <{properties}> ({region}, {region}) {attributes} : (types) -> types`.
  private mutating func genericOperation() throws(StableHLOError) -> (Operation, [TypeSyntax]) {
    var operation = Operation(name: try stringValue())
    try list("(", ")") { parser throws(StableHLOError) in
      operation.operands.append(try parser.use())
    }
    if isAt("[") { throw error("branches between blocks are not StableHLO") }
    if try skip("<") {
      operation.attributes = try attributeDictionary("{", "}")
      try expect(">")
    }
    if isAt("(") {
      try list("(", ")") { parser throws(StableHLOError) in
        operation.regions.append(try parser.region(parameters: []))
      }
    }
    if isAt("{") {
      operation.attributes.merge(try attributeDictionary("{", "}")) { first, _ in first }
    }
    try expect(":")
    return (operation, try functionType(of: operation))
  }

  /// `(types) -> types`: those of the operands are checked, those of the results returned.
  mutating func functionType(of operation: Operation) throws(StableHLOError) -> [TypeSyntax] {
    let start = token.range.lowerBound
    guard case .function(let function) = try type() else {
      throw error("expected the types of the operands and the results", at: start)
    }
    try check(operation, function.parameters, at: start)
    return function.results
  }

  /// Holds the types of the operands against those they are said to have.
  func check(
    _ operation: Operation, _ operands: [TypeSyntax], at offset: Int
  ) throws(StableHLOError) {
    guard operands.count == operation.operands.count else {
      throw contradiction(
        "\(operation.name) has \(quantity(operation.operands.count, "operand")) and \(operands.count) types",
        at: offset)
    }
    for (position, (slot, type)) in zip(operation.operands, operands).enumerated()
    where types[slot] != type {
      throw contradiction(
        "operand \(position) of \(operation.name) is \(types[slot]), not \(type)", at: offset)
    }
  }
}
