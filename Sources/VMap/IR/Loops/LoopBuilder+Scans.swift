extension LoopBuilder {
  /// Combines the elements along a dimension up to a position, one after another from an end.
  ///
  /// Where the kernel stores these values, one loop makes all of them.
  func scan(
    over extent: Extent, at position: Expression, _ direction: ScanDirection,
    _ types: [ElementType], from initial: [Expression],
    step: (_ accumulators: [Expression], _ index: Expression, _ number: Expression) -> [Expression]
  ) -> [Expression] {
    let last = graph.add(count(extent), graph.index(-1))
    /// An index from the other end, where the scan goes from there.
    func turned(_ index: Expression) -> Expression {
      direction == .forward ? index : graph.subtract(last, index)
    }
    if case .variable(let variable) = graph[position], runs(variable, over: extent, direction),
      whole?.claim(variable, direction) == true
    {
      let parts = types.flatMap(\.parts)
      let id = addReduction(
        [variable], parts, from: graph.parts(of: initial),
        step: { accumulators, index in
          graph.parts(
            of: step(
              graph.elements(of: types, from: accumulators), index[0], turned(index[0])))
        }, merge: { a, _ in a }, isFold: true, scan: direction)
      return graph.elements(
        of: types,
        from: parts.indices.map { graph.make(.running(reduction: id, slot: $0, parts[$0])) })
    }
    repeats = true
    return fold(over: [extent], types, from: initial) { accumulators, index in
      let source = turned(index[0])
      let isBeyond = direction == .forward ? less(position, source) : less(source, position)
      let next = step(accumulators, source, index[0])
      return types.indices.map {
        apply(.select, [isBeyond, accumulators[$0], next[$0]], types[$0])
      }
    }
  }

  /// Whether a loop goes through the elements that a scan needs: all of them, or from the first on.
  private func runs(
    _ variable: LoopVariable, over extent: Extent, _ direction: ScanDirection
  ) -> Bool {
    let own = graph.extent(of: variable)
    if own == extent { return true }
    guard direction == .forward, let own = own.constant, let all = extent.constant else {
      return false
    }
    return own <= all
  }

  /// Makes something once for all elements that agree in an index.
  func once(
    _ index: [Expression], _ make: () -> (Expression) -> Expression
  ) -> (Expression) -> Expression {
    guard let whole else { return make() }
    hasReduced = true
    return whole.once(index, make)
  }
}
