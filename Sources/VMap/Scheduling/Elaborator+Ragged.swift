/// Where the rows of ragged dimensions lie.
extension Elaborator {
  /// The row at a position of an example, among those of all.
  func row(_ position: Expression, of example: Expression, _ rows: RaggedRows) -> Expression {
    let start = element(of: rows.starts, at: [example], axes: [:])
    return graph.add(graph.make(.index(of: start)), position)
  }

  /// Which row of which example a row is.
  func place(ofRow row: Expression, _ rows: RaggedRows) -> RaggedPlace {
    if let known = raggedPlaces[row] { return known }
    let example = graph.make(.index(of: element(of: rows.examples, at: [row], axes: [:])))
    let start = element(of: rows.starts, at: [example], axes: [:])
    return RaggedPlace(
      example: example, position: graph.subtract(row, graph.make(.index(of: start))))
  }

  /// Where an element lies in the buffer of its value.
  ///
  /// - Parameter bound: The indices of the axes that the value varies over.
  func place(
    of value: ValueID, _ bound: [Expression], _ index: [Expression]
  ) -> [Expression] {
    let type = program.types[value]
    var axes = zip(type.axes.ids, bound).map { ($0, $1) }
    var index = index
    for (dimension, extent) in type.shape.enumerated() {
      guard let axis = extent.raggedAxis, let rows = program.axes[axis].rows,
        let place = type.axes.ids.firstIndex(of: rows.axis)
      else { continue }
      index[dimension] = row(index[dimension], of: bound[place], rows)
      axes.removeAll { $0.0 == rows.axis }
    }
    return axes.map(\.1) + index
  }

  /// The element of a value that lies at a place in its buffer.
  func access(to value: ValueID, at place: [Expression]) -> Access {
    let type = program.types[value]
    let examples = type.raggedAxes.compactMap { program.axes[$0].rows?.axis }
    let ids = type.axes.ids.filter { !examples.contains($0) }
    var axes = Dictionary(uniqueKeysWithValues: zip(ids, place))
    var index = Array(place.dropFirst(ids.count))
    for (dimension, extent) in type.shape.enumerated() where dimension < index.count {
      guard let axis = extent.raggedAxis, let rows = program.axes[axis].rows else { continue }
      let own = self.place(ofRow: index[dimension], rows)
      index[dimension] = own.position
      axes[rows.axis] = own.example
    }
    return Access(axes: type.axes.ids.map { axes[$0] ?? graph.index(0) }, index: index)
  }
}
