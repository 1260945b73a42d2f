/// What a kernel's loops over examples of different lengths are.
struct RaggedForm: Equatable {
  /// A loop of the stored values, by its position.
  struct Loop: Equatable {
    let position: Int
    /// The axis that the rows of all examples go along.
    let axis: Int
    let rows: RaggedRows
  }

  /// A loop over the rows of all examples that is two: over examples, and over the rows of each.
  var rows: Loop?
  /// A loop over examples that takes them by their length.
  var examples: Loop?
  /// Whether examples are taken by their length: lanes wait for each other.
  var isOrdered = false

  static let plain = RaggedForm()
}

extension Partition {
  /// The loops that the results of one kernel need.
  ///
  /// Rows are a loop as any other, along which tiles and lanes go, unless something is made of the rows
  /// of each example on the way: then that is made once for the example.
  func raggedForm(of group: [ValueID]) -> RaggedForm {
    guard partialsOf == nil, replacing == nil, program.axes.contains(where: { $0.rows != nil })
    else { return .plain }
    var form = RaggedForm()
    let extents = program.loops(of: group[0], producers)
    let made = instructions(for: group)
    for (axis, rows) in program.axes.enumerated().compactMap({ id, axis in
      axis.rows.map { (id, $0) }
    }) {
      let hasLoops = made.contains { isLoop($0, over: rows.axis) }
      if form.rows == nil, let position = extents.firstIndex(of: program.axes[axis].extent),
        hasLoops || made.contains(where: { combines($0, along: axis, of: rows.axis) })
      {
        form.rows = RaggedForm.Loop(position: position, axis: axis, rows: rows)
        form.isOrdered = hasLoops
      } else if form.examples == nil, form.rows == nil, hasLoops,
        let position = extents.firstIndex(of: program.axes[rows.axis].extent)
      {
        form.examples = RaggedForm.Loop(position: position, axis: axis, rows: rows)
      }
    }
    return form
  }

  /// The instructions outside of loops that a kernel may run for some values.
  private func instructions(for group: [ValueID]) -> [Instruction] {
    var pending = group
    var seen = Set(group)
    var found: [Instruction] = []
    while let value = pending.popLast() {
      guard let instruction = producers[value] else { continue }
      found.append(instruction)
      for operand in instruction.operands + instruction.regions.flatMap({ $0.captures() })
      where !stored.contains(operand) && seen.insert(operand).inserted { pending.append(operand) }
    }
    return found
  }

  private func isLoop(_ instruction: Instruction, over axis: Int) -> Bool {
    instruction.operation.isLoop
      && instruction.results.contains { program.types[$0].axes.contains(axis) }
  }

  /// Whether something is made of all rows of an example.
  private func combines(_ instruction: Instruction, along axis: Int, of examples: Int) -> Bool {
    func isRagged(_ value: ValueID) -> Bool { program.types[value].raggedAxes.contains(axis) }
    let results = instruction.results
    if let whole = instruction.operation.wholeDimension,
      results.contains(where: { program.types[$0].shape[whole].raggedAxis == axis })
    {
      return true
    }
    return instruction.operands.contains(where: isRagged)
      && results.contains { !isRagged($0) && program.types[$0].axes.contains(examples) }
  }
}

extension Program {
  /// Whether a loop makes the rows of a value where they are stored.
  func isMadeByRows(_ value: ValueID, _ producers: [ValueID: Instruction]) -> Bool {
    !types[value].raggedAxes.isEmpty && producers[value]?.operation.isLoop == true
  }

  /// The loops of a kernel that stores a value: those over what is in its buffer, unless a loop of the
  /// kernel's makes its rows there.
  func loops(of value: ValueID, _ producers: [ValueID: Instruction]) -> [Extent] {
    isMadeByRows(value, producers)
      ? types[value].axes.ids.map { axes[$0].extent } : bufferExtents(of: value)
  }
}

extension Elaborator {
  /// The example that comes at a place, in the order of their lengths.
  func ordered(_ variable: LoopVariable, _ rows: RaggedRows) -> Expression {
    let number = element(of: rows.order, at: [graph.index(variable)], axes: [:])
    return graph.make(.index(of: number))
  }
}
