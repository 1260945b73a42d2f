extension ProgramParser {
  /// An instruction: results with their types, the operation, operands and regions.
  mutating func parseInstruction() throws(VMapError) {
    // The results are in scope after the instruction, not in it: their types are kept aside.
    var names: [String] = []
    scopes.append(Scope())
    while !isAt("=") {
      guard case .word(let name) = current.kind else {
        throw expected("\"=\", a result or \"in\"")
      }
      names.append(name)
      _ = try parseDeclaration()
    }
    let declared = scopes.removeLast().values
    advance()
    let offset = current.offset
    let name = try word("the name of an operation")
    let attributes = try parseAttributes()
    let operation: any Operation
    do throws(VMapError) {
      operation = try OperationRegistry.make(name: name, attributes: attributes)
    } catch {
      throw self.error(error.message, at: offset)
    }
    var instruction = Instruction(
      operation: operation, operands: try parseOperands(of: name, at: offset), results: [])
    instruction.results = names.compactMap { declared[$0] }
    for label in OperationRegistry.regionNames(of: name) {
      instruction.regions.append(try parseNestedRegion(label))
    }
    if operation.isLoop { try checkLoop(instruction, at: offset) }
    try checkResults(of: instruction, at: offset)
    scopes[scopes.count - 1].region.instructions.append(instruction)
    for (name, value) in declared { scopes[scopes.count - 1].values[name] = value }
  }

  private mutating func parseOperands(
    of operation: String, at offset: Int
  ) throws(VMapError) -> [ValueID] {
    var operands: [ValueID] = []
    while true {
      switch current.kind {
      case .number: operands.append(try parseOperand())
      case .word(let word) where isConstant(word) || lookahead.kind != .mark(":") && word != "in":
        operands.append(try parseOperand())
      default:
        let count = OperationRegistry.operandCount(of: operation) ?? 0...0
        guard count.contains(operands.count) else {
          throw error(
            "\(operation): does not take \(quantity(operands.count, "operand"))", at: offset)
        }
        return operands
      }
    }
  }

  /// The use of a value or a constant.
  mutating func parseOperand() throws(VMapError) -> ValueID {
    if case .word(let name) = current.kind, !isConstant(name) {
      for scope in scopes.reversed() {
        if let value = scope.values[name] {
          advance()
          return value
        }
      }
      throw error("there is no value \(name) here", at: current.offset)
    }
    let literal = try parseLiteral()
    for scope in scopes.reversed() {
      if let value = scope.constants[literal] { return value }
    }
    let value = program.makeValue(ValueType(literal.type, []))
    scopes[scopes.count - 1].constants[literal] = value
    scopes[scopes.count - 1].region.instructions.append(
      Instruction(operation: Literal(value: literal), operands: [], results: [value]))
    return value
  }

  /// A region of an instruction, `{ body: a:f32[]. let … in (a,) }`.
  private mutating func parseNestedRegion(_ label: String) throws(VMapError) -> Region {
    guard scopes.count < ProgramParser.maximumDepth else {
      throw expected("regions that are less nested")
    }
    try expect("{")
    try expect(word: label)
    try expect(":")
    scopes.append(Scope())
    return try parseRegion(parameters: try parseParameters())
  }

  /// The state of a loop has one type at its start, in its regions and at their end.
  private func checkLoop(_ instruction: Instruction, at offset: Int) throws(VMapError) {
    let state = instruction.operands.map { program.types[$0] }
    let next = instruction.regions.last?.results.map { program.types[$0] } ?? []
    let states = instruction.regions.map { $0.parameters.map { program.types[$0] } } + [next]
    let isOneState = states.allSatisfy { other in
      other.count == state.count
        && zip(other, state).allSatisfy { $0.element == $1.element && $0.shape == $1.shape }
    }
    guard isOneState else {
      throw error(
        "\(instruction.operation.name): the types of the state differ between regions", at: offset)
    }
  }

  /// The printed types of the results are those that the operation's rule gives.
  private func checkResults(of instruction: Instruction, at offset: Int) throws(VMapError) {
    let inferred: [ValueType]
    do throws(VMapError) {
      inferred = try program.resultTypes(
        instruction.operation, instruction.operands, instruction.regions)
    } catch {
      throw self.error(error.message, at: offset)
    }
    guard inferred.count == instruction.results.count else {
      throw error(
        "\(instruction.operation.name): has \(quantity(inferred.count, "result")), "
          + "not \(instruction.results.count)", at: offset)
    }
    for (result, type) in zip(instruction.results, inferred) where program.types[result] != type {
      throw error(
        "the type is \(type.text), not \(program.types[result].text)",
        at: typeOffsets[result] ?? offset)
    }
  }
}
