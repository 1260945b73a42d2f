/// Which loops the host runs.
enum HostLoops {
  /// The most elements of state that a loop of a work-item computes anew in each iteration.
  static let privateState = 256

  /// Whether an instruction is a loop that must run on the host: its body needs what other
  /// work-items compute, or an iteration makes too much of its state anew for one.
  static func needsHost(_ instruction: Instruction, _ program: Program) -> Bool {
    guard instruction.operation.isLoop else { return false }
    // On the host all examples would wait for the longest.
    if !instruction.operation.makesRows,
      changedElements(instruction, program) > privateState
    {
      return true
    }
    var needsHost = false
    for region in instruction.regions {
      region.forEachInstruction { inner in
        // What is made whole takes memory of the work-item, or time in proportion to its square.
        let size = inner.results.first.map { program.types[$0].shape } ?? []
        let isLong = inner.operation.wholeDimension.map {
          size.indices.contains($0) && (size[$0].constant ?? .max) > privateState
        }
        let isLarge =
          inner.operation.isLoop && !inner.operation.makesRows
          && changedElements(inner, program) > privateState
        needsHost = needsHost || inner.operation.crossesAxes || isLong == true || isLarge
      }
    }
    return needsHost
  }

  /// How many elements of its state an iteration of a loop makes anew.
  private static func changedElements(_ instruction: Instruction, _ program: Program) -> Int {
    guard let body = instruction.regions.last else { return 0 }
    let producers = body.producers()
    /// How many elements of a value are not those of another where it is.
    func changed(_ value: ValueID, from origin: ValueID) -> Int {
      if value == origin { return 0 }
      // A loop inside works on what it is given, and is asked for itself.
      if let producer = producers[value], producer.operation.isLoop,
        let slot = producer.results.firstIndex(of: value)
      {
        return changed(producer.operands[slot], from: origin)
      }
      if let producer = producers[value], let window = producer.updatesWindow(program) {
        return (window + changed(producer.operands[0], from: origin)).clamped
      }
      return program.types[value].shape.reduce(1) {
        ($0 * min($1.constant ?? .max, privateState + 1)).clamped
      }
    }
    return zip(body.results, body.parameters).reduce(0) { total, slot in
      (total + changed(slot.0, from: slot.1)).clamped
    }
  }
}

extension Int {
  /// The number, as far as it matters whether it is within the limit.
  fileprivate var clamped: Int { Swift.min(self, HostLoops.privateState + 1) }
}
