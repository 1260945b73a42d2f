/// A scan over the rows of each example, of which there are as many as the example is long, that was written
/// forward so that it can be gone through backward.
///
/// The states before all steps are rows of tapes, as long as the example; going back is a scan from the
/// other end, which stacks how much each row counts.
struct ReversedRows: BackwardLoop {
  let loop: LoopSite
  let results: [ValueID]
  /// Of the slots, by their positions, those that are carried and change.
  private let carries: [Int]
  /// The stacked outputs that change: their slots, and what the body makes of a row.
  private let outputs: [(slot: Int, row: ValueID)]
  /// The row of a value of the surroundings that a step reads.
  private let rows: [(source: ValueID, row: ValueID)]
  /// Other values of the surroundings that the body uses and that change.
  private let captures: [ValueID]
  /// Which row a step reads and makes, in the body.
  private let position: ValueID
  private let initial: [ValueID]
  private let tapes: [Int: Term]
  private let count: Term
  /// The number that stands for the length of an example.
  private let length: Int

  init(
    _ loop: LoopSite, _ instruction: Instruction, active: [Int], in pass: inout ReversePass
  ) throws(VMapError) {
    let trace = pass.trace
    self.loop = loop
    results = loop.slots.map { instruction.results[$0] }
    initial = loop.slots.map { pass.values[loop.initial[$0]] }
    let values = pass.values
    func isRagged(_ value: ValueID) -> Bool { !trace.type(of: values[value]).raggedAxes.isEmpty }
    let body = loop.body
    let stacks = loop.slots.indices.filter { isRagged(loop.initial[loop.slots[$0]]) }
    let isActive = pass.active
    let used = body.captures()
    captures = used.filter { isActive.contains($0) && !isRagged($0) }
    carries = active.filter { !stacks.contains($0) }
    var (rows, outputs): ([(ValueID, ValueID)], [(Int, ValueID)]) = ([], [])
    var position: ValueID?
    for instruction in body.instructions {
      let ragged = instruction.operands.first.map { used.contains($0) && isRagged($0) } == true
      if instruction.operation is DynamicSlice, ragged {
        position = position ?? instruction.operands[1]
        if instruction.operands[1] == position {
          if isActive.contains(instruction.operands[0]) {
            rows.append((instruction.operands[0], instruction.results[0]))
          }
          continue
        }
      }
      let others = instruction.operands + instruction.regions.flatMap { $0.captures() }
      if let value = others.first(where: { isActive.contains($0) && isRagged($0) }) {
        throw VMapError(
          .notDifferentiable,
          "scan: a step uses more than its row of \(try trace.type(of: pass.values[value]).tensorType(for: "scan")), "
            + "which is differentiated and as long as its example")
      }
    }
    for slot in stacks where active.contains(slot) {
      guard let write = body.producer(of: body.results[slot]),
        write.operation is DynamicUpdateSlice, write.operands[0] == body.parameters[slot]
      else { throw VMapError(.internalInconsistency, "a scan does not stack its outputs by rows") }
      position = position ?? write.operands[2]
      outputs.append((slot, write.operands[1]))
    }
    let lengths = (used + stacks.map { loop.initial[loop.slots[$0]] }).filter(isRagged)
      .map { trace.type(of: values[$0]).shape[0].size ?? 0 }
    guard let position, let length = lengths.first(where: \.isRagged) else {
      throw VMapError(
        .notDifferentiable, "scan: the number of steps is that of rows which no step uses")
    }
    self.position = position
    self.length = length
    self.rows = rows
    self.outputs = outputs
    let kept = loop.slots.indices.filter { !stacks.contains($0) && loop.step(of: $0) == nil }
    let state = initial.map(trace.term)
    let written = try loop.written(trace, pass.values, from: state, stacking: kept, length)
    tapes = Dictionary(uniqueKeysWithValues: zip(kept, written.tapes))
    count = written.count
    for (result, term) in zip(results, written.state) {
      pass.values[result] = try trace.value(for: term.handle)
    }
  }

  func cotangents(_ pass: ReversePass) throws(VMapError) -> [(ValueID, Term)] {
    let trace = pass.trace
    let changes = outputs.map { pass.cotangents[results[$0.slot]] }
    guard
      carries.contains(where: { pass.cotangents[results[$0]] != nil })
        || changes.contains(where: { $0 != nil })
    else { return [] }
    let begin = carries.map { slot in
      pass.cotangents[results[slot]] ?? trace.term(initial[slot]).zeros
    }
    let sums = captures.map { trace.term(pass.values[$0]).zeros }
    let sources = rows.map { trace.term(pass.values[$0.source]) }
    let stacks = sources.map { $0.filled($0.sizes, 0) }
    let found = try trace.loop(
      .counted(nil), makesRows: true, from: [.index(0)] + begin + sums + stacks
    ) { state throws(VMapError) in
      state[0] .< count
    } do: { state throws(VMapError) in
      let number = count - .index(1) - state[0]
      return [state[0] + .index(1)]
        + (try step(Array(state.dropFirst()), changes, before: number, pass))
    }.dropFirst()
    let targets =
      carries.map { loop.initial[loop.slots[$0]] } + captures + rows.map(\.source)
    return Array(zip(targets, found))
  }

  /// One step backward: how much the carry before it counts, captures up to it, and its rows.
  private func step(
    _ state: [Term], _ outputs: [Term?], before number: Term, _ pass: ReversePass
  ) throws(VMapError) -> [Term] {
    let trace = pass.trace
    var values = initial
    for slot in initial.indices {
      if let tape = tapes[slot] {
        values[slot] = try trace.value(for: tape.entry(number).handle)
      } else if loop.step(of: slot) != nil {
        values[slot] = try trace.value(for: (trace.term(initial[slot]) + number).handle)
      }
    }
    var inner = ReversePass(
      trace, innerAxes: pass.innerAxes, summedAxes: loop.body.boundAxes, values: pass.values,
      active: Set(captures + rows.map(\.row)), stacksStates: pass.stacksStates)
    _ = try inner.forward(loop.body, values, changing: loop.slots.indices.map(carries.contains))
    let row = trace.term(inner.values[position])
    let seeds = self.outputs.map(\.row)
    let changes = zip(seeds, outputs).map { seed, change in
      change.map { $0.entry(row).reshaped(to: trace.term(inner.values[seed]).sizes) }
    }
    try inner.backward(
      carries.map { loop.body.results[$0] } + seeds,
      state.prefix(carries.count).map(Optional.some) + changes,
      isMasked: isMasked(pass))
    let carried = carries.map { slot in
      inner.cotangents[loop.body.parameters[slot]] ?? trace.term(values[slot]).zeros
    }
    let sums = zip(captures, state.dropFirst(carries.count)).map { capture, sum in
      inner.cotangents[capture].map { sum + $0 } ?? sum
    }
    let stacks = zip(rows, state.suffix(rows.count)).map { source, stack in
      let own = inner.cotangents[source.row]
      let zero = stack.constant(0).repeated(to: Array(stack.sizes.dropFirst()))
      return stack.settingEntry(
        row, to: own.map { $0.reshaped(to: Array(stack.sizes.dropFirst())) } ?? zero)
    }
    return carried + sums + stacks
  }
}
