import Testing

@testable import VMap

/// Functions whose values are computed again on the way back.
@Suite struct CheckpointTests {
  typealias F = Tensor<Float>

  private static let weights = [F([[0.5, -1], [0.25, 2]]), F([[1, 0.5], [-0.75, 1]])]
  private static let x = F([0.3, -0.7])

  private static let layers: @Sendable (F, F, F) -> F = { a, b, x in
    let hidden = checkpointName(tanh(matmul(a, x)), "hidden")
    return square(tanh(matmul(b, hidden))).sum()
  }

  private static let policies: [CheckpointPolicy] = [
    .nothing, .everything, .dots, .names(["hidden"]), .names(["other"]),
  ]

  /// How many contractions there are in value and gradient: two forward, two back, and what is computed
  /// again.
  @Test func policiesSayWhatIsComputedAgain() throws {
    let (a, b) = (Self.weights[0], Self.weights[1])
    let plain = jit(valueAndGrad { (x: F) in Self.layers(a, b, x) })
    let expected = try plain(Self.x).1.scalars()
    let counts = try Self.policies.map { policy in
      let layers = checkpoint(saving: policy, Self.layers)
      let slope = jit(valueAndGrad { (x: F) in try layers(a, b, x) })
      #expect(try slope(Self.x).1.scalars() == expected)
      return try slope.lowered(Self.x).program.components(of: "dot_general")
    }
    #expect(counts == [6, 4, 4, 5, 6])
  }

  /// What a function uses of its surroundings is differentiated, too.
  @Test func captures() throws {
    let (a, b, x) = (Self.weights[0], Self.weights[1], Self.x)
    let captured = grad { (w: F) in
      try checkpoint { (x: F) in Self.layers(w, b, x) }(x * w[0, 0])
    }
    let plain = grad { (w: F) in Self.layers(w, b, x * w[0, 0]) }
    #expect(try captured(a).scalars() == plain(a).scalars())
  }

  @Test func otherTransforms() throws {
    let f = checkpoint { (x: F) in sin(x) * x }
    let plain: @Sendable (F) -> F = { x in sin(x) * x }
    let xs = F([0.5, 1, 2])
    #expect(try vmap(grad(f))(xs).scalars() == vmap(grad(plain))(xs).scalars())
    try expectClose(
      vmap(grad(grad(f)))(xs), try vmap(grad(grad(plain)))(xs).scalars(), within: 1e-5)
    #expect(try jvp(f, xs, xs).1.scalars() == jvp(plain, xs, xs).1.scalars())
    try expectClose(
      hessian(f)(Tensor(0.5)), try hessian(plain)(Tensor(0.5)).scalars(), within: 1e-5)
    #expect(try f(xs).scalars() == plain(xs).scalars())
  }

  /// Elements that were not chosen count for nothing, whatever a derivative is there.
  @Test func unchosenElements() throws {
    let root = checkpoint { (x: F) in sqrt(x) }
    let outside: @Sendable (F) throws -> F = { x in `where`(x .> 0, try root(x), Tensor(0)) }
    let chosen = checkpoint { (x: F, y: F) in `where`(x .> 0, y, Tensor(0)) }
    let inside: @Sendable (F) throws -> F = { x in try chosen(x, sqrt(x)) }
    let looped: @Sendable (F) -> F = { x in
      let root = sqrt(x)
      return fori(0, 2, Tensor(0)) { _, sum in sum + `where`(x .> 0, root, Tensor(0)) }
    }
    let slopes = try vmap { (x: F) in
      try Tuple(grad(outside)(x), grad(inside)(x), grad(looped)(x))
    }(F([4, 0])).elements
    try expect(slopes.0, [2], [0.25, 0])
    try expect(slopes.1, [2], [0.25, 0])
    try expect(slopes.2, [2], [0.5, 0])
  }

  /// The states of a loop are stacked, but not where nothing is kept: then memory does not depend on the
  /// number of steps.
  @Test func statesOfLoops() throws {
    let steps = 600
    func slope(_ policy: CheckpointPolicy) -> Vectorized<F, F, F> {
      let loop = checkpoint(saving: policy) { (x: F, w: F) in
        fori(0, steps, x) { _, x in x + sin(x * w) * 1e-3 }.sum()
      }
      return vmap(grad(loop), inAxes: [0, nil])
    }
    let x = F([[0.1, 0.2, 0.3, 0.4], [1, 2, 3, 4]])
    let w = F([1, 2, 3, 4])
    let (all, nothing) = (slope(.everything), slope(.nothing))
    #expect(try all(x, w).scalars() == nothing(x, w).scalars())
    let stacked = try all.entry(x, w).storedCount
    let kept = try nothing.entry(x, w).storedCount
    #expect(stacked >= 4 * steps, "\(stacked)")
    #expect(kept < 400, "\(kept)")
  }

  /// A rule of a function that uses what changes without being given it knows nothing of that.
  @Test func customRulesAndCaptures() throws {
    let f = grad { (w: F) in
      try customVJP({ (x: F) in x * w }, vjp: { x in (x * w, { $0 * w }) })(Tensor(2))
    }
    expectError(.notDifferentiable, naming: "customVJP", "surroundings") { try f(Tensor(1)) }
    let g = grad { (w: F) in
      try customJVP({ (x: F) in x * w }, jvp: { _, dx in dx * w })(Tensor(2))
    }
    expectError(.notDifferentiable, naming: "customJVP", "surroundings") { try g(Tensor(1)) }
  }
}

extension String {
  fileprivate func components(of word: String) -> Int { split(separator: word).count - 1 }
}

extension CallCache.Entry {
  /// How many elements the kernels store for a batch of two, and those that a work-item keeps of the
  /// states of its loops, for one example.
  fileprivate var storedCount: Int {
    executable.plan.plan.kernels.reduce(0) { sum, kernel in
      let stored = kernel.roots.reduce(0) { sum, root in
        let extents = executable.program.extents(of: root.buffer)
        return sum + extents.reduce(1) { $0 * $1.value([Symbol(id: 0): 2]) }
      }
      let arrays = kernel.state.filter { kernel.sharing[$0] == nil }
      return sum + stored + arrays.reduce(0) { $0 + kernel.graph.arrays[$1].count }
    }
  }
}
