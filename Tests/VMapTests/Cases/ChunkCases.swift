import Testing
import VMap

/// Batches that run a number of examples at a time.
@Suite struct ChunkCases {
  typealias Floats = Tensor<Float>

  @Test(arguments: [1, 3, 10, 16]) func chunksGiveTheSameBits(chunk: Int) throws {
    let f: @Sendable (Floats, Floats) -> (Floats, Floats, Floats) = { x, y in
      (tanh(x) * y, x.sum(), y.sum())
    }
    let (x, y) = try (Floats.counting(2, 10), Floats.counting(2))
    let (axes, outAxes): (Axes, Axes) = ([1, nil], [-1, 0, nil])
    let whole = try vmap(f, inAxes: axes, outAxes: outAxes)(x, y)
    let parts = try vmap(f, inAxes: axes, outAxes: outAxes, chunk: chunk)(x, y)
    try expect(parts.0, [2, 10], whole.0.scalars())
    try expect(parts.1, [10], whole.1.scalars())
    try expect(parts.2, [], [1])
  }

  @Test func aChunkMayBeLargerThanTheBatch() throws {
    let squares = vmap({ (x: Floats) in x * x }, chunk: 16)
    try expect(squares(.counting(4)), [4], [0, 1, 4, 9])
    try expect(squares(.zeros([0])), [0], [])
  }

  @Test func whatNeedsTheWholeBatchGetsIt() throws {
    let f = vmap(
      { (x: Floats) in x - x.sum(over: "i") + axisIndex("i").asType(Float.self) }, axisName: "i",
      chunk: 2)
    try expect(f(.counting(5)), [5], [-10, -8, -6, -4, -2])
  }

  @Test func chunksOfNestedMaps() throws {
    let f = vmap(vmap({ (x: Floats) in x + 1 }), inAxes: 1, outAxes: 1, chunk: 2)
    try expect(f(.counting(2, 5)), [2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    let inner = vmap(vmap({ (x: Floats) in x + 1 }, chunk: 2))
    try expect(inner(.counting(2, 5)), [2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    let inside = vmap { (x: Floats) in try vmap({ (x: Floats) in x + 1 }, chunk: 2)(x) }
    try expect(inside(.counting(2, 5)), [2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  }

  @Test func mistakesAreTheSame() {
    expectError(.axisSizeMismatch, naming: "size 5", "size 4") {
      try vmap({ (x: Floats, y: Floats) in x + y }, chunk: 2)(.ones([5]), .ones([4]))
    }
    expectError(.axisSizeMismatch, naming: "axisSize is 4", "size 5") {
      try vmap({ (x: Floats) in x }, axisSize: 4, chunk: 2)(.ones([5]))
    }
  }

  /// What was compiled by a call does not hide what is wrong with the next one.
  @Test func laterMistakesAreFound() throws {
    let sum = vmap({ (x: Floats, y: Floats) in x + y })
    #expect(try sum(.ones([5]), .ones([5])).shape == [5])
    expectError(.axisSizeMismatch, naming: "size 5", "size 4") {
      try sum(.ones([5]), .ones([4]))
    }
    expectError(.axisOutOfRange, naming: "argument 1", "rank 0") { try sum(.ones([5]), Tensor(1)) }
    #expect(try sum(.ones([4]), .ones([4])).scalars() == [2, 2, 2, 2])
    let sized = vmap({ (x: Floats) in x + 1 }, axisSize: 2)
    #expect(try sized(.ones([2])).shape == [2])
    expectError(.axisSizeMismatch, naming: "axisSize is 2", "size 3") { try sized(.ones([3])) }
  }
}
