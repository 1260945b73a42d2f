/// Loops. The counters of loops whose bounds do not vary are the same in all examples.
extension Term {
  /// Replaces a state while a condition on it holds.
  static func whileLoop(
    _ initial: [Term], while condition: @escaping ([Term]) -> Term,
    do body: @escaping ([Term]) -> [Term]
  ) -> [Term] {
    let loop = LoopDescription(
      name: "LinearAlgebra", paths: initial.indices.map { "state \($0)" },
      condition: { condition($0.map(Term.init)).handle },
      body: { body($0.map(Term.init)).map(\.handle) })
    return runLoop(loop, from: initial.map(\.handle)).map(Term.init)
  }

  /// Replaces a state once for each index of a range.
  static func loop(
    _ lower: Term, _ upper: Term, _ initial: [Term],
    do body: @escaping (_ index: Term, _ state: [Term]) -> [Term]
  ) -> [Term] {
    let results = whileLoop([lower] + initial) { state in
      state[0] .< upper
    } do: { state in
      [state[0] + .index(1)] + body(state[0], Array(state.dropFirst()))
    }
    return Array(results.dropFirst())
  }

  /// What a function gives where a condition holds, which elsewhere is not run.
  static func when(
    _ condition: Term, else other: [Term], do body: @escaping () -> [Term]
  ) -> [Term] {
    let results = whileLoop([condition] + other) {
      $0[0]
    } do: { _ in
      [Term(false.constant)] + body()
    }
    return Array(results.dropFirst())
  }

  /// A number with products added for a range of indices, one after another.
  func adding(
    from lower: Term, to upper: Term, _ factors: @escaping (_ index: Term) -> (Term, Term)
  ) -> Term {
    Term.loop(lower, upper, [self]) { index, sum in
      let (a, b) = factors(index)
      return [.multiplyAdd(a, b, sum[0])]
    }[0]
  }

  /// A number with products subtracted, likewise.
  func subtracting(
    from lower: Term, to upper: Term, _ factors: @escaping (_ index: Term) -> (Term, Term)
  ) -> Term {
    adding(from: lower, to: upper) { index in
      let (a, b) = factors(index)
      return (-a, b)
    }
  }

  /// A function of each column of a matrix: columns are a map axis of their own.
  func mappingColumns(_ body: (_ column: Term) -> Term) -> Term {
    Term([self], as: element) {
      guard let trace = Trace.current ?? handle.trace else {
        throw VMapError(.internalInconsistency, "columns are mapped outside of a trace")
      }
      let axis = trace.makeAxis(name: nil, extent: .constant(sizes[1]))
      let bind = BindAxis(axis: axis, dimension: 1)
      let result = body(Term(trace.emit(bind, [handle])[0])).handle
      defer { trace.closeAxes([axis]) }
      return trace.emit(UnbindAxis(axis: axis, dimension: 1), [result])[0]
    }
  }
}
