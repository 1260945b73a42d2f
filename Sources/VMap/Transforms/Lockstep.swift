/// Loops over a whole batch, as `jax.vmap` runs them: for bodies in which an example needs the others.
enum Lockstep {
  /// The program with its host loops in lockstep: where a predicate varies, all examples go on while
  /// any of them does, and those that are done keep their state.
  static func frozen(
    _ region: Region, _ program: inout Program, _ isHostLoop: (Instruction, Program) -> Bool
  ) -> Region {
    var result = region
    result.instructions = []
    for var instruction in region.instructions {
      if isHostLoop(instruction, program) {
        for inner in instruction.regions.indices {
          instruction.regions[inner] = frozen(instruction.regions[inner], &program, isHostLoop)
        }
        let predicate = instruction.regions[0].results[0]
        if !program.types[predicate].axes.isEmpty { freezeFinished(&instruction, &program) }
        result.instructions += widenInitial(&instruction, &program)
      }
      result.instructions.append(instruction)
    }
    return result
  }

  /// Makes the initial state vary over all that the state does, for it lies in one buffer: copies of
  /// what varies over less.
  private static func widenInitial(
    _ instruction: inout Instruction, _ program: inout Program
  ) -> [Instruction] {
    var copies: [Instruction] = []
    for (slot, parameter) in instruction.regions[1].parameters.enumerated() {
      let operand = instruction.operands[slot]
      let type = program.types[parameter]
      guard program.types[operand].axes != type.axes else { continue }
      let wide = program.makeValue(type)
      copies.append(
        Instruction(
          operation: Convert(target: type.element, keepsBits: false), operands: [operand],
          results: [wide]))
      instruction.operands[slot] = wide
    }
    return copies
  }

  private static func freezeFinished(_ instruction: inout Instruction, _ program: inout Program) {
    let condition = instruction.regions[0]
    let predicate = condition.results[0]
    // Whether any example goes on.
    var any = predicate
    for axis in program.types[predicate].axes.ids {
      let type = ValueType(.bool, [], axes: program.types[any].axes.removing(axis))
      let next = program.makeValue(type)
      instruction.regions[0].instructions.append(
        Instruction(
          operation: AxisReduce(kind: .or, axis: axis), operands: [any], results: [next]))
      any = next
    }
    instruction.regions[0].results = [any]
    // The body decides again for each example, from the state it is given.
    var copies: [ValueID: ValueID] = [:]
    for (own, other) in zip(instruction.regions[1].parameters, condition.parameters) {
      copies[other] = own
    }
    let test = condition.instructions.map { $0.copy(&copies, &program) }
    let going = copies[predicate] ?? predicate
    instruction.regions[1].instructions = test + instruction.regions[1].instructions
    for (slot, next) in instruction.regions[1].results.enumerated() {
      let own = instruction.regions[1].parameters[slot]
      let kept = program.makeValue(program.types[own])
      instruction.regions[1].instructions.append(
        Instruction(
          operation: Elementwise.choice, operands: [going, next, own], results: [kept]))
      instruction.regions[1].results[slot] = kept
    }
  }
}

extension Instruction {
  /// The same instruction with results of its own, reading copies where there are some.
  fileprivate func copy(_ copies: inout [ValueID: ValueID], _ program: inout Program) -> Instruction
  {
    var result = self
    result.operands = operands.map { copies[$0] ?? $0 }
    for index in regions.indices {
      for parameter in regions[index].parameters {
        copies[parameter] = program.makeValue(program.types[parameter])
      }
      result.regions[index].parameters = regions[index].parameters.map { copies[$0] ?? $0 }
      result.regions[index].instructions = []
      for inner in regions[index].instructions {
        result.regions[index].instructions.append(inner.copy(&copies, &program))
      }
      result.regions[index].results = regions[index].results.map { copies[$0] ?? $0 }
    }
    for value in results { copies[value] = program.makeValue(program.types[value]) }
    result.results = results.map { copies[$0] ?? $0 }
    return result
  }
}
