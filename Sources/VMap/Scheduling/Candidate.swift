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

  /// How many iterations of a loop of the NDRange one work-item computes.
  func step(along variable: LoopVariable) -> Int {
    (lanes == .outer(variable) ? laneCount : 1) * (blocks[variable] ?? 1)
  }

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
    }
    for (variable, block) in blocks.sorted(by: { $0.key < $1.key }) {
      text +=
        isStrip
        ? ", strips of up to \(block) vectors" : ", \(block) at once along \(position(variable))"
    }
    for panel in panels { text += ", b\(panel.buffer) in panels of \(panel.width)" }
    return text
  }
}
