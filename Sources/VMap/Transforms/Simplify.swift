extension Program {
  /// The program without what changes nothing: repeated and unused instructions, loop state that is
  /// forwarded unchanged.
  ///
  /// Sums of 16-bit numbers are spelled out in `float`.
  func simplified() -> Program {
    let wide = withoutRaggedViews().withAxisContractions().withWideSums()
    var builder = ProgramBuilder(wide)
    return builder.finish(Program.simplify(wide.body, known: [:], &builder)).withoutDeadCode()
  }

  /// The program without instructions whose results nothing needs.
  func withoutDeadCode() -> Program {
    var program = self
    var live: Set<ValueID> = []
    program.body = Program.removingDead(body, &live)
    return program
  }

  /// What two instructions must share to be one.
  private struct Key: Hashable {
    let name: String
    let attributes: [Attribute]
    let operands: [ValueID]
    let regions: [RegionForm]
  }

  private static func simplify(
    _ region: Region, known: [Key: [ValueID]], _ builder: inout ProgramBuilder
  ) -> Region {
    var known = known
    return builder.rewrite(region) { builder, instruction in
      if instruction.operation.isLoop { forwardUnchangedState(&instruction, &builder) }
      for index in instruction.regions.indices {
        instruction.regions[index] = simplify(instruction.regions[index], known: known, &builder)
      }
      let key = Key(
        name: instruction.operation.name, attributes: instruction.operation.attributes,
        operands: instruction.operands,
        regions: instruction.regions.map { [builder] in RegionForm($0, types: builder.type(of:)) })
      if let same = known[key] {
        for (old, new) in zip(instruction.results, same) { builder.replace(old, by: new) }
      } else {
        known[key] = instruction.results
        builder.append(instruction)
      }
    }
  }

  /// A slot of a loop's state that the body returns as it is becomes a use of its initial value.
  private static func forwardUnchangedState(
    _ instruction: inout Instruction, _ builder: inout ProgramBuilder
  ) {
    let body = instruction.regions[1]
    let kept = instruction.operands.indices.filter { body.results[$0] != body.parameters[$0] }
    guard kept.count < instruction.operands.count, !kept.isEmpty else { return }
    for slot in instruction.operands.indices where !kept.contains(slot) {
      let initial = instruction.operands[slot]
      builder.replace(instruction.results[slot], by: initial)
      for region in instruction.regions {
        builder.replace(region.parameters[slot], by: initial)
      }
    }
    instruction.keepState(kept)
  }

  /// Removes the tensors of a loop's state that nothing needs but they themselves.
  private static func removeDeadState(_ instruction: inout Instruction, _ live: Set<ValueID>) {
    let (condition, body) = (instruction.regions[0], instruction.regions[1])
    var kept = Set(instruction.operands.indices.filter { live.contains(instruction.results[$0]) })
    while true {
      let needed = condition.needed(by: condition.results)
        .union(body.needed(by: kept.map { body.results[$0] }))
      let next = kept.union(
        instruction.operands.indices.filter {
          needed.contains(condition.parameters[$0]) || needed.contains(body.parameters[$0])
        })
      if next == kept { break }
      kept = next
    }
    guard !kept.isEmpty, kept.count < instruction.operands.count else { return }
    instruction.keepState(kept.sorted())
  }

  private static func removingDead(_ region: Region, _ live: inout Set<ValueID>) -> Region {
    var result = region
    result.instructions = []
    live.formUnion(region.results)
    for var instruction in region.instructions.reversed() {
      guard instruction.results.contains(where: live.contains) else { continue }
      if instruction.operation.isLoop { removeDeadState(&instruction, live) }
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

extension Instruction {
  /// Leaves some of the tensors of a loop's state.
  fileprivate mutating func keepState(_ kept: [Int]) {
    operands = kept.map { operands[$0] }
    results = kept.map { results[$0] }
    for index in regions.indices {
      regions[index].parameters = kept.map { regions[index].parameters[$0] }
    }
    regions[1].results = kept.map { regions[1].results[$0] }
  }
}

extension Region {
  /// The values that some of the region's need, and these themselves.
  func needed(by values: some Sequence<ValueID>) -> Set<ValueID> {
    var needed = Set(values)
    for instruction in instructions.reversed()
    where instruction.results.contains(where: needed.contains) {
      needed.formUnion(instruction.operands)
      for region in instruction.regions { needed.formUnion(region.captures()) }
    }
    return needed
  }
}
