/// Values that several places use: kept in private arrays or in buffers, where computing them again
/// would cost more.
extension Partition {
  enum Reuse {
    case none
    case store(ValueID)
    case stage(ValueID, Elaborator.Stage)
  }

  /// The next value that is computed more often than it has elements.
  func nextReuse(
    _ analysis: KernelAnalysis, _ shared: Set<LoopVariable>, _ elaborator: Elaborator,
    _ group: [ValueID]
  ) -> Reuse {
    let graph = elaborator.graph
    let reached = Set(analysis.nodes)
    for value in elaborator.reducing.sorted()
    where elaborator.stages[value] == nil && partialsOf?.value != value {
      let accesses = elaborator.accesses[value] ?? [:]
      let expressions = Set(graph.parts(of: Array(accesses.values))).filter(reached.contains)
      let computed = expressions.reduce(0.0) { $0 + analysis.evaluations($1) }
      let parts = Double(program.types[value].element.partCount)
      let elements = program.extents(of: value).reduce(parts) { $0 * KernelAnalysis.size($1) }
      guard computed > 1.5 * elements else { continue }
      let kept = last(value, elaborator)
      guard elaborator.stages[kept] == nil, !group.contains(kept) else { continue }
      if let stage = stage(for: kept, elaborator.accesses[kept] ?? [:], shared, graph) {
        return .stage(kept, stage)
      }
      if isMadeAtTop(kept) { return .store(kept) }
    }
    return .none
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

  /// A private array for a value, where what varies within a work-item is small.
  private func stage(
    for value: ValueID, _ accesses: [Elaborator.Access: Expression], _ shared: Set<LoopVariable>,
    _ graph: ExpressionGraph
  ) -> Elaborator.Stage? {
    guard let first = accesses.keys.first else { return nil }
    func isFixed(_ expressions: [Expression]) -> Bool {
      expressions.allSatisfy {
        $0 == expressions[0] && graph.variables[$0.id].isSubset(of: shared)
      }
    }
    for position in first.axes.indices where !isFixed(accesses.keys.map { $0.axes[position] }) {
      return nil
    }
    var size = 1
    var fixed: [Expression?] = []
    for (dimension, extent) in program.types[value].shape.enumerated() {
      if isFixed(accesses.keys.map { $0.index[dimension] }) {
        fixed.append(first.index[dimension])
      } else {
        guard let constant = extent.constant else { return nil }
        size *= constant
        fixed.append(nil)
      }
    }
    guard size <= Partition.privateCapacity else { return nil }
    return Elaborator.Stage(axes: first.axes, fixed: fixed)
  }
}
