/// Goes through a loop backward in memory that does not depend on how often it ran: states are computed
/// again from snapshots, which lie as binomial checkpointing places them.
///
/// With s snapshots and at most `(s + r)! / (s! r!)` iterations each is computed again at most r times.
/// Each example has its own number of iterations and its own snapshots. A. Griewank and A. Walther,
/// Algorithm 799: revolve, ACM Transactions on Mathematical Software 26 (2000).
struct Snapshots {
  let loop: ReversedLoop
  /// How many iterations there were.
  let count: Term
  let pass: ReversePass
  /// How many snapshots there are besides the state that the loop begins with.
  let capacity: Int

  init(of loop: ReversedLoop, _ count: Term, _ pass: ReversePass) {
    self.loop = loop
    self.count = count
    self.pass = pass
    let elements = loop.initial.reduce(0) { sum, value in
      sum + pass.trace.term(value).sizes.saturatingProduct()
    }
    capacity = elements <= 8 ? 31 : 15
  }

  /// Where the way back stands.
  private struct Position {
    /// Iterations that are still to be gone through.
    var remaining: Term
    /// The number of the newest snapshot.
    var top: Term
    /// Before which iteration each snapshot was taken.
    var places: Term
    /// The tensors of the snapshots, stacked.
    var stacks: [Term]

    var all: [Term] { [remaining, top, places] + stacks }

    init(remaining: Term, top: Term, places: Term, stacks: [Term]) {
      self.remaining = remaining
      self.top = top
      self.places = places
      self.stacks = stacks
    }

    init(_ terms: ArraySlice<Term>) {
      let terms = Array(terms)
      self.init(remaining: terms[0], top: terms[1], places: terms[2], stacks: Array(terms[3...]))
    }
  }

  /// How much the state and the captures count before the first iteration, from after the last.
  func reversed(_ changes: [Term]) throws(VMapError) -> [Term] {
    let trace = pass.trace
    let state = loop.initial.map(trace.term)
    let start = Position(
      remaining: count, top: .index(0), places: Term.index(0).filled([capacity + 1], 0),
      stacks: state.map { $0.filled([capacity + 1] + $0.sizes, 0).settingEntry(.index(0), to: $0) })
    let size = start.all.count
    return Array(
      try trace.loop(.open, from: start.all + changes) { state throws(VMapError) in
        state[0] .> .index(0)
      } do: { terms throws(VMapError) in
        var (position, state) = try advanced(Position(terms.prefix(size)))
        let values = try trace.values(for: state.map(\.handle))
        state = try loop.step(Array(terms.dropFirst(size)), at: values, pass)
        position.remaining = position.remaining - .index(1)
        // A snapshot of the iteration that is done is of no use any more.
        let isDone =
          position.places[position.top] .== position.remaining .&& position.top .> .index(0)
        position.top = .select(isDone, position.top - .index(1), position.top)
        return position.all + state
      }.dropFirst(size))
  }

  /// The state before the last iteration that remains, computed from the newest snapshot on; takes new
  /// ones on the way.
  private func advanced(_ position: Position) throws(VMapError) -> (Position, [Term]) {
    let trace = pass.trace
    let begin = position.places[position.top]
    let state = position.stacks.map { $0.entry(position.top) }
    let size = state.count
    let next = try nextPlace(after: begin, position)
    let results = try trace.loop(.open, from: [begin, next] + state + position.all) {
      terms throws(VMapError) in
      terms[0] .< terms[2 + size] - .index(1)
    } do: { terms throws(VMapError) in
      let state = try trace.inlined(
        loop.loop.body, Array(terms[2..<2 + size]), pass.values)
      let place = terms[0] + .index(1)
      // A snapshot is taken where its turn has come.
      let old = Position(terms[(2 + size)...])
      let taken = try trace.loop(
        .once, from: [place .== terms[1], terms[1], old.top, old.places] + old.stacks
      ) { inner throws(VMapError) in
        inner[0]
      } do: { inner throws(VMapError) in
        let top = inner[2] + .index(1)
        let places = inner[3].setting(top, to: place)
        let stacks = zip(inner.dropFirst(4), state).map { $0.settingEntry(top, to: $1) }
        let new = Position(remaining: old.remaining, top: top, places: places, stacks: stacks)
        return [Term(false.constant), try nextPlace(after: place, new), top, places] + stacks
      }
      return [place, taken[1]] + state + [old.remaining] + taken[2...]
    }
    return (Position(results[(2 + size)...]), Array(results[2..<2 + size]))
  }

  /// Before which iteration the next snapshot is taken; -1 where there are enough.
  ///
  /// With f free snapshots and l iterations to go, r is the least number for which f + r over f is at
  /// least l; the next snapshot lies f + r - 1 over f further on.
  private func nextPlace(after place: Term, _ position: Position) throws(VMapError) -> Term {
    let free = (Term.index(capacity) - position.top).converted(to: .int64)
    let length = (position.remaining - place).converted(to: .int64)
    let one = length.constant(1)
    // The repetitions r, and the binomials of f + r and of f + r - 1 over f.
    let results = try pass.trace.loop(.open, from: [length.constant(0), one, one]) {
      state throws(VMapError) in
      state[1] .< length
    } do: { state throws(VMapError) in
      let repetitions = state[0] + one
      return [repetitions, state[1] * (free + repetitions) / repetitions, state[1]]
    }
    let distance = Term.max(one, Term.min(results[2], length - one)).converted(to: .int32)
    return .select(
      position.top .< .index(capacity), place + distance, place.constant(-1))
  }
}
