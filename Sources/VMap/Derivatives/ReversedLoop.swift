/// A loop that was written forward so that it can be gone through backward.
struct ReversedLoop {
  let loop: LoopSite
  /// Which of the slots change, by their positions.
  let active: [Int]
  /// The values of the surroundings that the body uses and that change.
  let captures: [ValueID]
  /// The results of the slots.
  let results: [ValueID]
  /// The state that the loop begins with, and what the body uses, in the program that is written.
  let initial: [ValueID]
  private let history: History

  /// How the states of former iterations are found again.
  private enum History {
    /// There is one iteration at most.
    case once
    /// The states are stacked.
    case tape([Term], count: Int)
    /// They are computed again, from snapshots; so many iterations there were.
    case snapshots(count: Term)
  }

  /// The most bytes that all states of a loop are stacked in, for one example.
  private static let tapeCapacity = 1 << 20

  /// Writes a loop forward.
  ///
  /// - Parameter pass: Writes what is around it, and is told of the results.
  init(
    _ loop: LoopSite, _ instruction: Instruction, active: [Int], in pass: inout ReversePass
  ) throws(VMapError) {
    self.loop = loop
    self.active = active
    let activeValues = pass.active
    captures = loop.body.captures().filter(activeValues.contains)
    results = loop.slots.map { instruction.results[$0] }
    initial = loop.slots.map { pass.values[loop.initial[$0]] }
    let trace = pass.trace
    let values = pass.values
    let state = initial.map(trace.term)
    let final: [Term]
    switch loop.form {
    case .once:
      history = .once
      final = try loop.written(trace, values, from: state, counting: nil).state
    case .counted(let count?) where loop.fits(count, state, Self.tapeCapacity):
      let (all, _, tapes) = try loop.written(trace, values, from: state, counting: count)
      final = all
      history = .tape(tapes, count: count)
    default:
      let (all, count, _) = try loop.written(trace, values, from: state, counting: 0)
      final = all
      history = .snapshots(count: count)
    }
    for (result, term) in zip(results, final) {
      pass.values[result] = try trace.value(for: term.handle)
    }
  }

  /// How much the initial state and what the body uses count.
  func cotangents(_ pass: ReversePass) throws(VMapError) -> [(ValueID, Term)] {
    guard active.contains(where: { pass.cotangents[results[$0]] != nil }) else { return [] }
    let trace = pass.trace
    let begin = active.map { slot in
      pass.cotangents[results[slot]] ?? trace.term(initial[slot]).zeros
    }
    let unused = captures.map { trace.term(pass.values[$0]).zeros }
    let changes: [Term]
    switch history {
    case .once:
      let flag = trace.term(initial[0])
      changes = try trace.loop(.once, from: [flag] + begin + unused) { state throws(VMapError) in
        state[0]
      } do: { state throws(VMapError) in
        [Term(false.constant)]
          + (try step(Array(state.dropFirst()), at: initial, pass))
      }
    case .tape(let tapes, let count):
      changes = try trace.loop(.counted(count), from: [.index(0)] + begin + unused) {
        state throws(VMapError) in
        state[0] .< .index(count)
      } do: { state throws(VMapError) in
        let row = Term.index(count - 1) - state[0]
        var values: [ValueID] = []
        for tape in tapes { values.append(try trace.value(for: tape.entry(row).handle)) }
        return [state[0] + .index(1)] + (try step(Array(state.dropFirst()), at: values, pass))
      }
    case .snapshots(let count):
      changes = try Snapshots(of: self, count, pass).reversed(begin + unused)
    }
    let found = changes.suffix(active.count + captures.count)
    return Array(zip(active.map { loop.initial[loop.slots[$0]] } + captures, found))
  }

  /// Whether zeros among the cotangents of the results may stand for elements that were not chosen.
  func isMasked(_ pass: ReversePass) -> Bool { results.contains(where: pass.masked.contains) }

  /// One iteration backward: how much its state and the captures count, from how much the next state
  /// does, at the values that the state had.
  func step(
    _ changes: [Term], at state: [ValueID], _ pass: ReversePass
  ) throws(VMapError) -> [Term] {
    var inner = ReversePass(
      pass.trace, innerAxes: pass.innerAxes, summedAxes: loop.body.boundAxes, values: pass.values,
      active: Set(captures))
    _ = try inner.forward(
      loop.body, state, changing: loop.slots.indices.map(active.contains))
    var next = [Term?](repeating: nil, count: loop.slots.count)
    for (slot, change) in zip(active, changes) { next[slot] = change }
    try inner.backward(loop.body.results, next, isMasked: isMasked(pass))
    let slots = active.map { slot in
      inner.cotangents[loop.body.parameters[slot]] ?? pass.trace.term(state[slot]).zeros
    }
    let own = zip(captures, changes.dropFirst(active.count)).map { capture, sum in
      inner.cotangents[capture].map { sum + $0 } ?? sum
    }
    return slots + own
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

extension LoopSite {
  /// Whether the states of so many iterations take at most so many bytes.
  fileprivate func fits(_ count: Int, _ state: [Term], _ capacity: Int) -> Bool {
    let bytes = state.reduce(0.0) { sum, term in
      sum + Double(term.element.byteCount) * term.sizes.reduce(1) { $0 * Double($1) }
    }
    return bytes * Double(count) <= Double(capacity) && Int32(exactly: count) != nil
  }

  /// Writes the loop.
  ///
  /// - Parameter length: How many states are stacked; nil where iterations are not counted either.
  /// - Returns: The last state, the number of iterations, and the states before each.
  fileprivate func written(
    _ trace: Trace, _ values: Substitution, from initial: [Term], counting length: Int?
  ) throws(VMapError) -> (state: [Term], count: Term, tapes: [Term]) {
    let size = initial.count
    let tapes = length.map { length in
      length == 0 ? [] : initial.map { $0.filled([length] + $0.sizes, 0) }
    }
    let counter = length == nil ? [] : [Term.index(0)]
    let results = try trace.loop(form, from: initial + counter + (tapes ?? [])) {
      state throws(VMapError) in
      try trace.inlined(condition, Array(state.prefix(size)), values)[0]
    } do: { state throws(VMapError) in
      let next = try trace.inlined(body, Array(state.prefix(size)), values)
      guard length != nil else { return next }
      let number = state[size]
      let stacked = zip(state.dropFirst(size + 1), state).map { tape, term in
        tape.settingEntry(number, to: term)
      }
      return next + [number + .index(1)] + stacked
    }
    return (
      Array(results.prefix(size)), length == nil ? .index(0) : results[size],
      Array(results.dropFirst(size + 1))
    )
  }
}

extension Trace {
  /// Writes what a region does with terms as its arguments.
  func inlined(
    _ region: Region, _ arguments: [Term], _ values: Substitution
  ) throws(VMapError) -> [Term] {
    var ids: [ValueID] = []
    for argument in arguments { ids.append(try value(for: argument.handle)) }
    return try inline(region, ids, values).map(term)
  }
}
