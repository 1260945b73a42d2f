/// State of a loop that lies where the state of the loop around it does.
struct SharedState {
  /// The array whose place it takes: of the loop around it, or of one that ran before it there.
  let array: Int
  /// What must have been read from that array before the loop begins.
  let reads: [Expression]
}

/// Finds loops inside others that can work on the state of those: what a loop begins with is not needed
/// once the loop has begun, and what it ends with is the other's next state.
struct StateSharing {
  let graph: ExpressionGraph
  private let analysis: KernelAnalysis
  private(set) var shared: [Int: SharedState] = [:]

  init(_ graph: ExpressionGraph, _ analysis: KernelAnalysis) {
    self.graph = graph
    self.analysis = analysis
    for id in analysis.iterations {
      for (array, source) in zip(graph.iterations[id].arrays, graph.iterations[id].sources)
      where graph.arrays[array].count > 1 {
        if let source { share(array, of: id, through: source) }
      }
    }
  }

  /// Shares an array with the loops that its next state has gone through, first to last.
  private mutating func share(_ array: Int, of outer: Int, through source: Int) {
    var chain: [Int] = []
    var last = source
    while last != array {
      chain.append(last)
      guard let start = start(of: last), start.phase == .complete || start.array == array else {
        return
      }
      last = start.array
    }
    for inner in chain.reversed() {
      guard let state = state(of: inner, in: outer) else { return }
      shared[inner] = state
    }
  }

  /// The whole array that an array begins as.
  private func start(of array: Int) -> (array: Int, read: Expression, phase: LocalPhase)? {
    let own = graph.arrays[array]
    guard let value = own.value, case .local(let other, let index, let phase, _) = graph[value],
      graph.arrays[other].iteration != nil, graph.arrays[other].extents == own.extents,
      graph.arrays[other].element == own.element,
      index == graph.rowMajor(own.variables.map(graph.index), own.extents.map(Extent.constant))
    else { return nil }
    return (other, value, phase)
  }

  private func state(of array: Int, in outer: Int) -> SharedState? {
    guard let start = start(of: array), let inner = graph.arrays[array].iteration,
      let other = graph.arrays[start.array].iteration
    else { return nil }
    // Both are written in the block that is one iteration of the loop around them.
    let around = graph.iterations[outer]
    let scope = around.free.union([around.variable])
    for id in [inner, other] where id != outer {
      let free = graph.iterations[id].free
      guard free.contains(around.variable), free.isSubset(of: scope) else { return nil }
    }
    // Nobody takes over what is there before the loop.
    if start.phase == .complete,
      analysis.iterations.contains(where: { graph.iterations[$0].sources.contains(start.array) })
    {
      return nil
    }
    // An iteration may still ask for the elements that the loop began with.
    var seen: Set<Expression> = []
    if needs(stepOf: inner, .element(start.read), &seen) { return nil }
    var reads: [Expression] = []
    for node in analysis.nodes where node != start.read {
      guard case .local(start.array, _, start.phase, _) = graph[node] else { continue }
      var seen: Set<Expression> = []
      guard graph.variables[node.id].isSubset(of: scope), !needs(node, .loop(inner), &seen) else {
        return nil
      }
      reads.append(node)
    }
    return SharedState(array: start.array, reads: reads)
  }

  private enum Need: Equatable {
    /// What a loop ends with.
    case loop(Int)
    /// An element of an array.
    case element(Expression)
  }

  /// Whether an expression needs something, on whatever way.
  private func needs(_ expression: Expression, _ need: Need, _ seen: inout Set<Expression>) -> Bool
  {
    if need == .element(expression) { return true }
    guard seen.insert(expression).inserted else { return false }
    let node = graph[expression]
    if graph.operands(of: node).contains(where: { needs($0, need, &seen) }) { return true }
    switch node {
    case .local(let array, _, .complete, _):
      guard let iteration = graph.arrays[array].iteration else {
        return graph.arrays[array].value.map { needs($0, need, &seen) } ?? false
      }
      return needs(loop: iteration, need, &seen)
    case .reduced(let reduction, _, _), .running(let reduction, _, _):
      let reduction = graph.reductions[reduction]
      return (reduction.initial + reduction.step).contains { needs($0, need, &seen) }
    default: return false
    }
  }

  private func needs(loop: Int, _ need: Need, _ seen: inout Set<Expression>) -> Bool {
    need == .loop(loop) || needs(stepOf: loop, need, &seen)
      || graph.iterations[loop].arrays.contains { array in
        graph.arrays[array].value.map { needs($0, need, &seen) } ?? false
      }
  }

  /// Whether an iteration of a loop needs something.
  private func needs(stepOf loop: Int, _ need: Need, _ seen: inout Set<Expression>) -> Bool {
    let own = graph.iterations[loop]
    let expressions =
      own.updates.joined().flatMap(\.expressions) + (own.condition.map { [$0] } ?? [])
    return expressions.contains { needs($0, need, &seen) }
      || own.sources.contains { source in
        source.flatMap { graph.arrays[$0].iteration }.map { needs(loop: $0, need, &seen) } ?? false
      }
  }
}
