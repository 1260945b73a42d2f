@testable import VMap

/// Changes to programs that keep them well typed, or throw.
extension Program {
  /// The program with the types of all values inferred again from those of its parameters; loops that
  /// have lost their form are open.
  func reinferred() throws -> Program {
    let producers = producers()
    var program = rewritten { builder, instruction in
      if let form = instruction.loopForm, !instruction.has(form, { producers[$0] }) {
        instruction.operation = While()
      }
      builder.append(instruction)
    }
    try program.inferShapes(program.body)
    try program.inferTypes(program.body)
    return program
  }

  private mutating func inferShapes(_ region: Region) throws {
    for instruction in region.instructions {
      let operands = instruction.operands.map { types[$0] }
      if instruction.operation.isLoop {
        for region in instruction.regions {
          guard region.parameters.count == operands.count else {
            throw InterpreterError("the state of a loop has another size")
          }
          for (parameter, type) in zip(region.parameters, operands) { types[parameter] = type }
        }
      } else if !instruction.regions.isEmpty {
        var tensors: [TensorType] = []
        for operand in operands { tensors.append(try operand.tensorType(for: "")) }
        let axes = operands.reduce(AxisSet.none) { $0.union($1.axes) }
        let regions = instruction.operation.elementRegions(tensors)
        for (region, elements) in zip(instruction.regions, regions) {
          guard region.parameters.count == elements.count else {
            throw InterpreterError("a function of elements has other parameters")
          }
          for (parameter, type) in zip(region.parameters, elements) {
            types[parameter] = ValueType(type.element, [], axes: axes)
          }
        }
      }
      for region in instruction.regions { try inferShapes(region) }
      let inferred = try resultTypes(
        instruction.operation, instruction.operands, instruction.regions)
      guard inferred.count == instruction.results.count else {
        throw InterpreterError("\(instruction.operation.name) has other results")
      }
      for (result, type) in zip(instruction.results, inferred) { types[result] = type }
    }
  }

  /// The program with other instructions in the place of each.
  func mapInstructions(_ change: (Instruction) -> [Instruction]) -> Program {
    rewritten { builder, instruction in
      for other in change(instruction) { builder.append(other) }
    }
  }

  /// The program with other values in the place of some.
  func replacing(_ substitution: Substitution) -> Program {
    var program = self
    program.body = body.replacing(substitution)
    return program
  }
}

extension RandomCase {
  /// The case without what its results do not need, its types inferred again.
  func cleaned() throws -> RandomCase {
    var cleaned = self
    cleaned.program = program.withoutDeadCode()
    var used = Set(cleaned.program.body.results)
    cleaned.program.body.forEachInstruction { instruction in
      used.formUnion(instruction.operands)
      for region in instruction.regions { used.formUnion(region.results) }
    }
    let parameters = program.body.parameters
    let kept = parameters.indices.filter { used.contains(parameters[$0]) }
    cleaned.program.body.parameters = kept.map { parameters[$0] }
    cleaned.program.inputCount = kept.count
    cleaned.inputs = kept.map { inputs[$0] }
    cleaned.program = try cleaned.program.reinferred()
    return cleaned
  }

  /// How large a case is: operations, then their text and what it is run on.
  var cost: Int {
    let elements = sizes.joined().reduce(0, +) + sizes.count
    return program.operationCount * 2000 + program.text.utf8.count + elements
  }

  /// A new parameter with the type of a value, its axes bound; the value to use in its place.
  mutating func addInput(like value: ValueID, seed: UInt64) -> ValueID {
    let type = program.types[value]
    let extents = type.axes.ids.map { program.axes[$0].extent }
    var bound = program.makeValue(ValueType(type.element, extents + type.shape))
    program.body.parameters.append(bound)
    program.inputCount += 1
    inputs.append(Input(seed: seed))
    var binds: [Instruction] = []
    for axis in type.axes.ids {
      var next = program.types[bound]
      next.shape.removeFirst()
      next.axes = next.axes.inserting(axis)
      let result = program.makeValue(next)
      binds.append(
        Instruction(
          operation: BindAxis(axis: axis, dimension: 0), operands: [bound], results: [result]))
      bound = result
    }
    program.body.instructions.insert(contentsOf: binds, at: 0)
    return bound
  }
}
