/// Which loops the host runs.
enum HostLoops {
  /// The most elements of state that a loop keeps in a work-item.
  static let privateState = 256

  /// Whether an instruction is a loop that must run on the host: its body needs what other
  /// work-items compute, or its state is too large for one.
  static func needsHost(_ instruction: Instruction, _ program: Program) -> Bool {
    guard instruction.operation.isLoop else { return false }
    let elements = instruction.results.reduce(0) { total, result in
      total + program.types[result].shape.reduce(1) { $0 * ($1.constant ?? privateState + 1) }
    }
    if elements > privateState { return true }
    var crosses = false
    for region in instruction.regions {
      region.forEachInstruction { inner in
        // What is made whole takes memory of the work-item, or time in proportion to its square.
        let size = inner.results.first.map { program.types[$0].shape } ?? []
        let isLong = inner.operation.wholeDimension.map {
          size.indices.contains($0) && (size[$0].constant ?? .max) > privateState
        }
        crosses = crosses || inner.operation.crossesAxes || isLong == true
      }
    }
    return crosses
  }
}
