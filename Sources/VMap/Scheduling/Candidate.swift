/// One way to run a kernel: which loops are the NDRange, and whose iterations are the lanes.
struct Candidate {
  /// The loops of the NDRange, slowest first.
  let parallel: [LoopVariable]
  /// The loops inside a work-item, slowest first.
  let serial: [LoopVariable]
  let lanes: Kernel.Lanes
  /// How many lanes there are.
  let laneCount: Int
  /// The loops whose iterations are lanes somewhere.
  let laneVariables: Set<LoopVariable>
  /// Iterations of a loop that one work-item computes side by side.
  var blocks: [LoopVariable: Int] = [:]
  /// Operands that are copied into panels first.
  var panels: [Panel] = []
  /// Whether a work-item takes a strip: as many vectors of the lane loop as its block says, or fewer.
  var isStrip = false
  /// The tile that a group computes.
  var tile: GroupTile?

  /// How many iterations of a loop of the NDRange one work-item computes, or one group.
  func step(along variable: LoopVariable) -> Int {
    let items = tile?.sides.first { $0.variable == variable }?.items ?? 1
    return (lanes == .outer(variable) ? laneCount : items) * (blocks[variable] ?? 1)
  }

  /// How many work-items have an iteration of the NDRange's loops, or a tile of them, to themselves; nil
  /// where each has its own.
  var groupSize: Int? { lanes == .group ? laneCount : tile?.items }

  /// The choice for people; loops are named by their position among those of the stored values.
  func text(_ variables: [LoopVariable]) -> String {
    func position(_ variable: LoopVariable) -> String {
      variables.firstIndex(of: variable).map { "loop \($0)" } ?? "?"
    }
    var text: String
    switch lanes {
    case .outer(let variable): text = "lanes along \(position(variable))"
    case .inner: text = laneVariables.isEmpty ? "no lanes" : "lanes along inner loops"
    case .group: text = "groups along inner loops"
    case .tile: text = "groups"
    }
    for side in tile?.sides ?? [] { text += ", \(side.items) along \(position(side.variable))" }
    for (variable, block) in blocks.sorted(by: { $0.key < $1.key }) {
      text +=
        isStrip
        ? ", strips of up to \(block) vectors" : ", \(block) at once along \(position(variable))"
    }
    if let tile {
      let loads = tile.stages.map { "b\($0.buffer) by \($0.rows.reduce(1) { $0 * $1.count })" }
      text += ", staging \(loads.joined(separator: " and "))"
    }
    for panel in panels { text += ", b\(panel.buffer) in panels of \(panel.width)" }
    return text
  }
}
