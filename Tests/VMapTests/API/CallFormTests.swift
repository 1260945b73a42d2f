import Testing
import VMap

/// Ways to write a call that should compile, and mean what they say.
@Suite struct CallFormTests {
  typealias F = Tensor<Float>

  @Test func compiledAndBatchedInAnyOrder() throws {
    let x = F([1, 2, 3])
    let f: @Sendable (F) -> F = { $0 * 2 }
    try expect(jit(vmap(f))(x), [3], [2, 4, 6])
    try expect(vmap(jit(f))(x), [3], [2, 4, 6])
    try expect(vmap(jit(vmap(f)))(F([[1], [2]])), [2, 1], [2, 4])
  }

  @Test func trailingClosuresNeedNoAxes() throws {
    let x = try F.counting(2, 3)
    try expect(vmap { $0 * $0 }(x), [2, 3], [0, 1, 4, 9, 16, 25])
    try expect(vmap(outAxes: 1) { (x: F) in x + 1 }(x), [3, 2], [1, 4, 2, 5, 3, 6])
    let centred = vmap(axisName: "i") { (x: F) in x - x.mean(over: "i") }
    try expect(centred(x), [2, 3], [-1.5, -1.5, -1.5, 1.5, 1.5, 1.5])
    let (sum, product) = try vmap { (x: F) in (x.sum(), x.product()) }(x)
    try expect(sum, [2], [3, 12])
    try expect(product, [2], [0, 60])
  }

  @Test func randomNumbersHaveATypeOfTheirOwn() throws {
    let key = Random.key(-1 as Int)
    #expect(try key.words.scalars() == [0, .max])
    #expect(try Random.key(Int.min).words.scalars() == [1 << 31, 0])
    #expect(try Random.key(0xFFFF_FFFF_FFFF_FFFF).words.scalars() == [.max, .max])
    let uniform = Random.uniform(key, [3])
    let within = Random.uniform(key, [3], in: -1..<1)
    let double = Random.uniform(key, [3], of: Double.self)
    let asked: Tensor<Double> = Random.uniform(key, [3], in: 0..<2)
    #expect(type(of: uniform) == F.self && type(of: within) == F.self)
    try expect(asked, [3], double.scalars().map { $0 * 2 })
    #expect(try within.scalars() == uniform.scalars().map { $0 * 2 - 1 })
    #expect(type(of: Random.integers(key, [3], in: 0..<10)) == Tensor<Int32>.self)
  }

  @Test func anyIntegerIsFoldedIn() throws {
    let key = Random.key(3)
    let expected = try (0..<3).map { try key.foldIn(UInt32($0)).words.scalars() }
    #expect(try (0..<3).map { try key.foldIn($0).words.scalars() } == expected)
    let folded = vmap(inAxes: nil, axisName: "i", axisSize: 3) { (key: Random.Key) in
      key.foldIn(axisIndex("i"))
    }
    #expect(try folded(key).words.scalars() == Array(expected.joined()))
    let chained = fori(0, 3, key) { i, key in key.foldIn(i) }
    #expect(try chained.words.scalars() == key.foldIn(0).foldIn(1).foldIn(2).words.scalars())
  }

  @Test func oneKeyIsTaken() throws {
    let keys = Random.key(0).split(3)
    for words in [Random.normal(keys, [2]).handleShapeError, keys.split().words.handleShapeError] {
      #expect(words.contains("[3,2]") && words.contains("vmap"), "\(words)")
    }
    expectError(.shapeMismatch, naming: "foldIn", "[3]") {
      try Random.Key(words: Tensor([1, 2, 3])).foldIn(1).words.scalars()
    }
  }

  @Test func numbersForBothCases() throws {
    let x = F([-2, 0, 3])
    try expect(x * select(x .> 0, 1, -1), [3], [2, 0, 3])
    try expect(x + VMap.where(x .== 0, 5, 1), [3], [-1, 5, 4])
  }

  @Test func variablesAreReplaced() throws {
    var x = F([1, 2])
    let before = x
    x += F([[1], [2]])
    x *= 2
    x -= F([1, 1])
    x /= 2
    try expect(x, [2, 2], [1.5, 2.5, 2.5, 3.5])
    try expect(before, [2], [1, 2])
  }

  @Test func rangesEndWhereTheTypeSaysSo() throws {
    #expect(F.arange(0, 0.3, step: 0.1).shape == [3])
    #expect(F.arange(0, 0.6, step: 0.2).shape == [3])
    #expect(Tensor<Double>.arange(0, 0.3, step: 0.1).shape == [3])
    #expect(Tensor<Float16>.arange(-60000, 60000, step: 30000).shape == [4])
  }
}

extension Tensor {
  /// What reading the tensor says.
  fileprivate var handleShapeError: String {
    do {
      return "\(try scalars())"
    } catch { return error.message }
  }
}
