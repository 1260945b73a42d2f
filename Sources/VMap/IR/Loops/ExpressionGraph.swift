/// The expressions of one kernel, each kept once.
final class ExpressionGraph {
  private(set) var nodes: [Node] = []
  private var interned: [Node: Expression] = [:]
  /// The loop variables each node needs, where an accumulator needs those of its reduction.
  private(set) var variables: [Set<LoopVariable>] = []
  private(set) var variableExtents: [Extent] = []
  /// How many elements the buffers have that are read.
  var bufferExtents: [ValueID: [Extent]] = [:]
  /// Where loops end that are not as long for all examples: never later than their extents.
  private(set) var ends: [LoopVariable: Expression] = [:]
  var reductions: [Reduction] = []
  var arrays: [LocalArray] = []
  var iterations: [Iteration] = []
  var networks: [Network] = []
  /// The loops whose condition or body is being written.
  var openIterations: [LoopVariable] = []
  private var free: [Expression: Set<LoopVariable>] = [:]

  subscript(_ expression: Expression) -> Node { nodes[expression.id] }

  func makeVariable(_ extent: Extent) -> LoopVariable {
    variableExtents.append(extent)
    return LoopVariable(id: variableExtents.count - 1)
  }

  /// A loop that ends at an index of its own.
  func makeVariable(_ extent: Extent, endingAt end: Expression) -> LoopVariable {
    let variable = makeVariable(extent)
    ends[variable] = end
    return variable
  }

  /// What was found that cannot be: no kernel is made of such a graph.
  private(set) var inconsistency: String?

  func note(inconsistency: String) { self.inconsistency = self.inconsistency ?? inconsistency }

  func extent(of variable: LoopVariable) -> Extent { variableExtents[variable.id] }

  /// The array that an expression reads, if its elements are rows of a stored value.
  func rows(_ expression: Expression) -> Int? {
    guard case .local(let array, _, _, _) = self[expression], arrays[array].isRows else {
      return nil
    }
    return array
  }

  /// The fastest of some loops, slowest first, that has more than one iteration.
  func fastest(of variables: [LoopVariable]) -> LoopVariable? {
    variables.last { extent(of: $0) != .constant(1) }
  }

  func make(_ node: Node) -> Expression {
    if let known = interned[node] { return known }
    let expression = Expression(id: nodes.count)
    nodes.append(node)
    variables.append(directVariables(node))
    interned[node] = expression
    return expression
  }

  /// The operands of a node.
  func operands(of node: Node) -> [Expression] {
    switch node {
    case .literal, .argument, .variable, .extent, .accumulator, .partial, .reduced,
      .running:
      []
    case .sum(let terms): terms.flatMap(\.atoms)
    case .quotient(let a, let b), .remainder(let a, let b), .minimum(let a, let b),
      .maximum(let a, let b), .less(let a, let b), .pair(let a, let b):
      [a, b]
    case .index(let a), .element(_, let a), .load(_, let a, _), .local(_, let a, _, _),
      .within(let a, _):
      [a]
    case .apply(_, let operands, _): operands
    }
  }

  private func directVariables(_ node: Node) -> Set<LoopVariable> {
    var result: Set<LoopVariable> = []
    for operand in operands(of: node) { result.formUnion(variables[operand.id]) }
    switch node {
    case .variable(let variable), .within(_, let variable): result.insert(variable)
    case .accumulator(let id, _, _), .partial(let id, _, _):
      result.formUnion(reductions[id].variables)
    case .reduced(let id, _, _): result.formUnion(reductions[id].free)
    case .running(let id, _, _):
      result.formUnion(reductions[id].free)
      result.formUnion(reductions[id].variables)
    case .local(let id, _, let phase, _):
      if let iteration = arrays[id].iteration {
        if phase == .iterating {
          result.insert(iterations[iteration].variable)
        } else {
          result.formUnion(iterations[iteration].free)
        }
      } else if let network = arrays[id].network {
        if phase == .complete { result.formUnion(networks[network].free) }
      } else if let value = arrays[id].value {
        result.formUnion(variables[value.id].subtracting(arrays[id].variables))
      }
    default: break
    }
    return result
  }

  /// The loop variables a node's value depends on: an accumulator's are those of all it sums, and a
  /// state's those of all that its loop reads, its condition included.
  ///
  /// To be asked when the graph is complete.
  func dependencies(_ expression: Expression) -> Set<LoopVariable> {
    if let known = free[expression] { return known }
    var result = variables[expression.id]
    switch self[expression] {
    case .accumulator(let id, _, _), .partial(let id, _, _):
      result.formUnion(reductions[id].free)
    case .local(let id, let index, _, _):
      result.formUnion(dependencies(index))
      if let network = arrays[id].network { result.formUnion(networks[network].free) }
    default:
      for operand in operands(of: self[expression]) { result.formUnion(dependencies(operand)) }
    }
    // An inner loop comes after the one around it, on whose state it may depend.
    for iteration in iterations.reversed() where result.contains(iteration.variable) {
      result.formUnion(iteration.free)
    }
    free[expression] = result
    return result
  }

  /// Whether an iteration of a loop has loops of its own.
  func hasLoops(in variable: LoopVariable) -> Bool {
    reductions.contains { $0.free.contains(variable) }
      || iterations.contains { $0.free.contains(variable) }
      || arrays.contains { array in
        array.value.map {
          variables[$0.id].subtracting(array.variables).contains(variable)
        } ?? false
      }
  }

  /// The reciprocal of a constant that is a power of two.
  func exactReciprocal(of expression: Expression) -> Expression? {
    switch self[expression] {
    case .literal(let value): value.exactReciprocal.map { make(.literal($0)) }
    case .argument(let value): value.exactReciprocal.map { make(.argument($0)) }
    default: nil
    }
  }

  func elementType(of expression: Expression) -> ElementType? {
    switch self[expression] {
    case .literal(let value), .argument(let value): value.type
    case .less: .bool
    case .within(let inner, _): elementType(of: inner)
    case .pair(let real, _): elementType(of: real)?.complex
    case .element(let type, _), .load(_, _, let type), .apply(_, _, let type),
      .accumulator(_, _, let type), .partial(_, _, let type), .reduced(_, _, let type),
      .running(_, _, let type),
      .local(_, _, _, let type):
      type
    default: nil
    }
  }
}
