/// Values kept in private arrays of the work-item, each made once.
extension Elaborator {
  /// A value kept in a private array: some of its indices are fixed for the work-item.
  struct Stage {
    let axes: [Expression]
    /// For each dimension, the fixed index, or nil where the array has a dimension.
    let fixed: [Expression?]
    /// One array for each part of an element.
    var arrays: [Int]?
  }

  func stagedElement(
    _ value: ValueID, _ access: Access, _ axes: [Int: Expression]
  ) -> Expression? {
    guard let stage = stages[value], stage.axes == access.axes,
      zip(stage.fixed, access.index).allSatisfy({ $0 == nil || $0 == $1 })
    else { return nil }
    let type = program.types[value]
    let open = access.index.indices.filter { stage.fixed[$0] == nil }
    let arrays: [Int]
    if let known = stage.arrays {
      arrays = known
    } else {
      let extents = open.map { type.shape[$0].constant ?? 1 }
      let variables = extents.map { graph.makeVariable(.constant($0)) }
      var index = stage.fixed.map { $0 ?? graph.index(0) }
      for (dimension, variable) in zip(open, variables) { index[dimension] = graph.index(variable) }
      let bound = type.axes.ids.map { axes[$0] ?? graph.index(0) }
      let element = meaning(of: value, at: index, axes: axes, bound)
      accesses[value, default: [:]][Access(axes: bound, index: index)] = element
      let parts = graph.parts(of: element)
      arrays = parts.indices.map { graph.arrays.count + $0 }
      for part in parts {
        graph.arrays.append(
          LocalArray(
            element: type.element.part, extents: extents, variables: variables, value: part))
      }
      stages[value]?.arrays = arrays
    }
    let index = open.map { access.index[$0] }
    return graph.element(
      type.element, from: arrays.map { graph.read(array: $0, at: index, .complete) })
  }
}
