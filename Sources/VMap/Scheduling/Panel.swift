import Device

/// An operand that is copied before a kernel runs, into the order in which its tiles read it: for
/// each tile of the lane loop everything that it needs lies together.
struct Panel {
  /// The load, in the kernel's graph.
  let load: Expression
  let buffer: ValueID
  let element: ElementType
  let lane: LoopVariable
  /// How many iterations of the lane loop are in a panel.
  let width: Int
  /// The loops of the NDRange that choose the panels.
  let outer: [LoopVariable]
  /// The loops of the reduction: the rows of a panel.
  let inner: [LoopVariable]

  /// The loops of the copy's buffer are these, then the lanes of a panel.
  func extents(_ graph: ExpressionGraph) -> [Extent] {
    let blocks = Extent.blocks(graph.extent(of: lane), size: width).replacing([:])
    return outer.map(graph.extent) + [blocks] + inner.map(graph.extent) + [.constant(width)]
  }
}

extension Scheduler {
  /// How often a panel must be read for a copy to be worth its memory.
  private static let panelUses = 8.0

  /// The operands of a tiled contraction that can be copied into panels, and are read often enough.
  func panels(
    _ parallel: [LoopVariable], lane: LoopVariable, _ blocks: [LoopVariable: Int]
  ) -> [Panel] {
    guard let reduction = tiledReduction(parallel), !reduction.isFold else { return [] }
    return graph.loads(in: reduction.step).sorted().compactMap { load in
      guard case .load(let buffer, let offset, let element) = graph[load], element != .bool,
        graph.isPlainIndex(offset)
      else { return nil }
      let variables = graph.variables[offset.id]
      let uses = parallel.filter { !variables.contains($0) }.reduce(1.0) {
        $0 * (analysis.size($1) / Double(blocks[$1] ?? 1)).rounded(.up)
      }
      let inner = reduction.variables.filter(variables.contains)
      let outer = parallel.filter { $0 != lane && variables.contains($0) }
      guard variables.contains(lane), !inner.isEmpty, uses >= Scheduler.panelUses,
        variables.count == inner.count + outer.count + 1
      else { return nil }
      return Panel(
        load: load, buffer: buffer, element: element, lane: lane,
        width: laneCount(along: lane) * (blocks[lane] ?? 1), outer: outer, inner: inner)
    }
  }
}
