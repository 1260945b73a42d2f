import Testing
import VMap

/// Maps inside of maps.
@Suite struct NestingCases {
  typealias Ints = Tensor<Int32>
  static let product: @Sendable (Ints, Ints) -> Ints = { $0 * $1 }

  @Test func twoMapsOfDotAreTheMatrixProduct() throws {
    let dots: @Sendable (Ints, Ints) -> Ints = { dot($0, $1) }
    let matrices = vmap(vmap(dots, inAxes: [0, nil]), inAxes: [nil, 1], outAxes: 1)
    try expect(
      matrices(.counting(4, 3), .counting(3, 2)), [4, 2], [10, 13, 28, 40, 46, 67, 64, 94])
  }

  @Test func eachLevelTakesItsAxisFromWhatIsLeft() throws {
    let three = vmap(vmap(vmap(Self.product), inAxes: [1, 0]), inAxes: [1, 2])
    let expected =
      [
        0, 12, 48, 108, 192, 10, 84, 182, 304, 450, 40, 176, 336, 520, 728, 3, 27, 75, 147, 243, 44,
        130, 240, 374, 532, 105, 253, 425, 621, 841,
      ] as [Int32]
    try expect(three(.counting(5, 2, 3), .counting(3, 5, 2)), [2, 3, 5], expected)
  }

  @Test func axisAfterAxisMovesToTheEnd() throws {
    let same: @Sendable (Ints) -> Ints = { $0 }
    let moved = vmap(vmap(same, outAxes: -1), outAxes: -1)
    try expect(
      moved(.counting(2, 2, 3, 2)), [3, 2, 2, 2],
      [0, 12, 6, 18, 1, 13, 7, 19, 2, 14, 8, 20, 3, 15, 9, 21, 4, 16, 10, 22, 5, 17, 11, 23])
  }

  @Test func anInnerMapMayIgnoreItsArgument() throws {
    let f = vmap({ (x: Ints, y: Ints) in try vmap { (_: Ints) in x }(y) }, inAxes: [0, nil])
    try expect(
      f(.counting(3, from: 1), .counting(5)), [3, 5], [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3])
  }

  @Test func anInnerMapSeesWhatTheOuterOneMaps() throws {
    let f = vmap(
      { (x: Ints, y: Ints) in try vmap { (y: Ints) in x * y }(y) }, inAxes: [0, nil])
    try expect(
      f(.counting(2, 3), .counting(5, 3)), [2, 5, 3],
      [
        0, 1, 4, 0, 4, 10, 0, 7, 16, 0, 10, 22, 0, 13, 28, 0, 4, 10, 9, 16, 25, 18, 28, 40, 27, 40,
        55, 36, 52, 70,
      ])
  }

  @Test func threeLevelsSeeAllThatIsOutside() throws {
    let constant = Ints([100, 200])
    let f = vmap { (x: Ints, y: Ints) in
      try vmap({ (z: Ints) in
        try vmap({ (w: Ints) in x + y * z - w + constant }, inAxes: 0, outAxes: -1)(y)
      })(x)
    }
    // f[b, z, :, w] = x[b] + y[b] * x[b, z] − y[b, w] + constant, of shape [2].
    let expected =
      [
        99, 98, 200, 199, 100, 99, 202, 201, 105, 104, 208, 207, 108, 107, 212, 211, 119, 118, 224,
        223, 124, 123, 230, 229,
      ] as [Int32]
    try expect(f(.counting(3, 2), .counting(3, 2, from: 1)), [3, 2, 2, 2], expected)
  }

  @Test func aMappedFunctionIsAFunctionLikeAnyOther() throws {
    let squares = vmap { (x: Ints) in x * x }
    let sums = vmap { (x: Ints) in try squares(x).sum() }
    try expect(sums(.counting(2, 3)), [2], [5, 50])
    let compiled = jit { (x: Ints) in x + 1 }
    try expect(vmap(compiled, inAxes: 1)(.counting(2, 3)), [3, 2], [1, 4, 2, 5, 3, 6])
    try expect(jit { (x: Ints) in try squares(x) + 1 }(.counting(3)), [3], [1, 2, 5])
  }

  @Test func loopsAndMapsInsideOfEachOther() throws {
    let f = vmap { (x: Ints, n: Ints) -> Ints in
      let turns = try vmap({ (x: Ints) in
        whileLoop(x) {
          $0 .< n
        } do: {
          $0 + 3
        }
      })(x)
      return fori(0, 2, turns) { (i: Ints, turns: Ints) -> Ints in
        try vmap { (x: Ints) in x * 2 + i + n }(turns)
      }
    }
    // Each x grows by 3 up to n or more; then 2x + n, and twice that + 1 + n.
    let expected = [37, 29, 33, 79, 71, 75] as [Int32]
    try expect(f(.counting(2, 3), Ints([4, 10])), [2, 3], expected)
  }

  @Test func outAxesOfBothLevelsMayBeNil() throws {
    let f = vmap(
      vmap({ (x: Ints, y: Ints) in (x, y) }, inAxes: [0, nil], outAxes: [0, nil]),
      inAxes: [nil, 0], outAxes: [nil, 0])
    let (x, y) = try f(.counting(3), .counting(2))
    try expect(x, [3], [0, 1, 2])
    try expect(y, [2], [0, 1])
  }

  @Test func levelsMayMapDifferentArguments() throws {
    let table = vmap(vmap(Self.product, inAxes: [nil, 0]), inAxes: [0, nil])
    try expect(table(.counting(3), .counting(4)), [3, 4], [0, 0, 0, 0, 0, 1, 2, 3, 0, 2, 4, 6])
  }

  @Test func aSizeMayBeGivenAtEachLevel() throws {
    let ones: @Sendable () -> Ints = { Tensor(1) }
    try expect(vmap(vmap(ones, axisSize: 2), axisSize: 3)(), [3, 2], [1, 1, 1, 1, 1, 1])
  }
}
