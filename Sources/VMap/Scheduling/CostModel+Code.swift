/// What compiling a schedule's kernel costs the driver: what is computed side by side is written out.
extension CostModel {
  /// So many instructions take no time to speak of, and so many more must save half of a kernel's time: a
  /// driver compiles some fifty vector instructions a millisecond.
  private static let (plainCode, dearCode) = (300.0, 1000.0)

  /// How many times better a schedule has to be for the code that it takes.
  func worth(storing stores: [Scheduler.Store]) -> Double {
    if isGPU || schedule.blocks.isEmpty { return 1 }
    return 1 + max(0, code(storing: stores) - CostModel.plainCode) / CostModel.dearCode
  }

  /// About how many instructions the kernel is written in.
  private func code(storing stores: [Scheduler.Store]) -> Double {
    let expressions = analysis.nodes.map { ($0, instructions($0)) }
    let stored = stores.map { ($0.offset, Double($0.type.partCount) * moves($0.offset)) }
    let all = expressions + stored
    let whole = all.reduce(0) { $0 + $1.1 * Double(copies(of: $1.0)) }
    // Where a tile reaches beyond the end its iterations are gone through one by one.
    return schedule.blocks.isEmpty ? whole : whole + all.reduce(0) { $0 + $1.1 }
  }

  /// How many times an expression is written.
  private func copies(of expression: Expression) -> Int {
    let dependencies = graph.dependencies(expression)
    return schedule.blocks.reduce(1) { $0 * (dependencies.contains($1.key) ? $1.value : 1) }
  }

  private func instructions(_ expression: Expression) -> Double {
    switch graph[expression] {
    case .apply(let function, _, _): Double(max(1, function.cost))
    case .load(_, let offset, _):
      schedule.panels.contains(where: { $0.load == expression }) ? 1 : moves(offset)
    default: 0
    }
  }

  /// How many instructions bring the elements of a vector from or to where they lie.
  private func moves(_ offset: Expression) -> Double {
    switch laneStride(offset) {
    case .none: 1
    case .by(let stride) where graph.constant(stride) == 1: 1
    default: 2 * Double(schedule.laneCount)
    }
  }
}
