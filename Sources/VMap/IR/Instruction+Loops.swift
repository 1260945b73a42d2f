extension Instruction {
  /// Whether this is a loop that runs once or not at all: on a truth value that its body makes false.
  var isBranch: Bool {
    guard operation.isLoop, regions.count == 2, let test = regions[0].parameters.first,
      regions[0].results == [test], let next = regions[1].results.first
    else { return false }
    return regions[1].instructions.contains { instruction in
      instruction.results == [next]
        && (instruction.operation as? Literal)?.value == .zero(.bool)
    }
  }

  /// Whether this is a loop that a counter ends: each iteration adds to a number that must be below
  /// another one, which no iteration changes.
  ///
  /// - Parameter producers: The instruction that makes each value of the program.
  func isCounted(_ producers: [ValueID: Instruction]) -> Bool {
    guard operation.isLoop, regions.count == 2, let test = regions[0].results.first,
      let comparison = producers[test], comparison.operation.name == "lt",
      let counter = regions[0].parameters.firstIndex(of: comparison.operands[0]),
      let next = producers[regions[1].results[counter]],
      next.operation.name == "add",
      let own = next.operands.firstIndex(of: regions[1].parameters[counter]),
      let step = (producers[next.operands[1 - own]]?.operation as? Literal)?.value
    else { return false }
    let limit = comparison.operands[1]
    if let slot = regions[0].parameters.firstIndex(of: limit),
      regions[1].results[slot] != regions[1].parameters[slot]
    {
      return false
    }
    // What the condition computes anew may change.
    let isComputed = regions[0].instructions.contains {
      $0.results.contains(limit) && !$0.operands.isEmpty
    }
    return !isComputed && step.type.isInteger && step.integer > 0
  }
}
