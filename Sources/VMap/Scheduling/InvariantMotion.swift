/// Moves out of loops what is the same in all of their iterations, where computing it again would cost:
/// outside it can lie in a buffer, made once for all that it does not vary over.
///
/// A branch computes what it alone needs only where it is taken, so nothing leaves one.
struct InvariantMotion {
  let weights: OperationWeights

  func moved(_ program: Program) -> Program {
    var builder = ProgramBuilder(program)
    return builder.finish(moved(program.body, &builder))
  }

  private func moved(_ region: Region, _ builder: inout ProgramBuilder) -> Region {
    builder.rewrite(region) { builder, instruction in
      if let form = instruction.loopForm {
        for index in instruction.regions.indices {
          instruction.regions[index] = moved(instruction.regions[index], &builder)
          if form == .once { continue }
          let (invariant, rest) = split(instruction.regions[index])
          for inner in invariant { builder.append(inner) }
          instruction.regions[index].instructions = rest
        }
      }
      builder.append(instruction)
    }
  }

  /// What of a loop's region is worth computing before the loop, with all that it needs, and the rest.
  private func split(_ region: Region) -> (invariant: [Instruction], rest: [Instruction]) {
    var varying = Set(region.parameters)
    var producers: [ValueID: Int] = [:]
    for (number, instruction) in region.instructions.enumerated() {
      let used = instruction.operands + instruction.regions.flatMap { $0.captures() }
      if used.contains(where: varying.contains) {
        varying.formUnion(instruction.results)
      } else {
        for result in instruction.results { producers[result] = number }
      }
    }
    var isMoved = [Bool](repeating: false, count: region.instructions.count)
    var pending = Set(producers.values).filter { isWorthMoving(region.instructions[$0]) }
    while let number = pending.popFirst() {
      guard !isMoved[number] else { continue }
      isMoved[number] = true
      let instruction = region.instructions[number]
      for value in instruction.operands + instruction.regions.flatMap({ $0.captures() }) {
        if let producer = producers[value] { pending.insert(producer) }
      }
    }
    let numbered = region.instructions.enumerated()
    return (
      numbered.filter { isMoved[$0.offset] }.map(\.element),
      numbered.filter { !isMoved[$0.offset] }.map(\.element)
    )
  }

  private func isWorthMoving(_ instruction: Instruction) -> Bool {
    // A loop that might not end must not run where the one around it would not.
    if let form = instruction.loopForm { return form.ends }
    let weight = weights.weight(of: instruction)
    // What has one element is computed outside of the loop wherever it is used.
    return weight.reduces
      || weight.cost >= Partition.repetitionCost && weights.hasDimensions(instruction)
  }
}
