/// Values kept in private arrays of the work-item, each made once.
extension Elaborator {
  /// A value kept in a private array: some of its indices are fixed for the work-item.
  struct Stage {
    /// Of the loops of the value, its axes and then its dimensions, those that the array has; the index
    /// along the others is fixed.
    let open: [Bool]
    /// The stored value in whose buffer the array lies, if it is a row that is as long as its example.
    var keptIn: ValueID?
    /// What is fixed, once an element has been asked for, and one array for each part of an element.
    var place: (first: Access, hidden: [Expression], arrays: [Int])?

    func holds(_ access: Access, _ hidden: [Expression]) -> Bool {
      guard let place else { return true }
      let (first, all) = (place.first.all, access.all)
      return place.hidden == hidden
        && open.indices.allSatisfy { open[$0] || first[$0] == all[$0] }
    }
  }

  func stagedElement(
    _ value: ValueID, _ access: Access, _ axes: [Int: Expression]
  ) -> Expression? {
    guard let stage = stages[value], stage.holds(access, hiddenPlace(of: value, axes)) else {
      return nil
    }
    let arrays = stage.place?.arrays ?? makeStage(value, stage, access, axes)
    let open = stage.open.indices.filter { stage.open[$0] }
    let index = open.map { access.all[$0] }
    return graph.element(
      program.types[value].element, from: arrays.map { graph.read(array: $0, at: index, .complete) }
    )
  }

  /// The loop over a row of a ragged vector, and where it lies in a buffer.
  private func raggedRow(
    of value: ValueID, _ axes: [Int: Expression], in buffer: ValueID
  ) -> (variable: LoopVariable, place: (buffer: ValueID, first: Expression))? {
    let extent = program.types[value].shape[0]
    guard let axis = extent.raggedAxis, let rows = program.axes[axis].rows,
      let example = axes[rows.axis]
    else { return nil }
    let length = element(of: rows.lengths, at: [example], axes: [:])
    let variable = graph.makeVariable(extent, endingAt: graph.make(.index(of: length)))
    return (variable, (buffer, row(graph.index(0), of: example, rows)))
  }

  /// Makes the arrays of a stage, and with them those of other results of the same operation.
  private func makeStage(
    _ value: ValueID, _ stage: Stage, _ access: Access, _ axes: [Int: Expression]
  ) -> [Int] {
    let all = program.extents(of: value)
    let open = stage.open.indices.filter { stage.open[$0] }
    let extents = open.map { all[$0].size ?? 1 }
    let row = stage.keptIn.flatMap { raggedRow(of: value, axes, in: $0) }
    let variables = row.map { [$0.variable] } ?? extents.map { graph.makeVariable(.constant($0)) }
    var filled = access.all
    for (position, variable) in zip(open, variables) { filled[position] = graph.index(variable) }
    let bound = Array(filled.prefix(access.axes.count))
    let index = Array(filled.dropFirst(access.axes.count))
    let own = axes.merging(zip(program.types[value].axes.ids, bound)) { _, new in new }
    let results = (producers[value]?.results ?? [value]).filter { result in
      stages[result].map { $0.open == stage.open && $0.place == nil } == true
        && program.types[result].axes == program.types[value].axes
        && program.types[result].shape == program.types[value].shape
    }
    let parts = asMade(value) {
      results.map { result in
        let element = meaning(of: result, at: index, axes: own, bound)
        accesses[result, default: [:]][Access(axes: bound, index: index)] = element
        return graph.parts(of: element)
      }
    }
    // What the parts are made of may have made stages of its own.
    let first = graph.arrays.count
    let companions = first..<(first + parts.joined().count)
    var arrays: [Int] = []
    for (result, parts) in zip(results, parts) {
      let ids = parts.map { part in
        graph.arrays.append(
          LocalArray(
            element: program.types[result].element.part, extents: extents, variables: variables,
            value: part, place: row?.place, companions: companions))
        return graph.arrays.count - 1
      }
      stages[result]?.place = (access, hiddenPlace(of: result, axes), ids)
      if result == value { arrays = ids }
    }
    return arrays
  }
}
