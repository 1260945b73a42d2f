/// What reading far apart costs, and what a copy that avoids it does.
extension CostModel {
  /// Rows at least so many bytes apart lie on pages of their own.
  private static let farBytes = 2048
  /// Rows so few are found where they were when the next tile reads them.
  private static let farRows = 64.0
  /// What going to a page costs.
  private static let farUnits = 8.0
  /// What one more launch costs.
  static let launchOverhead = 5000.0

  /// Whether a load takes vectors from rows that lie far apart, one after another.
  func isFar(_ load: Expression) -> Bool {
    guard case .load(_, let offset, let element) = graph[load],
      laneStride(offset) == .by(graph.index(1))
    else { return false }
    let inner = graph.variables[offset.id].filter { !schedule.parallel.contains($0) }
    guard let last = inner.max(), inner.reduce(1, { $0 * analysis.size($1) }) >= CostModel.farRows,
      case .by(let distance) = graph.stride(offset, along: last)
    else { return false }
    return graph.constant(distance).map { $0.magnitude >= CostModel.farBytes / element.byteCount }
      ?? true
  }

  /// Whether numbers so far apart lie on pages of their own: of the largest type or of none.
  func isFarLane(_ distance: Expression) -> Bool {
    graph.constant(distance).map { $0.magnitude >= CostModel.farBytes / 4 } ?? false
  }

  /// What a vector from a far row costs more: the vectors of a tile share it.
  func farCost(_ load: Expression) -> Double {
    guard !isGPU, isFar(load), let lane = schedule.laneVariables.first else { return 0 }
    return CostModel.farUnits / Double(schedule.blocks[lane] ?? 1)
  }

  /// The cost of copying an operand.
  func copyCost(_ panel: Panel) -> Double {
    let elements = (panel.outer + [panel.lane] + panel.inner).reduce(1.0) {
      $0 * analysis.size($1)
    }
    guard case .load(_, let offset, _) = graph[panel.load] else { return 0 }
    return CostModel.launchOverhead + elements / Double(schedule.laneCount)
      * (2 * loadCost(offset) + 2)
  }
}
