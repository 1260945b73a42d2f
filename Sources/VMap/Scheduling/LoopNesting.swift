/// Inside of which loops each loop of a kernel lies, as far as it has been told.
struct LoopNesting {
  private let graph: ExpressionGraph
  private var owners: [LoopVariable: Set<LoopVariable>] = [:]
  private var closures: [LoopVariable: Set<LoopVariable>] = [:]

  init(_ graph: ExpressionGraph) { self.graph = graph }

  /// The loops that it has been told of.
  var loops: Set<LoopVariable> { Set(owners.keys) }

  mutating func note(reduction id: Int) {
    let reduction = graph.reductions[id]
    // A scan goes along a loop that there is.
    guard reduction.scan == nil else { return }
    // What depends on outer loops of the nest alone is computed outside of the inner ones.
    var around = reduction.free
    for variable in reduction.variables {
      around.insert(variable)
      owners[variable] = around
    }
  }

  mutating func note(array id: Int) {
    let array = graph.arrays[id]
    var around = Set(array.variables)
    if let iteration = array.iteration {
      around.formUnion(graph.iterations[iteration].free)
      around.insert(graph.iterations[iteration].variable)
    } else if let network = array.network {
      around.formUnion(graph.networks[network].free)
    } else if let value = array.value {
      around.formUnion(graph.variables[value.id])
    }
    for variable in array.variables { owners[variable] = around }
  }

  mutating func note(iteration id: Int) {
    let loop = graph.iterations[id]
    let around = loop.free.union([loop.variable])
    owners[loop.variable] = around
    for write in loop.updates.joined() {
      for variable in write.variables { owners[variable] = around.union(write.variables) }
    }
  }

  mutating func note(network id: Int) {
    let network = graph.networks[id]
    for variable in [network.low, network.high] {
      owners[variable] = network.free.union([network.low, network.high])
    }
  }

  /// The loops around the place where a variable is bound, with the variable itself.
  mutating func closure(of variable: LoopVariable) -> Set<LoopVariable> {
    if let known = closures[variable] { return known }
    closures[variable] = [variable]
    var result: Set<LoopVariable> = [variable]
    for other in owners[variable] ?? [] where other != variable {
      result.formUnion(closure(of: other))
    }
    closures[variable] = result
    return result
  }

  /// All loops around some loops, with those.
  mutating func closure(of variables: Set<LoopVariable>) -> Set<LoopVariable> {
    variables.reduce(into: []) { $0.formUnion(closure(of: $1)) }
  }
}
