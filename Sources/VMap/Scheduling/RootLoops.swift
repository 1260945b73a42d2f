/// The loops of what one kernel stores.
struct RootLoops {
  /// The loops of all values, slowest first.
  let common: [LoopVariable]
  /// Those that each value has for itself, inside the others.
  let own: [[LoopVariable]]
  /// Where the elements of each value lie in its buffer: the index along each of its extents.
  let places: [[Expression]]
  /// The extents of each value, where elements are not stored in the order of the loops.
  private let extents: [[Extent]]?

  var all: [LoopVariable] { common + own.joined() }

  /// Values of the same loops share all of them, others the axes that they vary over.
  ///
  /// - Parameter form: What the loops over examples of different lengths are.
  init(of values: [ValueID], in elaborator: Elaborator, form: RaggedForm) {
    let (program, graph) = (elaborator.program, elaborator.graph)
    let extents = values.map(program.extents)
    let isSame = extents.allSatisfy { $0 == extents[0] }
    let count = isSame ? extents[0].count : program.types[values[0]].axes.ids.count
    // One loop over rows is two: over examples, and over the rows of each.
    var loops: [LoopVariable] = []
    var indices: [Expression] = []
    for (position, extent) in extents[0].prefix(count).enumerated() {
      if let rows = form.rows, rows.position == position {
        let example = graph.makeVariable(program.axes[rows.rows.axis].extent)
        let index = form.isOrdered ? elaborator.ordered(example, rows.rows) : graph.index(example)
        let length = elaborator.element(of: rows.rows.lengths, at: [index], axes: [:])
        let row = graph.makeVariable(
          .ragged(axis: rows.axis, total: extent), endingAt: graph.make(.index(of: length)))
        let place = elaborator.row(graph.index(row), of: index, rows.rows)
        elaborator.raggedPlaces[place] = RaggedPlace(
          example: index, position: graph.index(row))
        loops += [example, row]
        indices.append(place)
      } else {
        let variable = graph.makeVariable(extent)
        loops.append(variable)
        indices.append(
          form.examples?.position == position
            ? elaborator.ordered(variable, form.examples!.rows) : graph.index(variable))
      }
    }
    common = loops
    own = extents.map { $0.dropFirst(count).map(graph.makeVariable) }
    places = own.map { indices + $0.map(graph.index) }
    self.extents = form == .plain ? nil : extents
  }

  /// Where elements are stored; nil in the order of the loops.
  func offsets(in graph: ExpressionGraph) -> [Expression]? {
    extents.map { zip(places, $0).map { graph.rowMajor($0, $1) } }
  }
}
