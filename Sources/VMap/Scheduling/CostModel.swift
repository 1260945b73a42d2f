import Device

/// What a schedule costs, in fused multiply-adds or vectors of them: the one place where schedules
/// are compared.
struct CostModel {
  let graph: ExpressionGraph
  let analysis: KernelAnalysis
  let profile: Profile
  let schedule: Candidate
  var replacement: Kernel.Replacement?

  /// What decoding its index and starting costs a work-item.
  static let itemOverhead = 4.0
  /// What a GPU's work-item pays for an element that does not lie beside its neighbour's.
  static let scattered = 8.0
  /// What a scalar costs of what a vector does.
  static let uniform = 0.5
  /// What a lane costs that is loaded by itself: on its neighbours' page, or on a page of its own.
  static let (nearLane, farLane) = (0.7, 2.0)
  /// What an element costs in local memory, and what it costs to bring it there.
  static let (staged, staging) = (0.25, 1.5)
  /// What waiting for the other work-items of a group costs.
  static let barrier = 2.0
  /// The longest array that a GPU's work-item has in registers.
  static let registerArray = 16
  /// How many work-items a compute unit of a GPU needs to hide what memory and arithmetic take.
  static let itemsPerComputeUnit = 1024.0
  /// How much local memory a compute unit has for all groups, beside what one of them may have.
  static let localMemory = 4
  /// How many work-items a compute unit needs to have at once.
  static let busyItems = 256.0
  /// How much larger batches are on a GPU: what is slow for small ones takes no time to speak of.
  static let batchFactor = 4.0

  var isGPU: Bool { profile.kind != .cpu }

  /// The number of iterations of the NDRange's loops, with batches of an assumed size.
  private var rounds: Double {
    schedule.parallel.reduce(1) { total, variable in
      let step = Double(schedule.step(along: variable))
      return total * max(1, (size(variable) / step).rounded(.up))
    }
  }

  /// The size of a loop that stored values have.
  private func size(_ variable: LoopVariable) -> Double {
    let isBatch = !graph.extent(of: variable).symbols.isEmpty
    return analysis.size(variable) * (isGPU && isBatch ? CostModel.batchFactor : 1)
  }

  /// The number of work-items.
  var items: Double {
    rounds * Double(schedule.groupSize ?? 1)
  }

  /// The cost of one work-item.
  private var item: Double {
    var cost = 0.0
    for expression in analysis.nodes { cost += unit(expression) * executions(expression) }
    // The elements that are replaced are read and written.
    if let replacement {
      cost += 2 * loadCost(replacement.offset) * executions(replacement.offset)
    }
    for id in analysis.reductions { cost += interleaving(graph.reductions[id], id) }
    let decoding = 6 * Double(max(0, schedule.parallel.count - 1))
    return cost + combining + staging + CostModel.itemOverhead + decoding
  }

  /// The cost of what computes one iteration of the NDRange's loops.
  var round: Double { item * items / max(1, rounds) }

  /// The cost of the whole kernel, with what its stores cost.
  func total(storing stores: Double) -> Double {
    let copies = schedule.panels.reduce(0) { $0 + copyCost($1) }
    return (items * item + stores) * idleness + copies
  }

  /// What it costs that a work-item has the partial results of a reduction in an array of its own:
  /// reading and writing one at each step, and merging them.
  private func interleaving(_ reduction: Reduction, _ id: Int) -> Double {
    guard let loop = reduction.interleaved, let step = reduction.step.first,
      !isSharedOut(loop)
    else { return 0 }
    let result = graph.make(.reduced(reduction: id, slot: 0, reduction.types[0]))
    let moved = executions(step) + 2 * Double(reduction.partials) * executions(result)
    return moved * Double(reduction.types.count) * (isGPU ? CostModel.scattered : 1)
  }

  /// Whether lanes take turns at the iterations of a reduction's loop.
  private func isSharedOut(_ loop: LoopVariable) -> Bool {
    if case .outer = schedule.lanes { return false }
    return schedule.laneVariables.contains(loop)
  }

  /// How often a work-item executes an expression, counting a vector once.
  private func executions(_ expression: Expression) -> Double {
    let around = analysis.loops(around: expression)
    var count = 1.0
    for variable in around where !schedule.parallel.contains(variable) {
      let size = analysis.size(variable)
      let isLane =
        schedule.laneVariables.contains(variable)
        && graph.dependencies(expression).contains(variable)
      count *= isLane ? (size / Double(schedule.laneCount)).rounded(.up) : size
    }
    for (variable, block) in schedule.blocks
    where graph.dependencies(expression).contains(variable) {
      count *= Double(block)
    }
    return count
  }

  func unit(_ expression: Expression) -> Double {
    switch graph[expression] {
    case .apply(let function, _, _):
      return Double(function.cost) * (isUniform(expression) ? CostModel.uniform : 1)
    case .load(_, let offset, _):
      if schedule.panels.contains(where: { $0.load == expression }) { return 1 }
      if schedule.tile?.stages.contains(where: { $0.readers[expression] != nil }) ?? false {
        return CostModel.staged
      }
      return loadCost(offset) + farCost(expression)
    case .local(let array, let index, _, _): return localCost(array, index)
    case .quotient, .remainder: return 4
    default: return 0
    }
  }

  /// Whether an expression is the same for all lanes of a vector.
  private func isUniform(_ expression: Expression) -> Bool {
    !isGPU && schedule.lanes != .inner && schedule.laneCount > 1
      && graph.dependencies(expression).isDisjoint(with: schedule.laneVariables)
  }

  private func localCost(_ array: Int, _ index: Expression) -> Double {
    guard isGPU else {
      return laneStride(index) == .irregular ? Double(schedule.laneCount) : 0.5
    }
    // What a group shares is in local memory; of a work-item's own, little fits registers.
    let isShared = schedule.lanes == .group && graph.arrays[array].network != nil
    return isShared || graph.arrays[array].count <= CostModel.registerArray
      ? 0.5 : CostModel.scattered / 2
  }

  func loadCost(_ offset: Expression) -> Double {
    switch laneStride(offset) {
    case .none: CostModel.uniform
    case .by(let stride) where graph.constant(stride) == 1: 1
    case .by(let stride):
      isGPU
        ? CostModel.scattered
        : (isFarLane(stride) ? CostModel.farLane : CostModel.nearLane) * Double(schedule.laneCount)
    case .irregular: isGPU ? CostModel.scattered : Double(schedule.laneCount)
    }
  }

  /// What storing an element of every iteration of some loops costs.
  func storeCost(_ offset: Expression, _ variables: [LoopVariable]) -> Double {
    let count = variables.reduce(1.0) { $0 * size($1) }
    switch laneStride(offset) {
    case .none: return count
    case .by(let stride) where graph.constant(stride) == 1:
      return isGPU ? count : count / Double(schedule.laneCount)
    case .by: return count * (isGPU ? CostModel.scattered : CostModel.nearLane)
    case .irregular: return count * (isGPU ? CostModel.scattered : 1)
    }
  }

  /// How an offset moves from lane to lane, or from work-item to work-item where one is one lane.
  func laneStride(_ offset: Expression) -> ExpressionGraph.Stride {
    for variable in neighbours {
      let stride = graph.stride(offset, along: variable)
      if stride != .none { return stride }
    }
    return .none
  }

  /// The loops along which lanes, or neighbouring work-items, lie.
  private var neighbours: Set<LoopVariable> {
    guard isGPU, schedule.lanes != .group else { return schedule.laneVariables }
    if let side = schedule.tile?.sides.last(where: { $0.extent > 1 }) { return [side.variable] }
    return graph.fastest(of: schedule.parallel).map { [$0] } ?? []
  }
}
