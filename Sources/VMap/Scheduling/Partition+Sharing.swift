/// What a kernel leaves to others, so that there is work for all work-items and none does it again.
extension Partition {
  /// Work that other work-items should do: reductions that leave too few of them, and contractions
  /// that are large for one.
  func shareOut(
    _ group: [ValueID], _ roots: [Expression], _ analysis: KernelAnalysis,
    _ shared: Set<LoopVariable>, _ elaborator: Elaborator
  ) -> Outcome? {
    let graph = elaborator.graph
    let total = analysis.rootVariables.reduce(1) { $0 * analysis.size($1) }
    let parallelism = shared.reduce(1) { $0 * analysis.size($1) }
    let isCrowded =
      parallelism < min(Partition.minimumParallelism, total) && total > 256
    for value in elaborator.reducing.sorted() where !group.contains(value) {
      guard isMadeAtTop(value), partialsOf?.value != value else { continue }
      for expression in Set((elaborator.accesses[value] ?? [:]).values).sorted() {
        guard let id = graph.reduction(of: expression), analysis.reductions.contains(id)
        else { continue }
        let reduction = graph.reductions[id]
        let part = analysis.rootPart(reduction.free)
        let length = reduction.variables.reduce(1) { $0 * analysis.size($1) }
        let inside = analysis.loops(around: expression).subtracting(part)
          .reduce(length) { $0 * analysis.size($1) }
        let isNarrow = isCrowded && part != analysis.rootVariables
        let isLong =
          length > Double(ReductionTree.longestWhole)
          && parallelism < Partition.minimumParallelism
        let isLarge =
          inside > Partition.contractionLimit && !inside.isZero && isContraction(reduction, graph)
        if isNarrow || isLong || isLarge {
          return .store([last(value, elaborator, isBuffer: true)])
        }
      }
    }
    // The blocks of a long reduction with few results are work for several work-items.
    guard partialsOf == nil, replacing == nil, group.count == 1, splits[group[0]] == nil,
      total < Partition.minimumParallelism, let id = graph.reduction(of: roots[0]),
      let size = graph.reductions[id].tree.block,
      graph.ends[graph.reductions[id].variables[0]] == nil
    else { return nil }
    let reduction = graph.reductions[id]
    let extent = graph.extent(of: reduction.variables[0])
    return .split(group[0], extent, size: size, slots: reduction.types)
  }

  /// An expensive value that every work-item would compute again although it does not vary over a
  /// batch: it is computed once, by a kernel of its own.
  func repeated(
    _ group: [ValueID], _ analysis: KernelAnalysis, _ shared: Set<LoopVariable>,
    _ elaborator: Elaborator
  ) -> ValueID? {
    let graph = elaborator.graph
    let parallel = analysis.hasLoops ? shared : analysis.rootVariables
    let reached = Set(analysis.nodes)
    for (value, accesses) in elaborator.accesses.sorted(by: { $0.key < $1.key })
    where !group.contains(value) && isMadeAtTop(value) {
      for expression in graph.parts(of: Array(accesses.values))
      where reached.contains(expression) {
        let own = graph.variables[expression.id]
        guard case .apply(let function, _, _) = graph[expression],
          function.cost >= Partition.repetitionCost, own.isSubset(of: analysis.rootVariables),
          parallel.subtracting(own).contains(where: { !graph.extent(of: $0).symbols.isEmpty })
        else { continue }
        return last(value, elaborator, isBuffer: true)
      }
    }
    return nil
  }
}
