import Testing
import VMap

/// Operations across the examples of named axes.
@Suite struct CollectiveCases {
  typealias Ints = Tensor<Int32>
  typealias Floats = Tensor<Float>

  @Test func aSumIsTheSameForAllExamples() throws {
    let sum: @Sendable (Floats) -> Floats = { $0.sum(over: "i") }
    try expect(vmap(sum, outAxes: nil, axisName: "i")(.counting(3, 2)), [2], [6, 9])
    try expect(vmap(sum, axisName: "i")(.counting(3, 2)), [3, 2], [6, 9, 6, 9, 6, 9])
    // The transpose of repeating: a result with the sum over all examples.
    let doubled = vmap({ (x: Floats) in (x * 2).sum(over: "i") }, outAxes: nil, axisName: "i")
    try expect(doubled(.counting(3)), [], [6])
  }

  @Test func whatDoesNotVaryCountsForEachExample() throws {
    let f = vmap(
      { (_: Floats, y: Floats) in
        Tuple(
          Ints(1).sum(over: "i"), y.sum(over: "i"), y.max(over: "i"), y.min(over: "i"),
          y.mean(over: "i"))
      }, inAxes: [0, nil], outAxes: nil, axisName: "i")
    let (count, sum, max, min, mean) = try f(.zeros([3]), Tensor(2)).elements
    try expect(count, [], [3])
    try expect(sum, [], [6])
    try expect(max, [], [2])
    try expect(min, [], [2])
    try expect(mean, [], [2])
  }

  @Test func allKinds() throws {
    let f = vmap(
      { (x: Floats) in
        Tuple(
          x.max(over: "i"), x.min(over: "i"), x.mean(over: "i"), (x .> 1).any(over: "i"),
          (x .> 1).all(over: "i"))
      }, outAxes: nil, axisName: "i")
    let (max, min, mean, any, all) = try f(Floats([[1, 4], [3, 2], [-1, 9]])).elements
    try expect(max, [2], [3, 9])
    try expect(min, [2], [-1, 2])
    try expect(mean, [2], [1, 5])
    try expect(any, [2], [true, true])
    try expect(all, [2], [false, true])
  }

  @Test func allExamplesAsADimension() throws {
    let x = Floats([[1, 4], [3, 2], [-1, 9]])
    let gather: @Sendable (Floats) -> Floats = { $0.allGather(over: "i") }
    try expect(vmap(gather, outAxes: nil, axisName: "i")(x), [3, 2], [1, 4, 3, 2, -1, 9])
    try expect(
      vmap({ $0.allGather(over: "i", axis: -1) }, outAxes: nil, axisName: "i")(x), [2, 3],
      [1, 3, -1, 4, 2, 9])
    // A product over the batch, and each example's left neighbour: `ppermute`.
    let f = vmap(
      { (x: Floats) in
        let all = x.allGather(over: "i")
        return Tuple(all.product(axis: 0), all[axisIndex("i") - 1])
      }, outAxes: [nil, 0], axisName: "i")
    for count in [3, 5] {
      let numbers = (1...count).map(Float.init)
      let (product, neighbours) = try f(Floats(numbers)).elements
      try expect(product, [], [numbers.reduce(1, *)])
      try expect(neighbours, [count], [numbers[count - 1]] + numbers.dropLast())
    }
    // In a loop that ends for each example by itself, all go on until the last one has ended.
    let loop = vmap(
      { (x: Floats) in
        fori(Tensor<Int32>(0), axisIndex("i"), x) { _, x in x.allGather(over: "i").sum() - x }
      }, axisName: "i")
    try expect(loop(Floats([1, 2, 4])), [3], [1, 5, 6])
    // Of the axis in the middle, inside of another one.
    let inner = vmap({ (x: Floats) in x.allGather(over: "j") }, axisName: "j")
    try expect(
      vmap(inner)(.counting(2, 2)), [2, 2, 2], [0, 1, 0, 1, 2, 3, 2, 3])
  }

  @Test func indexAndSizeFollowTheBatch() throws {
    let f = vmap(
      { (_: Floats) in Tuple(axisIndex("i"), axisSize("i")) }, outAxes: [0, nil], axisName: "i")
    for size in [3, 5, 1] {
      let (index, count) = try f(.zeros([size])).elements
      try expect(index, [size], Array(0..<Int32(size)))
      try expect(count, [], [Int32(size)])
    }
  }

  static let orders = [
    ["i"], ["j"], ["k"], ["i", "k"], ["j", "i"], ["k", "j"], ["i", "j", "k"], ["k", "i", "j"],
  ]

  /// Each element of [2, 2, 2] less the sum, the maximum and the minimum over some of three axes.
  @Test(arguments: orders) func anyAxesInAnyOrder(names: [String]) throws {
    let f: @Sendable (Ints) -> Tuple<Ints, Ints, Ints> = { x in
      Tuple(
        x - names.reduce(x) { $0.sum(over: $1) }, x - names.reduce(x) { $0.max(over: $1) },
        x - names.reduce(x) { $0.min(over: $1) })
    }
    // The levels take the dimensions k, i, j of x, and put them back in the order i, j, k.
    let nested = vmap(
      vmap(vmap(f, inAxes: 0, outAxes: 0, axisName: "j"), inAxes: 0, outAxes: 0, axisName: "i"),
      inAxes: 2, outAxes: 2, axisName: "k")
    let (sums, greatest, least) = try nested(.counting(2, 2, 2)).elements
    // Element n of x is n, and its bits are its indices along i, j and k.
    let mask = names.reduce(0) { $0 | ($1 == "i" ? 4 : $1 == "j" ? 2 : 1) }
    let groups = (0..<8).map { n in (0..<8).filter { $0 & ~mask == n & ~mask } }
    func expected(_ combine: ([Int]) -> Int) -> [Int32] {
      groups.enumerated().map { Int32($0 - combine($1)) }
    }
    try expect(sums, [2, 2, 2], expected { $0.reduce(0, +) })
    try expect(greatest, [2, 2, 2], expected { $0.max() ?? 0 })
    try expect(least, [2, 2, 2], expected { $0.min() ?? 0 })
  }

  @Test func anInnerNameHidesAnOuterOne() throws {
    let f = vmap(
      vmap({ (x: Ints) in x.sum(over: "i") }, axisName: "i"), axisName: "i")
    try expect(f(.counting(2, 3)), [2, 3], [3, 3, 3, 12, 12, 12])
    let outer = vmap(
      { (x: Ints) in
        let inner = try vmap({ (x: Ints) in x.sum(over: "i") }, outAxes: nil, axisName: "i")(x)
        return inner - inner.sum(over: "i")
      }, axisName: "i")
    try expect(outer(.counting(2, 3)), [2], [-12, -3])
  }

  @Test func normalizingABatch() throws {
    let f = vmap(
      { (x: Floats) in
        let centered = x - x.mean(over: "batch")
        return centered / sqrt((centered * centered).mean(over: "batch"))
      }, axisName: "batch")
    try expect(f(Floats([[0, 10], [4, 30]])), [2, 2], [-1, -1, 1, 1])
  }
}
