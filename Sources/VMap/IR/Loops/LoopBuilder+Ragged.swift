/// A row of a ragged dimension: its example, and its position there.
struct RaggedPlace {
  let example: Expression
  let position: Expression
}

/// How ragged dimensions are read.
struct RaggedReader {
  /// The element of a parameter of the program, which has one dimension.
  let parameter: (_ value: ValueID, _ index: Expression) -> Expression
  /// Which row of which example one of all rows is.
  let place: (_ row: Expression, RaggedRows) -> RaggedPlace
}

/// Loops over dimensions that are as long as each example says.
extension LoopBuilder {
  /// How long a dimension is in the example that is asked for, as a number of type int32; nil where all
  /// are as long.
  func length(_ extent: Extent) -> Expression? {
    guard let axis = extent.raggedAxis, let rows = mapAxes[axis].rows else { return nil }
    return ragged.parameter(rows.lengths, axes[rows.axis] ?? graph.index(0))
  }

  /// The row at a position of the example that is asked for, among those of all that go along an axis.
  func row(_ position: Expression, along axis: Int) -> Expression {
    guard let rows = mapAxes[axis].rows else { return position }
    let start = ragged.parameter(rows.starts, axes[rows.axis] ?? graph.index(0))
    return graph.add(index(of: start), position)
  }

  /// How long a dimension is in the example that is asked for, as an index.
  func count(_ extent: Extent) -> Expression {
    length(extent).map { index(of: $0) } ?? graph.index(extent)
  }

  /// A loop over a dimension of the example that is asked for.
  func makeVariable(_ extent: Extent) -> LoopVariable {
    guard let length = length(extent) else { return graph.makeVariable(extent) }
    return graph.makeVariable(extent, endingAt: index(of: length))
  }

  /// The elements along a dimension combined as so many are where their number is a constant: a few one
  /// after another, more by partial results.
  ///
  /// - Parameter combine: Combines the elements before an end in a tree.
  func combine(
    raggedTo length: Expression, _ tree: ReductionTree, _ types: [ElementType],
    _ combine: (_ end: Expression, ReductionTree) -> [Expression]
  ) -> [Expression] {
    let none = literal(.zero(.int32))
    let isShort = less(index(of: length), graph.index(ReductionTree.shortest))
    let short = combine(index(of: apply(.select, [isShort, length, none], .int32)), .inOrder)
    let long = combine(index(of: apply(.select, [isShort, none, length], .int32)), tree)
    return types.indices.map { apply(.select, [isShort, short[$0], long[$0]], types[$0]) }
  }
}
