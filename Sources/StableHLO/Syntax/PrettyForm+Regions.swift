import VMap

// The pretty forms of operations with regions.

extension Parser {
  /// `stablehlo.while(%iterArg = %0, …) : types cond { … } do { … }`.
  mutating func prettyWhile() throws(StableHLOError) -> (Operation, [TypeSyntax]) {
    var operation = Operation(name: "stablehlo.while")
    var names: [(name: String, offset: Int)] = []
    try list("(", ")") { parser throws(StableHLOError) in
      guard parser.token.kind == .value else { throw parser.expected("a value") }
      names.append((parser.nameText, parser.token.range.lowerBound))
      try parser.advance()
      try parser.expect("=")
      operation.operands.append(try parser.use())
    }
    var types: [TypeSyntax] = []
    if try skip(":") {
      let start = token.range.lowerBound
      repeat { types.append(try type()) } while try skip(",")
      try check(operation, types, at: start)
    }
    if try skip(word: "attributes") { operation.attributes = try attributeDictionary("{", "}") }
    for word in ["cond", "do"] {
      try expect(word: word)
      scopes.append([:])
      var parameters: [Slot] = []
      for ((name, offset), type) in zip(names, types) {
        parameters += try define(name, [type], at: offset)
      }
      operation.regions.append(try region(parameters: parameters))
      scopes.removeLast()
    }
    return (operation, types)
  }

  /// `stablehlo.reduce(%0 init: %1), … applies stablehlo.add across dimensions = [0] : types`, or
  /// with `reducer(%a: type, %b: type) { … }` behind the types.
  mutating func prettyReduce() throws(StableHLOError) -> (Operation, [TypeSyntax]) {
    var operation = Operation(name: "stablehlo.reduce")
    var initial: [Slot] = []
    repeat {
      try expect("(")
      operation.operands.append(try use())
      try expect(word: "init")
      try expect(":")
      initial.append(try use())
      try expect(")")
    } while try skip(",")
    operation.operands += initial
    var function: String?
    let functionStart = token.range.lowerBound
    if try skip(word: "applies") { function = try take(.word, "an operation") }
    try expect(word: "across")
    try expect(word: "dimensions")
    try expect("=")
    operation.attributes["dimensions"] = try attribute()
    if isAt("{") {
      operation.attributes.merge(try attributeDictionary("{", "}")) { first, _ in first }
    }
    try expect(":")
    let results = try functionType(of: operation)
    if let function {
      operation.regions = [appliedRegion(function, initial.map { types[$0] }, at: functionStart)]
    } else {
      operation.regions = [try reducer(count: initial.count)]
    }
    return (operation, results)
  }

  /// `reducer(%a: type, %b: type) (%c: type, %d: type) { … }`: a pair for each operand.
  private mutating func reducer(count: Int) throws(StableHLOError) -> Region {
    try expect(word: "reducer")
    scopes.append([:])
    var pairs: [[Slot]] = []
    while isAt("(") {
      var pair: [Slot] = []
      try list("(", ")") { parser throws(StableHLOError) in pair += try parser.parameter() }
      guard pair.count == 2 else { throw error("a reducer has two parameters for each operand") }
      pairs.append(pair)
    }
    guard pairs.count == count else {
      throw error("a reducer has two parameters for each of \(quantity(count, "operand"))")
    }
    let region = try region(parameters: pairs.map { $0[0] } + pairs.map { $0[1] })
    scopes.removeLast()
    return region
  }

  /// The region that applies one operation to its parameters.
  private mutating func appliedRegion(
    _ name: String, _ elements: [TypeSyntax], at offset: Int
  ) -> Region {
    let parameters = Array(types.count..<types.count + 2 * elements.count)
    types += elements + elements
    var region = Region(parameters: parameters)
    let results = Array(types.count..<types.count + elements.count)
    types += elements
    region.operations = [
      Operation(name: name, operands: parameters, results: results, offset: offset),
      Operation(name: "stablehlo.return", operands: results, offset: offset),
    ]
    return region
  }
}
