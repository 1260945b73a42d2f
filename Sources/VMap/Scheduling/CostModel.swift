/// What a schedule costs, in fused multiply-adds or vectors of them: the one place where schedules
/// are compared.
struct CostModel {
  let graph: ExpressionGraph
  let analysis: KernelAnalysis
  let width: Int
  let parallel: [LoopVariable]
  let lanes: Kernel.Lanes
  let blocks: [LoopVariable: Int]
  /// The innermost loops whose iterations are the lanes.
  let laneVariables: Set<LoopVariable>
  /// Operands that are copied into panels first.
  var panels: [Panel] = []

  /// What decoding its index and starting costs a work-item.
  static let itemOverhead = 4.0

  /// The number of work-items, with batches of an assumed size.
  var items: Double {
    parallel.reduce(1) { total, variable in
      let step = (lanes == .outer(variable) ? width : 1) * (blocks[variable] ?? 1)
      return total * max(1, (analysis.size(variable) / Double(step)).rounded(.up))
    }
  }

  /// The cost of the whole kernel.
  var total: Double {
    var cost = 0.0
    for expression in analysis.nodes { cost += unit(expression) * executions(expression) }
    return items * (cost + CostModel.itemOverhead + Double(parallel.count - 1) * 6)
      + panels.reduce(0) { $0 + copyCost($1) }
  }

  /// How often a work-item executes an expression, counting a vector once.
  private func executions(_ expression: Expression) -> Double {
    let around = analysis.loops(around: expression)
    var count = 1.0
    for variable in around where !parallel.contains(variable) {
      let size = analysis.size(variable)
      let isLane =
        laneVariables.contains(variable)
        && graph.dependencies(expression).contains(variable)
      count *= isLane ? (size / Double(width)).rounded(.up) : size
    }
    for (variable, block) in blocks where graph.dependencies(expression).contains(variable) {
      count *= Double(block)
    }
    return count
  }

  private func unit(_ expression: Expression) -> Double {
    switch graph[expression] {
    case .apply(let function, _, _): return Double(function.cost)
    case .load(_, let offset, _):
      if panels.contains(where: { $0.load == expression }) { return 1 }
      return loadCost(offset) + farCost(expression)
    case .local(_, let index, _, _): return laneStride(index) == .irregular ? Double(width) : 0.5
    case .quotient, .remainder: return 4
    default: return 0
    }
  }

  func loadCost(_ offset: Expression) -> Double {
    switch laneStride(offset) {
    case .none: 0.5
    case .by(let stride): graph.constant(stride) == 1 ? 1 : 0.7 * Double(width)
    case .irregular: Double(width)
    }
  }

  /// How an offset moves from lane to lane.
  func laneStride(_ offset: Expression) -> ExpressionGraph.Stride {
    for variable in laneVariables {
      let stride = graph.stride(offset, along: variable)
      if stride != .none { return stride }
    }
    return .none
  }
}
