/// Loops written forward for the way back.
extension LoopSite {
  /// What a counter grows by in each iteration, if a slot is one.
  func step(of slot: Int) -> ScalarLiteral? {
    guard let next = body.producer(of: body.results[slot]), next.operation.name == "add",
      let own = next.operands.firstIndex(of: body.parameters[slot]), next.operands.count == 2,
      let step = body.producer(of: next.operands[1 - own])?.operation as? Literal,
      step.value.type.isInteger
    else { return nil }
    return step.value
  }

  /// Writes the loop as it is.
  func written(
    _ trace: Trace, _ values: Substitution, from initial: [Term]
  ) throws(VMapError) -> [Term] {
    try trace.loop(form, makesRows: makesRows, from: initial) { state throws(VMapError) in
      try trace.inlined(condition, state, values)[0]
    } do: { state throws(VMapError) in
      try trace.inlined(body, state, values)
    }
  }

  /// Writes the loop, counting iterations and stacking what some slots are before each.
  ///
  /// - Parameter length: How many iterations there are, where something is stacked.
  /// - Returns: The last state, the number of iterations, and the stacks.
  func written(
    _ trace: Trace, _ values: Substitution, from initial: [Term], stacking slots: [Int],
    _ length: Int
  ) throws(VMapError) -> (state: [Term], count: Term, tapes: [Term]) {
    let size = initial.count
    let tapes = slots.map { initial[$0].filled([length] + initial[$0].sizes, 0) }
    let results = try trace.loop(
      form, makesRows: makesRows, from: initial + [.index(0)] + tapes
    ) {
      state throws(VMapError) in
      try trace.inlined(condition, Array(state.prefix(size)), values)[0]
    } do: { state throws(VMapError) in
      let number = state[size]
      let stacked = zip(slots, state.dropFirst(size + 1)).map { slot, tape in
        tape.settingEntry(number, to: state[slot])
      }
      let next = try trace.inlined(body, Array(state.prefix(size)), values)
      return next + [number + .index(1)] + stacked
    }
    return (Array(results.prefix(size)), results[size], Array(results.dropFirst(size + 1)))
  }
}

extension Term {
  /// One of several stacked tensors.
  func entry(_ number: Term) -> Term { window([number] + sizes.dropFirst().map { _ in nil }) }

  /// Stacked tensors with one of them replaced.
  func settingEntry(_ number: Term, to value: Term) -> Term {
    setting([number] + sizes.dropFirst().map { _ in nil }, value)
  }
}

extension Region {
  /// The map axes that begin inside.
  var boundAxes: Set<Int> {
    var axes: Set<Int> = []
    forEachInstruction { instruction in
      if let bind = instruction.operation as? BindAxis { axes.insert(bind.axis) }
      if let index = instruction.operation as? AxisIndex { axes.insert(index.axis) }
    }
    return axes
  }
}

extension Trace {
  /// Writes what a region does with terms as its arguments.
  func inlined(
    _ region: Region, _ arguments: [Term], _ values: Substitution
  ) throws(VMapError) -> [Term] {
    let ids = try self.values(for: arguments.map(\.handle))
    return try inline(region, ids, values).map(term)
  }
}
