import Testing
@testable import VMapTestSupport

@testable import VMap

/// Programs with ragged dimensions: what the interpreter makes of them, and their text.
@Suite struct RaggedInterpreterTests {
  typealias T = Tensor<Float>

  private static let functions: [(name: String, function: @Sendable (T, T) -> T)] = [
    ("sum", { x, _ in x.sum(axis: 0) }),
    ("size", { x, _ in x.dimensionSize(0).asType(Float.self) }),
    ("mean", { x, _ in x.mean(axis: 0) }), ("product", { x, w in matmul(x, w) }),
    ("softmax", { x, _ in x.softmax(axis: 0) }), ("cumsum", { x, _ in x.cumsum(axis: 0) }),
    ("flipped", { x, _ in x.flipped(0) }),
    (
      "attention",
      { x, w in
        let q = matmul(x, w)
        return matmul(matmul(q, q.transposed()).softmax(axis: -1), x)
      }
    ),
    ("positions", { x, _ in x + x.cummax(axis: 0) * x.take(Tensor<Int32>(-1), axis: 0) }),
  ]

  @Test func programs() throws {
    let lengths = [2, 1, 5]
    let r = try Ragged(
      values: T(shape: [8, 3], scalars: (0..<24).map { Float(($0 * 7) % 11) / 8 }),
      offsets: [0, 2, 3, 8])
    let w = try T(shape: [3, 2], scalars: [0.5, -1, 0.25, 2, -0.5, 1])
    for (name, function) in Self.functions {
      let isRagged = ["product", "softmax", "cumsum", "flipped", "attention", "positions"].contains(
        name)
      let f = vmap(function, inAxes: [.ragged, nil], outAxes: isRagged ? .ragged : 0)
      let program = try f.entry(r.batch, w).executable.traced.program
      let stored = try StoredArguments([r.batch.handle, w.handle])
      var arguments = stored.handles
      arguments[stored.examples(of: 0)] = try r.segments.examples()
      let expected = try Interpreter.run(
        program, arguments.map { try ReferenceTensor($0.storage()) },
        sizes: [Symbol(id: 0): lengths.count, Symbol(id: 0, isTotal: true): 8])
      let result = try f(r.batch, w)
      let found = isRagged ? try Ragged(result).values.scalars() : try result.scalars()
      expectClose(found.map(Double.init), expected[0].numbers, within: 1e-5, ofAtLeast: 1)
      // What is printed is read back.
      #expect(try Program(parsing: program.text).text == program.text, "\(name)")
    }
  }
}
