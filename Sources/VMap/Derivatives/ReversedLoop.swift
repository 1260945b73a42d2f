/// A loop that was written forward, and how to go back through it.
protocol BackwardLoop: Sendable {
  var loop: LoopSite { get }
  /// The results of the slots.
  var results: [ValueID] { get }
  /// How much the initial state and what the body uses count.
  func cotangents(_ pass: ReversePass) throws(VMapError) -> [(ValueID, Term)]
}

extension BackwardLoop {
  /// Whether zeros among the cotangents of the results may stand for elements that were not chosen.
  func isMasked(_ pass: ReversePass) -> Bool { results.contains(where: pass.masked.contains) }

  /// Whether the body chooses among elements: what it did not choose has cotangents of zero.
  var choosesElements: Bool {
    var chooses = false
    loop.body.forEachInstruction { instruction in
      let rule = instruction.operation as? any Differentiable
      chooses = chooses || rule?.choosesElements == true || instruction.loopForm == .once
    }
    return chooses
  }
}

/// A loop that was written forward so that it can be gone through backward.
struct ReversedLoop: BackwardLoop {
  let loop: LoopSite
  /// Which of the slots change, by their positions.
  let active: [Int]
  /// The values of the surroundings that the body uses and that change.
  let captures: [ValueID]
  /// The results of the slots.
  let results: [ValueID]
  /// The state that the loop begins with, and what the body uses, in the program that is written.
  let initial: [ValueID]
  private var history = History.once

  /// How the states of former iterations are found again.
  private enum History {
    /// There is one iteration at most.
    case once
    /// What is needed of them is stacked; so many iterations there were, of which the number may be
    /// known.
    case tape([Int: Term], count: Term, length: Int?)
    /// They are computed again, from snapshots; so many iterations there were.
    case snapshots(count: Term)
  }

  /// The most bytes that the states of a loop are stacked in, for one example.
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
    let state = initial.map(trace.term)
    let final: [Term]
    if loop.form == .once {
      final = try loop.written(trace, pass.values, from: state)
    } else {
      let length: Int? = if case .counted(let count?) = loop.form { count } else { nil }
      let needed =
        length == 0 ? [] : try neededSlots(pass).filter { loop.step(of: $0) == nil }
      // Of a loop that never runs there is nothing to read either.
      let fits = length.map { Self.fits($0, needed.map { state[$0] }) } ?? false
      let isTaped = needed.isEmpty || pass.stacksStates && fits
      let written = try loop.written(
        trace, pass.values, from: state, stacking: isTaped ? needed : [], length ?? 0)
      final = written.state
      let count = length.map(Term.index) ?? written.count
      history =
        isTaped
        ? .tape(
          Dictionary(uniqueKeysWithValues: zip(needed, written.tapes)), count: count,
          length: length)
        : .snapshots(count: count)
    }
    for (result, term) in zip(results, final) {
      pass.values[result] = try trace.value(for: term.handle)
    }
  }

  /// Whether what some tensors are in so many iterations is stacked.
  private static func fits(_ count: Int, _ state: [Term]) -> Bool {
    let bytes = state.reduce(0.0) { sum, term in
      sum + Double(term.element.byteCount) * term.sizes.reduce(1) { $0 * Double($1) }
    }
    return bytes * Double(count) <= Double(tapeCapacity)
  }

  /// The slots whose values an iteration backward reads.
  private func neededSlots(_ pass: ReversePass) throws(VMapError) -> [Int] {
    let trace = pass.trace
    let types = initial.map(trace.type(of:))
    let captured = captures.map { trace.type(of: pass.values[$0]) }
    let all = types + active.map { types[$0] } + captured
    let region = try trace.region(all) { parameters in
      let values = try trace.values(for: parameters.prefix(types.count))
      let changes = parameters.dropFirst(types.count).map(Term.init)
      return try step(changes, at: values, pass).map(\.handle)
    }
    let needed = region.needed(by: region.results)
    return loop.slots.indices.filter { needed.contains(region.parameters[$0]) }
  }

  /// How much the initial state and what the body uses count.
  func cotangents(_ pass: ReversePass) throws(VMapError) -> [(ValueID, Term)] {
    guard active.contains(where: { pass.cotangents[results[$0]] != nil }) else { return [] }
    let trace = pass.trace
    let begin = active.map { slot in
      pass.cotangents[results[slot]] ?? trace.term(initial[slot]).zeros
    }
    let changes = begin + captures.map { trace.term(pass.values[$0]).zeros }
    let first: [Term]
    switch history {
    case .once:
      let flag = trace.term(initial[0])
      first = try trace.loop(.once, from: [flag] + changes) { state throws(VMapError) in
        state[0]
      } do: { state throws(VMapError) in
        [Term(false.constant)] + (try step(Array(state.dropFirst()), at: initial, pass))
      }
    case .tape(let tapes, let count, let length):
      first = try trace.loop(.counted(length), from: [.index(0)] + changes) {
        state throws(VMapError) in
        state[0] .< count
      } do: { state throws(VMapError) in
        let number = count - .index(1) - state[0]
        let values = try values(before: number, tapes, trace)
        return [state[0] + .index(1)] + (try step(Array(state.dropFirst()), at: values, pass))
      }
    case .snapshots(let count):
      first = try Snapshots(of: self, count, pass).reversed(changes)
    }
    let found = first.suffix(active.count + captures.count)
    return Array(zip(active.map { loop.initial[loop.slots[$0]] } + captures, found))
  }

  /// The state before an iteration: what was stacked, counters, and for the rest, which nothing reads,
  /// what the loop begins with.
  private func values(
    before number: Term, _ tapes: [Int: Term], _ trace: Trace
  ) throws(VMapError) -> [ValueID] {
    var values = initial
    for slot in initial.indices {
      if let tape = tapes[slot] {
        values[slot] = try trace.value(for: tape.entry(number).handle)
      } else if let step = loop.step(of: slot) {
        let begin = trace.term(initial[slot])
        let passed = number.converted(to: begin.element) * Term(.apply(Literal(value: step), []))
        values[slot] = try trace.value(for: (begin + passed).handle)
      }
    }
    return values
  }

  /// One iteration backward: how much its state and the captures count, from how much the next state
  /// does, at the values that the state had.
  func step(
    _ changes: [Term], at state: [ValueID], _ pass: ReversePass
  ) throws(VMapError) -> [Term] {
    var inner = ReversePass(
      pass.trace, innerAxes: pass.innerAxes, summedAxes: loop.body.boundAxes, values: pass.values,
      active: Set(captures), stacksStates: pass.stacksStates)
    _ = try inner.forward(loop.body, state, changing: loop.slots.indices.map(active.contains))
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
