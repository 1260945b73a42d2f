import Testing
import VMap

/// One `vmap` over several axes, and results that are sums over the batch.
@Suite struct SeveralAxesCases {
  typealias Floats = Tensor<Float>
  typealias Ints = Tensor<Int32>

  @Test func severalAxesAtOnce() throws {
    let f: @Sendable (Ints, Ints) -> Ints = { x, y in x * 10 + y }
    // In front, in order; what is first in `inAxes` is first in the result.
    let front = vmap(f, inAxes: [.axes([0, 1]), .axes([0, nil])])
    let x = try Ints.counting(2, 3)
    try expect(front(x, Ints([5, 6])), [2, 3], [5, 15, 25, 36, 46, 56])
    let back = vmap(f, inAxes: [.axes([1, 0]), .axes([nil, 0])], outAxes: .axes([1, 0]))
    try expect(back(x, Ints([5, 6])), [2, 3], [5, 15, 25, 36, 46, 56])
    // A number is the first of neighbours, a negative one the last.
    let rows: @Sendable (Ints, Ints) -> Ints = { x, y in x + y }
    let y = try Ints.counting(2, 3, 4)
    let last = vmap(rows, inAxes: [-1, .axes([-2, 2])], outAxes: -1)
    let doubles: [Int32] = (0..<24).map { (n: Int32) in n * 2 }
    try expect(last(y, y), [2, 3, 4], doubles)
    let middle: [Int32] = (0..<24).map { (n: Int32) in (n % 6 * 4 + n / 6) * 2 }
    try expect(vmap(rows, inAxes: [0, .axes([0, 1])], outAxes: 1)(y, y), [4, 2, 3], middle)
    // As nested maps, in one program.
    let products = vmap(
      { (a: Floats, b: Floats) in dot(a, b) }, inAxes: [.axes([0, nil]), .axes([nil, 1])])
    let (a, b) = try (Floats.counting(2, 3), Floats.counting(3, 2))
    try expect(products(a, b), [2, 2], [10, 13, 28, 40])
    #expect(try products.lowered(a, b).kernelCount == 1)
  }

  @Test func oneNameForAll() throws {
    let f = vmap(
      { (x: Ints) in
        Tuple(
          x.sum(over: "ij"), axisIndex("ij"), axisSize("ij"), x.allGather(over: "ij"))
      }, inAxes: .axes([0, 1]), outAxes: [nil, 0, nil, nil], axisName: "ij")
    let (sum, index, size, all) = try f(.counting(2, 3)).elements
    try expect(sum, [], [15])
    try expect(index, [2, 3], [0, 1, 2, 3, 4, 5])
    try expect(size, [], [6])
    try expect(all, [6], [0, 1, 2, 3, 4, 5])
  }

  @Test func chunksOfSeveralAxes() throws {
    let f = vmap(
      { (x: Floats) in x + 1 }, inAxes: .axes([1, 0]), outAxes: .axes([1, 0]), chunk: 2)
    try expect(f(.counting(2, 5)), [2, 5], (1...10).map(Float.init))
  }

  @Test func mistakes() throws {
    let f: @Sendable (Ints, Ints) -> Ints = { x, y in x + y }
    let x = try Ints.counting(2, 3)
    expectError(.inAxesStructure, naming: "lists 1 dimension of argument 1", "2") {
      try vmap(f, inAxes: [.axes([0, 1]), .axes([0])])(x, x)
    }
    expectError(.axisOutOfRange, naming: "argument 0", "twice") {
      try vmap(f, inAxes: [.axes([1, -1]), nil])(x, x)
    }
    expectError(.axisOutOfRange, naming: "axis 2 of argument 0", "rank 3") {
      try vmap(f, inAxes: [.axes([0, 2]), 0])(x, x)
    }
    expectError(.outAxesStructure, naming: "outAxes has 1 place", "2 axes") {
      try vmap(f, inAxes: .axes([0, 1]), outAxes: .axes([0]))(x, x)
    }
    expectError(.outAxisOutOfRange, naming: "two axes") {
      try vmap(f, inAxes: .axes([0, 1]), outAxes: .axes([0, 0]))(x, x)
    }
    expectError(.invalidSize, naming: "axisSize", "2") {
      try vmap(f, inAxes: .axes([0, 1]), axisSize: 6)(x, x)
    }
    expectError(.inAxesStructure, naming: ".sum", "argument 1") {
      try vmap(f, inAxes: [0, .sum])(x, x)
    }
    expectError(.outAxisNilForMappedResult, naming: "the result") {
      try vmap(f, inAxes: .axes([0, 1]), outAxes: .axes([0, nil]))(x, x)
    }
    expectError(.typeMismatch, naming: ".sum", "bool") {
      try vmap({ (x: Ints) in x .> 1 }, outAxes: .sum)(x)
    }
  }

  @Test func sums() throws {
    let f: @Sendable (Floats, Floats) -> (Floats, Floats, Ints) = { w, x in
      (w * x, w, Ints(1))
    }
    let sums = vmap(f, inAxes: [nil, 0], outAxes: .sum)
    for count in [3, 5, 0] {
      let (a, b, c) = try sums(Tensor(2), .counting(count, 2))
      let even = (0..<count).reduce(0) { $0 + Float(2 * $1) }
      try expect(a, [2], [2 * even, 2 * (even + Float(count))])
      // What does not vary counts for each example.
      try expect(b, [], [Float(2 * count)])
      try expect(c, [], [Int32(count)])
    }
    // Of one axis of two, and of both.
    let inner = vmap(vmap({ (x: Floats) in x }, outAxes: .sum))
    try expect(inner(.counting(2, 3)), [2], [3, 12])
    let both = vmap({ (x: Floats) in x }, inAxes: .axes([0, 1]), outAxes: .sum)
    try expect(both(.counting(2, 3)), [], [15])
    // The whole batch runs at once.
    let chunked = vmap({ (x: Floats) in x }, outAxes: .sum, chunk: 2)
    try expect(chunked(.counting(5)), [], [10])
    // The derivative of a sum repeats.
    try expect(grad(vmap({ (x: Floats) in x * x }, outAxes: .sum))(.counting(3)), [3], [0, 2, 4])
  }

  /// Sums of gradients are reductions over the batch: one kernel, which makes no gradient of an example.
  @Test func sumsOfGradients() throws {
    let traced = CallCounter()
    let loss: @Sendable (Floats, Floats) -> Floats = { w, x in
      traced.add()
      return square(dot(w, x) - 1)
    }
    let gradients = vmap(grad(loss), inAxes: [nil, 0], outAxes: .sum)
    let more = gradients.accumulating()
    let w = Floats([1, -1])
    let (first, second) = (Floats([[1, 2], [3, 1]]), Floats([[2, 2], [0, 1], [1, 1]]))
    let total = try gradients(w, first)
    // 2 (w x - 1) x, of examples with w x = -1, 2 and then 0, -1, 0.
    try expect(total, [2], [2, -6])
    // Another size of a batch compiles nothing.
    let count = traced.count
    try expect(gradients(w, second), [2], [-6, -10])
    #expect(traced.count == count)
    let sum = try more(total, w, second)
    try expect(sum, [2], [-4, -16])
    let countOfMore = traced.count
    try expect(more(sum, w, first), [2], [-2, -22])
    #expect(traced.count == countOfMore)
    let lowered = try gradients.lowered(w, first)
    #expect(lowered.program.contains("psum"), "\(lowered.program)")
    expectError(.outAxesStructure, naming: "accumulating", ".sum", "0") {
      let each: Vectorized<Floats, Floats, Floats> = vmap(grad(loss), inAxes: [nil, 0])
      let sum = each.accumulating()
      return try sum(total, w, first)
    }
    expectError(.shapeMismatch, naming: "accumulating", "f32[2]", "f32[3]") {
      try more(Floats([1, 2, 3]), w, first)
    }
  }
}
