extension Program {
  /// The program without what changes nothing: repeated and unused instructions, loop state that is
  /// forwarded unchanged.
  ///
  /// Sums of 16-bit numbers are spelled out in `float`.
  func simplified() -> Program {
    var program = withWideSums()
    var replacements: [ValueID: ValueID] = [:]
    program.body = Program.simplify(program.body, &replacements, known: [:])
    program.body.results = program.body.results.map { replacements[$0] ?? $0 }
    var live = Set(program.body.results)
    program.body = Program.removingDead(program.body, &live)
    return program
  }

  /// What two instructions must share to be one.
  private struct Key: Hashable {
    let name: String
    let attributes: [Attribute]
    let operands: [ValueID]
  }

  private static func simplify(
    _ region: Region, _ replacements: inout [ValueID: ValueID], known: [Key: [ValueID]]
  ) -> Region {
    var known = known
    var result = region
    result.instructions = []
    for var instruction in region.instructions {
      instruction.operands = instruction.operands.map { replacements[$0] ?? $0 }
      if instruction.operation.isLoop {
        forwardUnchangedState(&instruction, &replacements)
      }
      for index in instruction.regions.indices {
        var inner = simplify(instruction.regions[index], &replacements, known: known)
        inner.results = inner.results.map { replacements[$0] ?? $0 }
        instruction.regions[index] = inner
      }
      if instruction.regions.isEmpty {
        let key = Key(
          name: instruction.operation.name, attributes: instruction.operation.attributes,
          operands: instruction.operands)
        if let same = known[key] {
          for (old, new) in zip(instruction.results, same) { replacements[old] = new }
          continue
        }
        known[key] = instruction.results
      }
      result.instructions.append(instruction)
    }
    return result
  }

  /// A slot of a loop's state that the body returns as it is becomes a use of its initial value.
  private static func forwardUnchangedState(
    _ instruction: inout Instruction, _ replacements: inout [ValueID: ValueID]
  ) {
    let body = instruction.regions[1]
    let kept = instruction.operands.indices.filter { body.results[$0] != body.parameters[$0] }
    guard kept.count < instruction.operands.count, !kept.isEmpty else { return }
    for slot in instruction.operands.indices where !kept.contains(slot) {
      replacements[instruction.results[slot]] = instruction.operands[slot]
      for region in instruction.regions {
        replacements[region.parameters[slot]] = instruction.operands[slot]
      }
    }
    instruction.operands = kept.map { instruction.operands[$0] }
    instruction.results = kept.map { instruction.results[$0] }
    for index in instruction.regions.indices {
      instruction.regions[index].parameters = kept.map {
        instruction.regions[index].parameters[$0]
      }
    }
    instruction.regions[1].results = kept.map { body.results[$0] }
  }

  private static func removingDead(_ region: Region, _ live: inout Set<ValueID>) -> Region {
    var result = region
    result.instructions = []
    live.formUnion(region.results)
    for var instruction in region.instructions.reversed() {
      guard instruction.results.contains(where: live.contains) else { continue }
      for index in instruction.regions.indices {
        instruction.regions[index] = removingDead(instruction.regions[index], &live)
      }
      live.formUnion(instruction.operands)
      result.instructions.append(instruction)
    }
    result.instructions.reverse()
    return result
  }
}
