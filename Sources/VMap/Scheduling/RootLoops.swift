/// The loops of what one kernel stores.
struct RootLoops {
  /// The loops of all values, slowest first.
  let common: [LoopVariable]
  /// Those that each value has for itself, inside the others.
  let own: [[LoopVariable]]
  /// The element of each value that is stored in an iteration.
  let accesses: [Elaborator.Access]
  /// Where that lies in the value's buffer: the index along each of its extents.
  private let places: [[Expression]]
  private let extents: [[Extent]]
  /// Whether elements are stored in the order of the loops.
  let isPlain: Bool

  var all: [LoopVariable] { common + own.joined() }

  /// Values of the same loops share all of them, others the axes that they vary over.
  ///
  /// - Parameter form: What the loops over examples of different lengths are.
  init(of values: [ValueID], in elaborator: Elaborator, form: RaggedForm) {
    let (program, graph) = (elaborator.program, elaborator.graph)
    let producers = elaborator.producers
    let extents = values.map { program.loops(of: $0, producers) }
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
        if let examples = form.examples, examples.position == position {
          indices.append(elaborator.ordered(variable, examples.rows))
        } else {
          indices.append(graph.index(variable))
        }
      }
    }
    common = loops
    own = extents.map { $0.dropFirst(count).map(graph.makeVariable) }
    let places = own.map { indices + $0.map(graph.index) }
    self.places = places
    accesses = zip(values, places).map { value, place in
      let type = program.types[value]
      if program.isMadeByRows(value, producers) {
        return Elaborator.Access(axes: place, index: type.shape.map { _ in graph.index(0) })
      }
      return elaborator.access(to: value, at: place)
    }
    isPlain = form == .plain && !values.contains { program.isMadeByRows($0, producers) }
    self.extents = extents
  }

  /// Where the element of a value is stored in an iteration.
  func offset(
    of number: Int, _ value: ValueID, in program: Program, _ graph: ExpressionGraph
  ) -> Expression {
    isPlain
      ? program.offset(of: value, at: places[number], graph)
      : graph.rowMajor(places[number], extents[number])
  }
}
