import Device

/// Examples whose elements lie together, while neighbouring work-items read one of each: their rows are
/// turned round through local memory before anything is computed.
extension Scheduler {
  /// The tiles that stage the rows of some of the last loop's iterations.
  func rowTiles(_ parallel: [LoopVariable]) -> [GroupTile] {
    guard replacement == nil, let last = graph.fastest(of: parallel) else { return [] }
    var rows: [Int: LoopVariable] = [:]
    return Scheduler.rowItems.filter { $0 <= profile.maximumWorkGroupSize }.map { items in
      let side = GroupTile.Side(variable: last, items: items, block: 1)
      var stages: [Stage] = []
      for load in analysis.nodes {
        guard let stage = rowStage(load, side, Set(parallel), &rows) else { continue }
        if let known = stages.firstIndex(where: { $0.source == stage.source }) {
          stages[known].readers.merge(stage.readers) { $1 }
        } else {
          stages.append(stage)
        }
      }
      return GroupTile(sides: [side], loops: [], depth: 1, stages: stages)
    }
  }

  /// The numbers of rows that are staged together.
  private static let rowItems = [32, 64, 128, 256]

  /// The row that a load takes an element of, from the first element to the last that it may take.
  private func rowStage(
    _ load: Expression, _ side: GroupTile.Side, _ parallel: Set<LoopVariable>,
    _ loops: inout [Int: LoopVariable]
  ) -> Stage? {
    guard case .load(let buffer, let offset, let element) = graph[load], element != .bool,
      case .by(let stride) = graph.stride(offset, along: side.variable),
      let distance = graph.constant(stride), distance > 1
    else { return nil }
    // What does not differ inside of a work-item is where the rows begin.
    var (start, place) = ([IndexTerm](), [IndexTerm]())
    for term in graph.terms(offset) {
      let isPlain = !term.atoms.isEmpty && term.atoms.allSatisfy(graph.isPlainIndex)
      if isPlain, variables(of: term).isSubset(of: parallel) {
        start.append(term)
      } else {
        place.append(term)
      }
    }
    guard isReached(place), let range = graph.range(graph.sum(place)) else { return nil }
    // The same loop for all rows of a length.
    let own = loops[range.count] ?? graph.makeVariable(.constant(range.count))
    loops[range.count] = own
    let first = graph.sum(start + [IndexTerm(coefficient: range.lowerBound, atoms: [])])
    let source = graph.make(
      .load(buffer: buffer, offset: graph.add(first, graph.index(own)), element))
    let rows = [Stage.Dimension(variable: own, count: range.count)]
    let columns = [Stage.Dimension(variable: side.variable, count: side.items)]
    return Stage(
      source, of: buffer, element,
      readers: [load: graph.add(graph.sum(place), graph.index(-range.lowerBound))], rows: rows,
      columns: columns, order: columns + rows)
  }

  private func variables(of term: IndexTerm) -> Set<LoopVariable> {
    term.atoms.reduce(into: []) { $0.formUnion(graph.variables[$1.id]) }
  }

  /// Whether the bounds of a place are places that may be read: then all between them are there.
  ///
  /// They are where each term takes both of its bounds, whatever the others are.
  private func isReached(_ terms: [IndexTerm]) -> Bool {
    var seen: Set<LoopVariable> = []
    return terms.allSatisfy { term in
      guard let atom = term.atoms.first else { return true }
      let own = variables(of: term)
      defer { seen.formUnion(own) }
      guard term.atoms.count == 1, own.isDisjoint(with: seen) else { return false }
      switch graph[atom] {
      case .variable(let variable): return graph.extent(of: variable) != .constant(0)
      // A number that is brought into a range may be any of it.
      case .minimum(let a, _): if case .maximum = graph[a] { return true } else { return false }
      default: return false
      }
    }
  }
}
