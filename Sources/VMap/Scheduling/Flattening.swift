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
    let roots = Set(variables)
    // Where an element lies, and where the parts of a complex one do.
    let positions = [offset] + Flattening.parts(of: offset, graph)
    for expression in analysis.nodes {
      let used = graph.variables[expression.id]
      guard !used.isDisjoint(with: roots) else { continue }
      switch graph[expression] {
      case .load(_, let position, _) where !positions.contains(position): return nil
      case .element, .less: return nil
      default: continue
      }
    }
    let sizes = extents.map(\.constant)
    let total: Extent =
      sizes.contains(nil) ? .product(extents) : .constant(sizes.reduce(1) { $0 * ($1 ?? 1) })
    let loop = graph.makeVariable(total)
    let flatPositions =
      [graph.index(loop)] + Flattening.parts(of: graph.index(loop), graph)
    var memo: [Expression: Expression] = [:]
    for (position, image) in zip(positions, flatPositions) { memo[position] = image }
    let flat = stores.map {
      (buffer: $0.buffer, type: $0.type, value: rewrite($0.value, &memo))
    }
    return (flat, loop)
  }

  private static func parts(of offset: Expression, _ graph: ExpressionGraph) -> [Expression] {
    (0..<2).map { graph.partOffset(offset, $0, of: .complex64) }
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
