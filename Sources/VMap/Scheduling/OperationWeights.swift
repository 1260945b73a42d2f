/// What the operations of a program take, each looked at by itself.
final class OperationWeights {
  struct Weight {
    /// The operations that are written for one element: none for views.
    var text = 0
    /// What those cost, in fused multiply-adds.
    var cost = 0
    /// What an element takes, with all that is combined.
    var work = 0.0
    /// Whether elements are combined.
    var reduces = false
  }

  private let program: Program
  /// What all instructions make but those in functions of elements.
  let made: Set<ValueID>
  private let elaborator: Elaborator
  private var known: [ValueID: Weight] = [:]

  init(_ program: Program, producers: [ValueID: Instruction]) {
    self.program = program
    var made: Set<ValueID> = []
    var parameters = Set(program.body.parameters)
    program.body.visitLoops { instruction in
      made.formUnion(instruction.results)
      guard instruction.operation.isLoop else { return }
      for region in instruction.regions { parameters.formUnion(region.parameters) }
    }
    self.made = made
    // Everything is read as if it lay in a buffer.
    elaborator = Elaborator(
      program, producers: producers, layouts: [:], hiddenAxes: [:],
      stored: made.union(parameters))
  }

  /// Whether what an instruction makes has more than one element for each example.
  func hasDimensions(_ instruction: Instruction) -> Bool {
    instruction.results.contains { program.types[$0].shape.contains { $0 != .constant(1) } }
  }

  func weight(of instruction: Instruction) -> Weight {
    guard let value = instruction.results.first else { return Weight() }
    if let weight = known[value] { return weight }
    let graph = elaborator.graph
    let type = program.types[value]
    let bound = type.axes.ids.map { graph.index(graph.makeVariable(program.axes[$0].extent)) }
    let index = type.shape.map { graph.index(graph.makeVariable($0)) }
    let (first, reductions, networks) = (
      graph.nodes.count, graph.reductions.count, graph.networks.count
    )
    _ = elaborator.meaning(
      of: value, at: index, axes: Dictionary(uniqueKeysWithValues: zip(type.axes.ids, bound)), bound
    )
    var weight = Weight()
    weight.reduces = graph.reductions.count > reductions || graph.networks.count > networks
    let outer = (bound + index).reduce(into: Set<LoopVariable>()) {
      $0.formUnion(graph.variables[$1.id])
    }
    for id in first..<graph.nodes.count {
      switch graph.nodes[id] {
      case .apply(let function, _, _):
        weight.text += 1
        weight.cost += function.cost
        weight.work += graph.variables[id].subtracting(outer).reduce(Double(function.cost)) {
          $0 * KernelAnalysis.size(graph.extent(of: $1))
        }
      case .less: weight.text += 1
      default: break
      }
    }
    known[value] = weight
    return weight
  }
}

extension Region {
  /// Visits the instructions of the region and of the loops in it, not those of functions of elements.
  func visitLoops(_ visit: (Instruction) -> Void) {
    for instruction in instructions {
      visit(instruction)
      guard instruction.operation.isLoop else { continue }
      for region in instruction.regions { region.visitLoops(visit) }
    }
  }
}
