import Testing
import VMap

/// Loops over rows, whose outputs are stacked.
@Suite struct ScanCases {
  typealias F = Tensor<Float>
  typealias Ints = Tensor<Int32>

  /// Beside `lax.scan` of JAX 0.10.2.
  @Test(arguments: [false, true])
  func carriesAndOutputs(isReversed: Bool) throws {
    let (last, outputs) = scan(F(1), F.arange(0, 6).reshaped(to: [3, 2]), reverse: isReversed) {
      c, x in (c * 2 + x.sum(), c - x[0])
    }
    try expect(last, [], [isReversed ? 55 : 31])
    try expect(outputs, [3], isReversed ? [27, 9, -3] : [1, 1, 7])
  }

  @Test func stepsWithoutRows() throws {
    let powers = vmap { (x: Ints) in scan(x, length: 4) { c in (c * 2, c) }.1 }
    try expect(powers(.counting(3)), [3, 4], [0, 0, 0, 0, 1, 2, 4, 8, 2, 4, 8, 16])
    let none = vmap { (x: Ints) in scan(x, length: 0) { c in (c * 2, stack([c, c])) }.1 }
    #expect(try none(.counting(3)).shape == [3, 0, 2])
  }

  /// What varies moves on by one place in each step.
  @Test func whatVariesMovesThroughTheCarry() throws {
    let f = vmap(
      { (x: Ints) in
        scan([Ints(0), Ints(1), Ints(2), x], length: 2) { c in
          ([c[1], c[2], c[3], c[0]], [Ints]())
        }.0
      }, outAxes: 0)
    let result = try f(.counting(3, from: 3))
    try expect(result[0], [3], [2, 2, 2])
    try expect(result[1], [3], [3, 4, 5])
    try expect(result[2], [3], [0, 0, 0])
    try expect(result[3], [3], [1, 1, 1])
  }

  /// Every axis of the carry and of the rows, beside one example after another.
  @Test(arguments: [nil, 0, 1] as [Int?], [nil, 0, 1, 2] as [Int?])
  func everyAxis(ofCarry carryAxis: Int?, ofRows rowsAxis: Int?) throws {
    if carryAxis == nil, rowsAxis == nil { return }
    let f: @Sendable (Ints, Ints) -> (Ints, Ints) = { c, xs in
      scan(c, xs) { (c: Ints, x: Ints) -> (Ints, Ints) in
        let next = c * 3 + x.sum()
        return (next - x[0], c[1..<3] + x[1])
      }
    }
    func batched(_ shape: [Int], _ axis: Int?) throws -> Ints {
      var shape = shape
      if let axis { shape.insert(7, at: axis) }
      let numbers = Ints.arange(0, Int32(shape.reduce(1, *))) * 37 % 11
      return numbers.reshaped(to: shape)
    }
    func axes(_ axis: Int?) -> Axes { axis.map { .axis($0) } ?? .unmapped }
    let (c, xs) = (try batched([4], carryAxis), try batched([5, 3], rowsAxis))
    let (last, outputs) = try vmap(f, inAxes: [axes(carryAxis), axes(rowsAxis)])(c, xs)
    #expect(last.shape == [7, 4])
    #expect(outputs.shape == [7, 5, 2])
    for example in 0..<7 {
      func slice(_ x: Ints, _ axis: Int?) -> Ints {
        axis.map { x.take(Ints(Int32(example)), axis: $0) } ?? x
      }
      let (ownLast, own) = try jit(f)(slice(c, carryAxis), slice(xs, rowsAxis))
      #expect(try last[example].scalars() == ownLast.scalars())
      #expect(try outputs[example].scalars() == own.scalars())
    }
  }

  @Test func treesOfEverything() throws {
    let f = vmap(
      { (x: F, xs: F) in
        scan(["a": x, "n": F(0)], Tuple(xs, xs * 2)) { c, rows in
          let (x, y) = rows.elements
          let (a, n) = (c["a"] ?? x, c["n"] ?? x)
          return (["a": a + x * y, "n": n + 1], Tuple(n, [a, y]))
        }
      }, inAxes: [0, nil])
    let (last, outputs) = try f(F([0, 10]), F([1, 2, 3]))
    try expect(#require(last["a"]), [2], [28, 38])
    try expect(#require(last["n"]), [2], [3, 3])
    let (n, pairs) = outputs.elements
    try expect(n, [2, 3], [0, 1, 2, 0, 1, 2])
    try expect(pairs[0], [2, 3], [0, 2, 10, 10, 12, 20])
    try expect(pairs[1], [2, 3], [2, 4, 6, 2, 4, 6])
  }

  @Test func scansInLoops() throws {
    // Rows of rows, and a scan whose number of repetitions varies.
    let f = vmap { (n: Ints, xs: Ints) in
      scan(n, xs) { c, row in
        let (inner, products) = scan(c, row) { c, x in (c + x, c * x) }
        let repeated = fori(Ints(0), n, inner) { (i: Ints, sum: Ints) -> Ints in
          sum + scan(i, row) { c, x in (c + x, x) }.0
        }
        return (repeated, products)
      }
    }
    let xs = try Ints.counting(2, 3, 2)
    let (last, products) = try f(Ints([0, 2]), xs)
    var expectedLast: [Int32] = []
    var expected: [Int32] = []
    for (example, n) in [Int32(0), 2].enumerated() {
      var c = n
      for row in 0..<3 {
        let x = (0..<2).map { Int32(example * 6 + row * 2 + $0) }
        for x in x {
          expected.append(c * x)
          c += x
        }
        for i in 0..<n { c += i + x[0] + x[1] }
      }
      expectedLast.append(c)
    }
    try expect(last, [2], expectedLast)
    try expect(products, [2, 3, 2], expected)
  }

  /// Outputs that are too large for a work-item: the host runs the loop.
  @Test func manyOutputs() throws {
    let f = vmap { (x: F) in
      scan(x, F.arange(0, 40)) { c, i in
        (c + 1, (c * 0 + i).broadcast(to: [20]))
      }
    }
    let (last, outputs) = try f(F([1, 2]))
    try expect(last, [2], [41, 42])
    let expected = (0..<2 * 40 * 20).map { Float($0 / 20 % 40) }
    try expect(outputs, [2, 40, 20], expected)
  }

  @Test func rowsOneAfterAnother() throws {
    let f = vmap { (xs: F) in map(xs) { row in Tuple(row.sum(), row * 2) } }
    let (sums, doubles) = try f(.counting(2, 3, 2)).elements
    try expect(sums, [2, 3], [1, 5, 9, 13, 17, 21])
    try expect(doubles, [2, 3, 2], (0..<12).map { Float($0 * 2) })
    try expect(map(F([1, 2])) { -$0 }, [2], [-1, -2])
  }

  /// An empty batch, no rows, and rows without elements.
  @Test func nothing() throws {
    let f = vmap { (c: F, xs: F) in scan(c, xs) { c, x in (c + x.sum(), x * 2) } }
    let (last, outputs) = try f(.zeros([0]), .zeros([0, 3, 2]))
    #expect(last.shape == [0] && outputs.shape == [0, 3, 2])
    let (same, none) = try f(F([1, 2]), .zeros([2, 0, 2]))
    try expect(same, [2], [1, 2])
    try expect(none, [2, 0, 2], [])
    let (kept, empty) = try f(F([1, 2]), .zeros([2, 3, 0]))
    try expect(kept, [2], [1, 2])
    try expect(empty, [2, 3, 0], [])
  }

  @Test func elementsOfEveryKind() throws {
    let (flag, flags) = scan(Tensor(false), Tensor([true, true, false])) { c, x in (x, c) }
    try expect(flag, [], [false])
    try expect(flags, [3], [false, true, true])
    let (z, products) = scan(Tensor(Complex<Float>(0, 1)), length: 3) { c in (c * c, c) }
    try expect(z, [], [Complex(1, 0)])
    try expect(products, [3], [Complex(0, 1), Complex(-1, 0), Complex(1, 0)])
  }

  /// What a body throws, the scan throws.
  @Test func bodiesThatThrow() throws {
    struct OwnError: Error {}
    #expect(throws: OwnError.self) {
      try scan(F(0), F([1, 2])) { (_: F, _: F) throws -> (F, F) in throw OwnError() }
    }
    let f = vmap { (x: F, xs: F) in
      try scan(x, xs) { c, row in
        let doubled = try vmap { (x: F) in x * 2 }(row)
        return (c + doubled.sum(), doubled)
      }
    }
    let (last, _) = try f(.zeros([2]), .ones([2, 3, 4]))
    try expect(last, [2], [24, 24])
  }
}
