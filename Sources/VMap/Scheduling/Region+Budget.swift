extension Region {
  /// The instructions that use each value, those of nested regions included.
  func consumers() -> [ValueID: [Instruction]] {
    var consumers: [ValueID: [Instruction]] = [:]
    forEachInstruction { instruction in
      for operand in Set(instruction.operands) {
        consumers[operand, default: []].append(instruction)
      }
    }
    return consumers
  }

  /// How many operations one kernel may hold: the compiler's time grows faster than their number.
  static var fusionBudget: Int { 200 }
  /// How many buffers one kernel may read: its arguments have 1,024 bytes on some devices.
  private static var inputBudget: Int { 64 }

  /// Values to store so that no kernel grows beyond the budgets.
  func overBudget(
    stored: Set<ValueID>
  ) -> (kept: Set<ValueID>, counts: [ValueID: Int]) {
    var stored = stored
    var kept: Set<ValueID> = []
    var needed: [ValueID: Set<ValueID>] = [:]
    var inputs: [ValueID: Set<ValueID>] = [:]
    for instruction in instructions {
      let operands = instruction.operands + instruction.regions.flatMap { $0.captures() }
      func reach(_ known: [ValueID: Set<ValueID>]) -> Set<ValueID> {
        operands.reduce(into: []) { $0.formUnion(known[$1] ?? []) }
      }
      var own = reach(needed).union(operands)
      var buffers = reach(inputs).union(operands.filter(stored.contains))
      if own.count > Region.fusionBudget || buffers.count > Region.inputBudget {
        // The operands are stored, and the count begins again.
        let made = Set(operands).filter { needed[$0] != nil }
        kept.formUnion(made)
        stored.formUnion(made)
        for value in made {
          needed[value] = []
          inputs[value] = []
        }
        own = Set(operands)
        buffers = Set(operands)
      }
      for result in instruction.results {
        needed[result] = own
        inputs[result] = buffers
      }
    }
    return (kept, needed.mapValues(\.count))
  }
}
