import Testing
import VMap

/// Where the batch is taken from and where it is put.
@Suite struct AxesCases {
  @Test func aResultThatIgnoresItsArgumentIsRepeated() throws {
    let three = vmap { (_: Tensor<Float>) in Tensor<Int32>(3) }
    try expect(three(.ones([4])), [4], [3, 3, 3, 3])
  }

  @Test func negativeAxesCountFromTheEnd() throws {
    let x = try Tensor<Int32>.counting(3, 4, 5)
    let sum: @Sendable (Tensor<Int32>) -> Tensor<Int32> = { $0.sum() }
    try expect(vmap(sum, inAxes: -1)(x), [5], [330, 342, 354, 366, 378])
    try expect(vmap(sum, inAxes: -2)(x), [4], [330, 405, 480, 555])
    try expect(vmap(sum, inAxes: -3)(x), [3], [190, 590, 990])
  }

  @Test func outAxesCountInTheBatchedResult() throws {
    let x = try Tensor<Int32>.counting(3, 2, 4)
    let same: @Sendable (Tensor<Int32>) -> Tensor<Int32> = { $0 }
    let middle =
      [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23]
      as [Int32]
    let last =
      [0, 8, 16, 1, 9, 17, 2, 10, 18, 3, 11, 19, 4, 12, 20, 5, 13, 21, 6, 14, 22, 7, 15, 23]
      as [Int32]
    try expect(vmap(same, outAxes: 0)(x), [3, 2, 4], Array(0..<24))
    try expect(vmap(same, outAxes: -3)(x), [3, 2, 4], Array(0..<24))
    try expect(vmap(same, outAxes: 1)(x), [2, 3, 4], middle)
    try expect(vmap(same, outAxes: -2)(x), [2, 3, 4], middle)
    try expect(vmap(same, outAxes: 2)(x), [2, 4, 3], last)
    try expect(vmap(same, outAxes: -1)(x), [2, 4, 3], last)
    try expect(
      vmap(same, inAxes: 2, outAxes: 1)(x), [3, 4, 2],
      [0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15, 16, 20, 17, 21, 18, 22, 19, 23])
  }

  @Test func oneAxisStandsForEveryResult() throws {
    let pair = vmap(
      { (x: Tensor<Int32>, y: Tensor<Int32>) in (x, y) }, inAxes: [0, nil], outAxes: -1)
    let (x, y) = try pair(.counting(5), Tensor(7))
    try expect(x, [5], [0, 1, 2, 3, 4])
    try expect(y, [5], [7, 7, 7, 7, 7])
  }

  @Test func eachResultMayHaveAnAxisOfItsOwn() throws {
    let f: @Sendable (Tensor<Int32>, Tensor<Int32>) -> (Tensor<Int32>, Tensor<Int32>) = { x, y in
      (x + y, y * 2)
    }
    // A result that does not vary is given once where outAxes says nil, and repeated elsewhere.
    let (sums, once) = try vmap(f, inAxes: [0, nil], outAxes: [0, nil])(.counting(2), Tensor(4))
    try expect(sums, [2], [4, 5])
    try expect(once, [], [8])
    let (again, repeated) = try vmap(f, inAxes: [0, nil], outAxes: 0)(.counting(2), Tensor(4))
    try expect(again, [2], [4, 5])
    try expect(repeated, [2], [8, 8])
    let three = vmap(
      { (x: Tensor<Int32>) in (x, x * 2, x.sum()) }, inAxes: 1, outAxes: [1, 0, -1])
    let (a, b, c) = try three(.counting(2, 3))
    try expect(a, [2, 3], [0, 1, 2, 3, 4, 5])
    try expect(b, [3, 2], [0, 6, 2, 8, 4, 10])
    try expect(c, [3], [3, 5, 7])
  }

  @Test func argumentsMayHaveDifferentAxes() throws {
    let product = vmap({ (x: Tensor<Int32>, y: Tensor<Int32>) in x * y }, inAxes: [0, 1])
    let (x, y) = try (Tensor<Int32>.counting(2, 3), Tensor<Int32>.counting(3, 2))
    try expect(product(x, y), [2, 3], [0, 2, 8, 3, 12, 25])
  }

  @Test func anUnmappedArgumentBroadcasts() throws {
    let sum = vmap({ (x: Tensor<Int32>, y: Tensor<Int32>) in x + y }, inAxes: [0, nil])
    let (x, y) = try (Tensor<Int32>.counting(4, 3), Tensor<Int32>.counting(2, 3))
    try expect(
      sum(x, y), [4, 2, 3],
      [0, 2, 4, 3, 5, 7, 3, 5, 7, 6, 8, 10, 6, 8, 10, 9, 11, 13, 9, 11, 13, 12, 14, 16])
  }

  @Test func axisSizeIsEnoughWhereNothingIsMapped() throws {
    let same = vmap({ (x: Tensor<Float>) in x }, inAxes: nil, axisSize: 4)
    try expect(same(Tensor(2)), [4], [2, 2, 2, 2])
    let agreed = vmap({ (x: Tensor<Float>) in x + 1 }, axisSize: 2)
    try expect(agreed(Tensor([1, 2])), [2], [2, 3])
    let none = vmap({ (x: Tensor<Float>) in x + 1 }, inAxes: nil, axisSize: 0)
    try expect(none(.ones([3])), [0, 3], [])
  }

  @Test func aFunctionMayHaveNoArguments() throws {
    let one: @Sendable () -> Tensor<Int32> = { Tensor(1) }
    try expect(vmap(one, axisSize: 3)(), [3], [1, 1, 1])
  }

  @Test func whatIsMadeFromAShapeDoesNotVary() throws {
    let zeros = vmap({ (x: Tensor<Float>) in zerosLike(x) }, outAxes: nil)
    try expect(zeros(.ones([2, 3])), [3], [0, 0, 0])
  }

  @Test func axesMadeAtRunTimeAreTheSameAsLiterals() throws {
    let literal: Axes = [0, nil, -1, ["a": nil, "b": [1]]]
    let made = Axes.each([
      .axis(0), .unmapped, .axis(-1), .named(["b": .each([.axis(1)]), "a": .unmapped]),
    ])
    #expect(literal == made)
    #expect(made.description == "[0, nil, -1, [\"a\": nil, \"b\": [1]]]")
  }
}
