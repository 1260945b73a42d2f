/// Values kept in private arrays of the work-item, each made once.
extension Elaborator {
  /// A value kept in a private array: some of its indices are fixed for the work-item.
  struct Stage {
    /// Of the loops of the value, its axes and then its dimensions, those that the array has; the index
    /// along the others is fixed.
    let open: [Bool]
    /// What is fixed, once an element has been asked for, and one array for each part of an element.
    var place: (first: Access, arrays: [Int])?

    func holds(_ access: Access) -> Bool {
      guard let first = place?.first.all else { return true }
      let all = access.all
      return open.indices.allSatisfy { open[$0] || first[$0] == all[$0] }
    }
  }

  func stagedElement(
    _ value: ValueID, _ access: Access, _ axes: [Int: Expression]
  ) -> Expression? {
    guard let stage = stages[value], stage.holds(access) else { return nil }
    let type = program.types[value]
    let open = stage.open.indices.filter { stage.open[$0] }
    let arrays: [Int]
    if let place = stage.place {
      arrays = place.arrays
    } else {
      let all = program.extents(of: value)
      let extents = open.map { all[$0].constant ?? 1 }
      let variables = extents.map { graph.makeVariable(.constant($0)) }
      var filled = access.all
      for (position, variable) in zip(open, variables) { filled[position] = graph.index(variable) }
      let bound = Array(filled.prefix(access.axes.count))
      let index = Array(filled.dropFirst(access.axes.count))
      let own = axes.merging(zip(type.axes.ids, bound)) { _, new in new }
      let element = asMade(value) { meaning(of: value, at: index, axes: own, bound) }
      accesses[value, default: [:]][Access(axes: bound, index: index)] = element
      let parts = graph.parts(of: element)
      arrays = parts.indices.map { graph.arrays.count + $0 }
      for part in parts {
        graph.arrays.append(
          LocalArray(
            element: type.element.part, extents: extents, variables: variables, value: part))
      }
      stages[value]?.place = (access, arrays)
    }
    let index = open.map { access.all[$0] }
    return graph.element(
      type.element, from: arrays.map { graph.read(array: $0, at: index, .complete) })
  }
}
