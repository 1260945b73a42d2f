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
    if let form = operation.loopForm { try checkLoop(instruction, form, at: offset) }
    try checkResults(of: instruction, at: offset)
    builder.append(instruction)
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
    let type = ValueType(literal.type, [])
    let value = builder.emit(Literal(value: literal), [], as: [type])[0]
    scopes[scopes.count - 1].constants[literal] = value
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

  /// The state of a loop has one type at its start, in its regions and at their end, and the loop the
  /// form that is printed.
  private func checkLoop(
    _ instruction: Instruction, _ form: LoopForm, at offset: Int
  ) throws(VMapError) {
    let name = instruction.operation.name
    func types(_ values: [ValueID]) -> [ValueType] { values.map { builder.type(of: $0) } }
    let state = types(instruction.operands)
    let next = types(instruction.regions.last?.results ?? [])
    let states = instruction.regions.map { types($0.parameters) } + [next]
    let isOneState = states.allSatisfy { other in
      other.count == state.count
        && zip(other, state).allSatisfy { $0.element == $1.element && $0.shape == $1.shape }
    }
    guard isOneState else {
      throw error("\(name): the types of the state differ between regions", at: offset)
    }
    let hasForm = instruction.has(form) { value in
      instruction.regions.lazy.compactMap { $0.producer(of: value) }.first
        ?? builder.producer(of: value)
    }
    guard hasForm else { throw error("\(name): is not a loop of this form", at: offset) }
  }

  /// The printed types of the results are those that the operation's rule gives.
  private func checkResults(of instruction: Instruction, at offset: Int) throws(VMapError) {
    let inferred: [ValueType]
    do throws(VMapError) {
      inferred = try builder.program.resultTypes(
        instruction.operation, instruction.operands, instruction.regions)
    } catch {
      throw self.error(error.message, at: offset)
    }
    guard inferred.count == instruction.results.count else {
      throw error(
        "\(instruction.operation.name): has \(quantity(inferred.count, "result")), "
          + "not \(instruction.results.count)", at: offset)
    }
    for (result, type) in zip(instruction.results, inferred)
    where builder.type(of: result) != type {
      throw error(
        "the type is \(type.text), not \(builder.type(of: result).text)",
        at: typeOffsets[result] ?? offset)
    }
  }
}
