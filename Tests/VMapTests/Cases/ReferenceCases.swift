import Testing

@testable import VMap

/// Derivatives, collectives, chunks and functions of one's own as JAX has them: each test is one of the
/// cases that JAX's own tests of `vmap` make, with its answer.
@Suite struct ReferenceCases {
  typealias Floats = Tensor<Float>

  /// Per-example gradients: `vmap(grad(loss))` with weights that are shared.
  @Test func case88() throws {
    let loss: @Sendable (Floats, Floats) -> Floats = { w, x in square(matmul(w, x)).sum() }
    let w = try Floats.counting(2, 3)
    let x = try Floats.counting(5, 3)
    let slopes = try vmap(grad(loss), inAxes: [nil, 0])(w, x)
    let expected = (0..<5).flatMap { n in
      let row = (0..<3).map { Float(3 * n + $0) }
      return (0..<2).flatMap { i in
        let y = (0..<3).reduce(Float(0)) { $0 + Float(3 * i + $1) * row[$1] }
        return row.map { 2 * y * $0 }
      }
    }
    try expect(slopes, [5, 2, 3], expected)
  }

  @Test func case89() throws {
    let total: @Sendable (Floats, Floats) throws -> Floats = { w, xs in
      try vmap({ (x: Floats) in (w * x).sum() })(xs).sum()
    }
    try expect(grad(total)(Floats([1, 1]), .counting(3, 2)), [2], [6, 9])
  }

  @Test func case90() throws {
    let squares: @Sendable (Floats) -> Floats = { x in x * x }
    let x = try Floats.counting(3)
    let diagonal: [Float] = [0, 0, 0, 0, 2, 0, 0, 0, 4]
    try expect(jacobian(squares, mode: .forward)(x), [3, 3], diagonal)
    try expect(jacobian(squares, mode: .reverse)(x), [3, 3], diagonal)
    let bend: @Sendable (Floats) -> Floats = { x in square(maximum(x, 0)).sum() }
    try expect(hessian(bend)(Floats([-1, 0, 1])), [3, 3], [0, 0, 0, 0, 0.5, 0, 0, 0, 2])
  }

  /// Over any of three nested names in any order: with the names in one call, as one after another.
  @Test func case91() throws {
    let f: @Sendable (Floats) -> Tuple<Floats, Floats, Floats> = { x in
      Tuple(
        x - x.sum(over: "k", "i"), x - x.max(over: "j", "k", "i"), x - x.min(over: "i", "j"))
    }
    let nested = vmap(vmap(vmap(f, axisName: "k"), axisName: "j"), axisName: "i")
    let (sums, greatest, least) = try nested(.counting(2, 2, 2)).elements
    // Element n is n, and its bits are its indices along i, j and k.
    try expect(sums, [2, 2, 2], (0..<8).map { Float($0 - ($0 & 2 == 0 ? 10 : 18)) })
    try expect(greatest, [2, 2, 2], (0..<8).map { Float($0 - 7) })
    try expect(least, [2, 2, 2], (0..<8).map { Float($0 - ($0 & 1)) })
  }

  @Test func case92() throws {
    let f = vmap(
      { (x: Floats, y: Floats) in
        Tuple(x.sum(over: "i"), Tensor<Int32>(1).sum(over: "i"), y.sum(over: "i"))
      }, inAxes: [0, nil], outAxes: nil, axisName: "i")
    let (sum, count, shared) = try f(.counting(3, 2), Tensor(2)).elements
    try expect(sum, [2], [6, 9])
    try expect(count, [], [3])
    try expect(shared, [], [6])
  }

  @Test func case93() throws {
    let turned = vmap(
      { (x: Floats) in x.permute(over: "i", pairs: [(0, 1), (1, 2), (2, 0)]) }, axisName: "i")
    try expect(turned(.counting(3)), [3], [2, 0, 1])
  }

  @Test func case94() throws {
    let x = try Floats.counting(3, 5)
    let gathered = vmap(
      { (x: Floats) in x.allGather(over: "i") }, inAxes: 1, outAxes: nil, axisName: "i")
    try expect(gathered(x), [5, 3], x.transposed().scalars())
    let tiled = vmap(
      { (x: Floats) in x.allGather(over: "i", tiled: true) }, outAxes: nil, axisName: "i")
    try expect(tiled(.counting(4, 3, 5)), [12, 5], (0..<60).map(Float.init))
  }

  /// Chunks give the bits of the whole; chunks of none are an error here, and the whole in JAX.
  @Test func case95() throws {
    let f: @Sendable (Floats) -> Floats = { x in x * x }
    let x = try Floats.counting(10)
    let whole = try vmap(f)(x).scalars()
    try expect(vmap(f, chunk: 3)(x), [10], whole)
    try expect(vmap(f, chunk: 16)(.counting(4)), [4], [0, 1, 4, 9])
    expectError(.invalidSize, naming: "chunk", "0") { try vmap(f, chunk: 0)(x) }
  }

  @Test func case96() throws {
    let f = customVMap({ (x: Floats) in sin(x) }, vmap: { _, _, x in (cos(x), 0) })
    try expectClose(f(Tensor(0.5)), [0.47942555], within: 1e-6)
    try expect(vmap(f)(.zeros([3])), [3], [1, 1, 1])
  }

  @Test func case97() throws {
    let wrong = customVMap(
      { (x: Floats) in [x, x] }, vmap: { _, _, x in ([x], [0]) })
    expectError(.outAxesStructure, naming: "customVMap", "1 tensor", "2") {
      try vmap(wrong)(.counting(3))
    }
  }

  @Test func case98() throws {
    let f: @Sendable (Floats) -> Floats = { x in x + 1 }
    let x = try Floats.counting(3)
    let sequential = try vmap(sequentialMap(f)).lowered(x)
    #expect(try sequential.batched == jit { (x: Floats) in map(x) { f($0) } }.lowered(x).batched)
  }

  /// A sum of gradients over a batch is a contraction: no kernel stores those of single examples.
  @Test func sumsOfGradients() throws {
    let loss: @Sendable (Floats, Floats) -> Floats = { w, x in square(matmul(w, x)).sum() }
    let gradients = vmap(grad(loss), inAxes: [nil, 0], outAxes: .sum)
    let w = try Floats.counting(4, 3)
    let x = Floats([[1, 0, 1], [0, 1, 0], [1, 1, 1], [0, 0, 1], [2, 0, 0]])
    let whole = try vmap(grad(loss), inAxes: [nil, 0])(w, x).sum(axis: 0).scalars()
    try expect(gradients(w, x), [4, 3], whole)
    let executable = try gradients.entry(w, x).executable
    let stored = executable.plan.plan.kernels.flatMap(\.roots).map { root in
      executable.program.extents(of: root.buffer).reduce(1) { $0 * $1.value([Symbol(id: 0): 5]) }
    }
    #expect(stored.max() ?? 0 <= 5 * 4, "\(stored)")
  }

  /// The gradient of a matrix product that is written as two maps of a dot product is two contractions.
  @Test func gradientOfNestedDots() throws {
    let product: @Sendable (Floats, Floats) throws -> Floats = { a, b in
      try vmap(vmap({ dot($0, $1) }, inAxes: [0, nil]), inAxes: [nil, 1], outAxes: 1)(a, b)
    }
    let slopes = jit(
      { (a: Floats, b: Floats, change: Floats) in
        let (_, pullback) = try vjp(product, a, b)
        return try pullback(change)
      })
    let (a, b) = try (Floats.counting(2, 3), Floats.counting(3, 2))
    let change = Floats([[1, 0], [0, 1]])
    let (da, db) = try slopes(a, b, change)
    try expect(da, [2, 3], b.transposed().scalars())
    try expect(db, [3, 2], a.transposed().scalars())
    let lowered = try slopes.lowered(a, b, change)
    #expect(lowered.batched.split(separator: "dot_general").count - 1 == 2, "\(lowered.batched)")
    #expect(!lowered.batched.contains("reduce_sum"), "\(lowered.batched)")
    #expect(lowered.kernelCount <= 2, "\(lowered.plan)")
  }
}
