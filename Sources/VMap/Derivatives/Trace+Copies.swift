import Synchronization

/// Regions written again in the trace that holds them.
extension Trace {
  /// A value of the program as a term.
  func term(_ value: ValueID) -> Term { Term(state.withLock { $0.handle(value, self) }) }

  /// Writes an instruction again, with other values in the place of some.
  ///
  /// Types follow from the operands: copies may vary over more axes.
  func copy(_ instruction: Instruction, _ values: inout Substitution) throws(VMapError) {
    let others = values
    let results = try state.withLock { state throws(VMapError) in
      let operands = others[instruction.operands]
      let regions = instruction.regions.map { state.builder.copy(of: $0, others) }
      try state.builder.program.inferRegions(instruction.operation, operands, regions)
      let results = try state.builder.emit(instruction.operation, operands, regions: regions)
      state.claimValues()
      return results
    }
    for (old, new) in zip(instruction.results, results) { values[old] = new }
  }

  /// Writes what a region does with other values in the place of some, and gives its results.
  func inline(
    _ region: Region, _ arguments: [ValueID], _ values: Substitution
  ) throws(VMapError) -> [ValueID] {
    var values = values
    for (parameter, argument) in zip(region.parameters, arguments) { values[parameter] = argument }
    for instruction in region.instructions { try copy(instruction, &values) }
    return values[region.results]
  }

  /// Runs what may use values of maps that have returned.
  func reopeningAxes<R>(_ body: () throws(VMapError) -> R) throws(VMapError) -> R {
    let closed = state.withLock { state in
      defer { state.closedAxes = [] }
      return state.closedAxes
    }
    defer { state.withLock { $0.closedAxes.formUnion(closed) } }
    return try body()
  }

  /// Writes a loop whose body depends on the axes of its state: it is traced again until they are those
  /// that it makes.
  ///
  /// - Parameter form: How often it runs, where that is known.
  func loop(
    _ form: LoopForm?, makesRows: Bool = false, from initial: [Term],
    while condition: ([Term]) throws(VMapError) -> Term,
    do body: ([Term]) throws(VMapError) -> [Term]
  ) throws(VMapError) -> [Term] {
    let values = try values(for: initial.map(\.handle))
    var types = values.map(type(of:))
    while true {
      let test = try region(types) { [try condition($0.map(Term.init)).handle] }
      let step = try region(types) { try body($0.map(Term.init)).map(\.handle) }
      let tested = type(of: test.results[0]).axes
      var isStable = true
      for (slot, result) in step.results.enumerated() where result != step.parameters[slot] {
        let axes = types[slot].axes.union(type(of: result).axes).union(tested)
        if axes != types[slot].axes { isStable = false }
        types[slot].axes = axes
      }
      guard isStable else { continue }
      let paths = initial.indices.map { "state \($0)" }
      return try write("derivative", paths, values, test, step, as: form, makesRows: makesRows)
        .map(Term.init)
    }
  }
}
