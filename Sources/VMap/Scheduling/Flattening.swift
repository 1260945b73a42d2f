/// Makes one loop of several where everything is read and written in the same order.
struct Flattening {
  let graph: ExpressionGraph
  let analysis: KernelAnalysis
  let variables: [LoopVariable]

  init(_ graph: ExpressionGraph, _ analysis: KernelAnalysis, _ variables: [LoopVariable]) {
    self.graph = graph
    self.analysis = analysis
    self.variables = variables
  }

  func flattened(
    _ stores: [Scheduler.Store]
  ) -> (stores: [Scheduler.Store], loop: LoopVariable)? {
    guard variables.count > 1, analysis.reductions.isEmpty, analysis.iterations.isEmpty,
      analysis.arrays.isEmpty
    else { return nil }
    let extents = variables.map(graph.extent(of:))
    let offset = graph.rowMajor(variables.map(graph.index), extents)
    let sizes = extents.map(\.constant)
    let total: Extent =
      sizes.contains(nil) ? .product(extents) : .constant(sizes.reduce(1) { $0 * ($1 ?? 1) })
    let loop = graph.makeVariable(total)
    var memo: [Expression: Expression] = [:]
    for expression in analysis.nodes where varies(expression) {
      switch graph[expression] {
      case .load(_, let position, _):
        guard let image = image(of: position, offset, loop) else { return nil }
        memo[position] = image
      case .element, .less: return nil
      default: continue
      }
    }
    var flat: [Scheduler.Store] = []
    for store in stores {
      guard let image = image(of: store.offset, offset, loop) else { return nil }
      flat.append((store.buffer, store.type, rewrite(store.value, &memo), image))
    }
    return (flat, loop)
  }

  private func varies(_ expression: Expression) -> Bool {
    !graph.variables[expression.id].isDisjoint(with: variables)
  }

  /// A place in a buffer by the one loop: of elements in the loops' order, or of the parts of complex
  /// ones, from any place on.
  private func image(
    of position: Expression, _ offset: Expression, _ loop: LoopVariable
  ) -> Expression? {
    for step in 1...2 {
      let start = graph.subtract(position, graph.multiply(offset, step))
      guard varies(start) else { return graph.add(graph.multiply(graph.index(loop), step), start) }
    }
    return nil
  }

  private func rewrite(
    _ expression: Expression, _ memo: inout [Expression: Expression]
  ) -> Expression {
    if let known = memo[expression] { return known }
    let result: Expression
    switch graph[expression] {
    case .load(let buffer, let offset, let type):
      result = graph.make(.load(buffer: buffer, offset: rewrite(offset, &memo), type))
    case .pair(let real, let imaginary):
      result = graph.make(.pair(rewrite(real, &memo), rewrite(imaginary, &memo)))
    case .apply(let function, let operands, let type):
      result = graph.make(.apply(function, operands.map { rewrite($0, &memo) }, type))
    default: result = expression
    }
    memo[expression] = result
    return result
  }
}
