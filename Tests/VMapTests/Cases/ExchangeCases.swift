import Testing
import VMap

/// Products, values that examples give to one another, and several names at once.
@Suite struct ExchangeCases {
  typealias Floats = Tensor<Float>
  typealias Ints = Tensor<Int32>

  @Test func products() throws {
    let f = vmap(
      { (x: Floats, y: Floats) in
        Tuple(x.product(over: "i"), y.product(over: "i"), x / x.product(over: "i"))
      },
      inAxes: [0, nil], outAxes: [nil, nil, 0], axisName: "i")
    for count in [3, 1, 0] {
      let numbers = (0..<count).map { Float(1 << $0) }
      let (all, shared, own) = try f(Floats(numbers), Tensor(3)).elements
      let product = numbers.reduce(1, *)
      try expect(all, [], [product])
      // What does not vary counts once for each example.
      try expect(shared, [], [[1, 3, 9, 27][count]])
      try expect(own, [count], numbers.map { $0 / product })
    }
    // Of each of three examples, as `jax.grad` of a product over gathered values gives.
    let slopes = vmap(grad { (x: Floats) in x.product(over: "i") }, axisName: "i")
    try expect(slopes(Floats([1, 2, 4])), [3], [24, 12, 6])
    try expect(slopes(Floats([0, 2, 4])), [3], [24, 0, 0])
  }

  /// JAX's answers, case 93.
  @Test func permutations() throws {
    let pairs = [(source: 0, destination: 1), (1, 2), (2, 0)]
    let turn: @Sendable (Floats) -> Floats = { $0.permute(over: "i", pairs: pairs) }
    let x = Floats([1, 2, 4])
    try expect(vmap(turn, axisName: "i")(x), [3], [4, 1, 2])
    // Nobody sends to example 0, and 2 sends nothing.
    let some = vmap(
      { (x: Floats) in x.permute(over: "i", pairs: [(0, 1), (1, 2)]) }, axisName: "i")
    try expect(some(x), [3], [0, 1, 2])
    try expect(some(Floats([[1, 8], [2, 9], [3, 7]])), [3, 2], [0, 0, 1, 8, 2, 9])
    let weighted: @Sendable (Floats, Floats) -> Floats = { x, w in turn(x) * w }
    let w = Floats([3, 5, 7])
    try expect(vmap(grad(weighted), axisName: "i")(x, w), [3], [5, 7, 3])
    let total: @Sendable (Floats, Floats) throws -> Floats = { x, w in
      try vmap(weighted, axisName: "i")(x, w).sum()
    }
    try expect(grad(total)(x, w), [3], [5, 7, 3])
    try expect(jvp(vmap(turn, axisName: "i"), x, w).1, [3], [7, 3, 5])
    expectError(.invalidArgument, naming: "permute(over: \"i\")", "(0, 3)", "0 to 2") {
      try vmap({ (x: Floats) in x.permute(over: "i", pairs: [(0, 3)]) }, axisName: "i")(x)
    }
    expectError(.invalidArgument, naming: "(1, 0)", "once") {
      try vmap({ (x: Floats) in x.permute(over: "i", pairs: [(0, 0), (1, 0)]) }, axisName: "i")(x)
    }
  }

  @Test func exchanges() throws {
    let square: @Sendable (Floats) -> Floats = { $0.allToAll(over: "i", split: 0, concat: 0) }
    try expect(
      vmap(square, axisName: "i")(.counting(3, 3)), [3, 3], [0, 3, 6, 1, 4, 7, 2, 5, 8])
    // Of example j part i of the last dimension goes to example i, where it is row j.
    let turned: @Sendable (Floats) -> Floats = { $0.allToAll(over: "i", split: 1, concat: 0) }
    let x = try Floats.counting(3, 2, 3)
    try expect(
      vmap(turned, axisName: "i")(x), [3, 3, 2],
      [0, 3, 6, 9, 12, 15, 1, 4, 7, 10, 13, 16, 2, 5, 8, 11, 14, 17])
    let tiled: @Sendable (Floats) -> Floats = {
      $0.allToAll(over: "i", split: 0, concat: 0, tiled: true)
    }
    try expect(
      vmap(tiled, axisName: "i")(.counting(2, 6)), [2, 6], [0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11])
    let tiles: @Sendable (Floats) -> Floats = {
      $0.allToAll(over: "i", split: 0, concat: 1, tiled: true)
    }
    try expect(
      vmap(tiles, axisName: "i")(.counting(2, 4, 2)), [2, 2, 4],
      [0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15])
    // The sum of y[i, j, a] w[i, j, a] with y[i, j, a] = x[j, a, i] has w[i, j, a] as its derivatives.
    let weighted: @Sendable (Floats, Floats) -> Floats = { x, w in (turned(x) * w).sum() }
    let w = try Floats.counting(3, 3, 2)
    var expected: [Float] = []
    for j in 0..<3 {
      for a in 0..<2 {
        for i in 0..<3 { expected.append(Float(6 * i + 2 * j + a)) }
      }
    }
    try expect(vmap(grad(weighted), axisName: "i")(x, w), [3, 2, 3], expected)
    expectError(.shapeMismatch, naming: "allToAll(over: \"i\")", "dimension 0", "3") {
      try vmap(square, axisName: "i")(.counting(3, 2))
    }
    expectError(.shapeMismatch, naming: "multiple of 2") {
      try vmap(tiled, axisName: "i")(.counting(2, 3))
    }
  }

  /// Case 94.
  @Test func gathers() throws {
    let columns = vmap(
      { (x: Floats) in x.allGather(over: "i", axis: 1) }, outAxes: nil, axisName: "i")
    try expect(
      columns(.counting(3, 5)), [5, 3], [0, 5, 10, 1, 6, 11, 2, 7, 12, 3, 8, 13, 4, 9, 14])
    let tiled = vmap(
      { (x: Floats) in x.allGather(over: "i", tiled: true) }, outAxes: nil, axisName: "i")
    try expect(tiled(.counting(4, 3, 5)), [12, 5], (0..<60).map(Float.init))
  }

  @Test func severalNames() throws {
    let f: @Sendable (Ints) -> Tuple<Ints, Ints, Ints, Ints, Ints> = { x in
      Tuple(
        x.sum(over: "i", "j"), x.max(over: "j", "i"), axisIndex("i", "j"), axisSize("i", "j"),
        x.allGather(over: "i", "j"))
    }
    let nested = vmap(
      vmap(f, outAxes: [nil, nil, 0, nil, nil], axisName: "j"), outAxes: [nil, nil, 0, nil, nil],
      axisName: "i")
    for count in [2, 3] {
      let (sum, greatest, index, size, all) = try nested(.counting(count, 3)).elements
      let numbers = (0..<Int32(count * 3)).map { $0 }
      try expect(sum, [], [numbers.reduce(0, +)])
      try expect(greatest, [], [numbers.count == 6 ? 5 : 8])
      try expect(index, [count, 3], numbers)
      try expect(size, [], [Int32(count * 3)])
      try expect(all, [count * 3], numbers)
    }
    let turned = vmap(
      vmap(
        { (x: Ints) in x.permute(over: "i", "j", pairs: [(0, 3), (3, 0), (1, 2)]) }, axisName: "j"),
      axisName: "i")
    try expect(turned(.counting(2, 2, from: 1)), [2, 2], [4, 0, 2, 1])
    expectError(.invalidArgument, naming: "sum(over: \"i\", \"i\")", "different") {
      try vmap({ (x: Ints) in x.sum(over: "i", "i") }, axisName: "i")(.counting(2))
    }
    expectError(.unboundAxisName, naming: "sum(over: \"i\", \"k\")", "\"k\"") {
      try vmap({ (x: Ints) in x.sum(over: "i", "k") }, axisName: "i")(.counting(2))
    }
  }
}
