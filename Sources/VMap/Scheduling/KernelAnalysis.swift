/// What can be said of a kernel's expressions before it is scheduled: what is reached, how often each
/// expression is evaluated, and what its loops depend on.
final class KernelAnalysis {
  /// What a symbolic extent counts as: batches are taken to be large.
  static let assumedBatch = 4096.0
  /// What the length of an example counts as.
  static let assumedLength = 256.0

  let graph: ExpressionGraph
  let rootVariables: Set<LoopVariable>
  /// Everything the roots need, operands before their users.
  private(set) var nodes: [Expression] = []
  private(set) var reductions: [Int] = []
  private(set) var iterations: [Int] = []
  private(set) var arrays: [Int] = []
  private var nesting: LoopNesting
  private var seen: Set<Expression> = []
  private var seenReductions: Set<Int> = []
  private var seenIterations: Set<Int> = []
  private var seenArrays: Set<Int> = []
  private(set) var networks: [Int] = []

  init(_ graph: ExpressionGraph, roots: [Expression], rootVariables: [LoopVariable]) {
    self.graph = graph
    self.rootVariables = Set(rootVariables)
    nesting = LoopNesting(graph)
    graph.parts(of: roots).forEach(visit)
    for variable in rootVariables { graph.ends[variable].map(visit) }
  }

  private func visit(_ expression: Expression) {
    guard seen.insert(expression).inserted else { return }
    let node = graph[expression]
    graph.operands(of: node).forEach(visit)
    switch node {
    case .reduced(let id, _, _), .running(let id, _, _): visit(reduction: id)
    case .local(let id, _, _, _): visit(array: id)
    default: break
    }
    nodes.append(expression)
  }

  private func visit(reduction id: Int) {
    guard seenReductions.insert(id).inserted else { return }
    let reduction = graph.reductions[id]
    nesting.note(reduction: id)
    for variable in reduction.variables { graph.ends[variable].map(visit) }
    reduction.initial.forEach(visit)
    reduction.step.forEach(visit)
    reductions.append(id)
  }

  private func visit(array id: Int) {
    guard seenArrays.insert(id).inserted else { return }
    let array = graph.arrays[id]
    nesting.note(array: id)
    if let value = array.value { visit(value) }
    if let place = array.place { visit(place.first) }
    for variable in array.variables { graph.ends[variable].map(visit) }
    if let iteration = array.iteration, seenIterations.insert(iteration).inserted {
      let loop = graph.iterations[iteration]
      nesting.note(iteration: iteration)
      if let condition = loop.condition { visit(condition) }
      loop.arrays.forEach(visit(array:))
      loop.sources.forEach { if let source = $0 { visit(array: source) } }
      for write in loop.updates.joined() { write.expressions.forEach(visit) }
      iterations.append(iteration)
    }
    if let network = array.network, !networks.contains(network) {
      networks.append(network)
      let own = graph.networks[network]
      nesting.note(network: network)
      own.arrays.forEach(visit(array:))
      if let swaps = own.swaps { visit(swaps) }
    }
    arrays.append(id)
  }

  /// The loops around the place where a variable is bound, with the variable itself.
  func closure(of variable: LoopVariable) -> Set<LoopVariable> { nesting.closure(of: variable) }

  /// The loops inside of the work-items.
  var innerLoops: Set<LoopVariable> { nesting.loops }

  /// The loops around an expression, each node being computed as far out as it can be.
  func loops(around expression: Expression) -> Set<LoopVariable> {
    nesting.closure(of: graph.variables[expression.id])
  }

  func size(_ variable: LoopVariable) -> Double { KernelAnalysis.size(graph.extent(of: variable)) }

  /// The product of the sizes of some extents.
  static func size(_ extents: some Sequence<Extent>) -> Double {
    extents.reduce(1) { $0 * size($1) }
  }

  static func size(_ extent: Extent) -> Double {
    switch extent {
    case .constant(let value): Double(value)
    // An iteration is taken to run a few times.
    case .symbol(let symbol):
      symbol.id < 0 ? 16 : symbol.isTotal ? assumedBatch * assumedLength : assumedBatch
    case .ragged: assumedLength
    case .blocks(let inner, let size): max(1, KernelAnalysis.size(inner) / Double(size))
    case .product(let factors): size(factors)
    }
  }

  /// How often an expression is evaluated by the whole kernel.
  func evaluations(_ expression: Expression) -> Double {
    loops(around: expression).reduce(1) { $0 * size($1) }
  }

  /// Whether there are loops inside the work-items.
  var hasLoops: Bool {
    !reductions.isEmpty || !iterations.isEmpty || !arrays.isEmpty || !openEnded.isEmpty
  }

  /// The root loops that do not end at the same index for all iterations of those around them.
  var openEnded: Set<LoopVariable> { rootVariables.filter { graph.ends[$0] != nil } }

  /// Whether loops end where the iterations of another one say.
  func hasEnds(along variable: LoopVariable) -> Bool {
    let own =
      reductions.flatMap { graph.reductions[$0].variables } + rootVariables
      + arrays.flatMap { graph.arrays[$0].variables }
    return own.contains { graph.ends[$0].map { loops(around: $0).contains(variable) } ?? false }
  }

  /// Whether any loop ends at an index of its own.
  var hasEnds: Bool {
    !openEnded.isEmpty
      || reductions.contains { graph.reductions[$0].variables.contains { graph.ends[$0] != nil } }
  }

  /// The loops that scans go along: no work-item can begin in the middle.
  var scanned: Set<LoopVariable> {
    reductions.reduce(into: []) { loops, id in
      if graph.reductions[id].scan != nil { loops.formUnion(graph.reductions[id].variables) }
    }
  }

  /// The root loops that every reduction and iteration depends on: those that work-items can share
  /// out without doing such work twice.
  func sharedVariables() -> Set<LoopVariable> {
    var shared = rootVariables.subtracting(openEnded)
    // A loop of one iteration depends on nothing and divides nothing.
    let single = rootVariables.filter { graph.extent(of: $0) == .constant(1) }
    for id in reductions {
      let reduction = graph.reductions[id]
      if reduction.scan == nil {
        shared.formIntersection(rootPart(reduction.free))
      } else {
        shared.subtract(reduction.variables)
      }
    }
    for id in iterations { shared.formIntersection(rootPart(graph.iterations[id].free)) }
    for id in networks { shared.formIntersection(rootPart(graph.networks[id].free)) }
    for id in arrays where graph.arrays[id].iteration == nil && graph.arrays[id].network == nil {
      guard let value = graph.arrays[id].value else { continue }
      let part = rootPart(graph.variables[value.id])
      // A table of what is the same for all costs each work-item little.
      if part.isEmpty, loops(around: value).isSubset(of: graph.arrays[id].variables) { continue }
      shared.formIntersection(part)
    }
    return shared.union(single)
  }

  /// All loops around what some variables need.
  func rootOrOuter(_ variables: Set<LoopVariable>) -> Set<LoopVariable> {
    nesting.closure(of: variables)
  }

  /// The root loops among what some variables need.
  func rootPart(_ variables: Set<LoopVariable>) -> Set<LoopVariable> {
    variables.reduce(into: []) { $0.formUnion(closure(of: $1).intersection(rootVariables)) }
  }
}
