import Device

/// Rows that several loops use: kept in private arrays where computing them again would cost more.
extension Partition {
  /// The next value without loops of its own that is not cheap, and that several loops of a work-item
  /// go through: a row of it can be kept.
  func nextRow(
    _ analysis: KernelAnalysis, _ shared: Set<LoopVariable>, _ elaborator: Elaborator,
    _ group: [ValueID]
  ) -> (value: ValueID, stage: Elaborator.Stage)? {
    guard profile.kind == .cpu, partialsOf == nil, replacing == nil, !analysis.reductions.isEmpty,
      elaborator.stages.count < Partition.rowLimit
    else { return nil }
    let graph = elaborator.graph
    let reached = Set(analysis.nodes)
    for (value, accesses) in elaborator.accesses.sorted(by: { $0.key < $1.key })
    where accesses.count > 1 && elaborator.stages[value] == nil && !group.contains(value)
      && isMadeAtTop(value) && !elaborator.reducing.contains(value)
    {
      let isCostly = graph.parts(of: Array(accesses.values)).contains {
        self.isCostly($0, within: graph.variables[$0.id].subtracting(shared), graph)
      }
      guard isCostly, isRepeated(value, analysis, reached, elaborator),
        case let kept = last(value, elaborator), elaborator.stages[kept] == nil,
        !group.contains(kept),
        let accesses = elaborator.accesses[kept],
        let stage = row(for: kept, accesses, shared, graph)
          ?? raggedRow(for: kept, accesses, group, analysis, graph)
      else { continue }
      return (kept, stage)
    }
    return nil
  }

  /// Whether a value is computed more often than it has elements.
  private func isRepeated(
    _ value: ValueID, _ analysis: KernelAnalysis, _ reached: Set<Expression>,
    _ elaborator: Elaborator
  ) -> Bool {
    let accesses = elaborator.accesses[value] ?? [:]
    let expressions = Set(elaborator.graph.parts(of: Array(accesses.values)))
      .filter(reached.contains)
    let computed = expressions.reduce(0.0) { $0 + analysis.evaluations($1) }
    let parts = Double(program.types[value].element.partCount)
    let elements = program.extents(of: value).reduce(parts) { $0 * KernelAnalysis.size($1) }
    return computed > 1.5 * elements
  }

  /// Whether a kernel of some values reads another one, or one of them, from a buffer.
  func isBuffer(_ value: ValueID, for group: Set<ValueID>) -> Bool {
    stored.contains(value) && !group.contains(value) && partialsOf?.value != value
  }

  /// Whether a value can be a buffer: it is made outside of the loops of kernels.
  func isMadeAtTop(_ value: ValueID) -> Bool { storable.contains(value) }

  /// The last value of a chain of elementwise users that is asked for exactly where this one is: the
  /// one to keep.
  ///
  /// - Parameter isBuffer: Whether it is to be a buffer: then the chain ends before the loops of kernels.
  func last(_ value: ValueID, _ elaborator: Elaborator, isBuffer: Bool = false) -> ValueID {
    var value = value
    while let users = consumers[value], users.count == 1, users[0].results.count == 1,
      !isBuffer || isMadeAtTop(users[0].results[0]),
      users[0].regions.isEmpty, !stored.contains(users[0].results[0]),
      !elaborator.reducing.contains(users[0].results[0]),
      let own = elaborator.accesses[value], let other = elaborator.accesses[users[0].results[0]],
      Set(own.keys) == Set(other.keys)
    {
      value = users[0].results[0]
    }
    return value
  }

  /// A private array for rows of a value, where what varies within a work-item is small enough.
  private func row(
    for value: ValueID, _ accesses: [Elaborator.Access: Expression], _ shared: Set<LoopVariable>,
    _ graph: ExpressionGraph
  ) -> Elaborator.Stage? {
    guard !accesses.isEmpty else { return nil }
    func isFixed(_ expressions: [Expression]) -> Bool {
      expressions.allSatisfy {
        $0 == expressions[0] && graph.variables[$0.id].isSubset(of: shared)
      }
    }
    let axes = program.types[value].axes.ids.count
    var size = 1
    var open: [Bool] = []
    for (position, extent) in program.extents(of: value).enumerated() {
      open.append(!isFixed(accesses.keys.map { $0.all[position] }))
      guard open[position] else { continue }
      if position < axes { return nil }
      guard let constant = extent.constant else { return nil }
      size *= constant
    }
    return size <= Partition.rowCapacity ? Elaborator.Stage(open: open) : nil
  }

  /// A row of a ragged vector, which is kept where the kernel stores one of the same type: there it is until
  /// it is replaced, element by element, when nothing else needs it any more.
  private func raggedRow(
    for value: ValueID, _ accesses: [Elaborator.Access: Expression], _ group: [ValueID],
    _ analysis: KernelAnalysis, _ graph: ExpressionGraph
  ) -> Elaborator.Stage? {
    let type = program.types[value]
    guard group.count == 1, type == program.types[group[0]], type.shape.count == 1,
      type.raggedAxes.count == 1, type.element == .float32 || type.element == .float64,
      analysis.openEnded.count == 1, let row = analysis.openEnded.first
    else { return nil }
    let isSafe = accesses.keys.allSatisfy { access in
      guard case .variable(let variable) = graph[access.index[0]] else { return false }
      if variable == row { return true }
      return analysis.reductions.contains { id in
        let reduction = graph.reductions[id]
        return reduction.scan == nil && reduction.variables.contains(variable)
          && !analysis.rootOrOuter(reduction.free).contains(row)
      }
    }
    guard isSafe, Set(accesses.keys.map(\.axes)).count == 1 else { return nil }
    return Elaborator.Stage(
      open: type.axes.ids.map { _ in false } + [true], keptIn: group[0])
  }
}
