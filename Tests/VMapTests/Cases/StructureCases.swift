import Testing
import VMap

/// Arguments and results that are made of several tensors.
@Suite struct StructureCases {
  typealias Ints = Tensor<Int32>

  static let products = [46, 158, 630, 898] as [Int32]

  private func factors() throws -> (Ints, Ints, Ints) {
    try (.counting(2, 2, 2), .counting(2, 2, 3), .counting(3, 1, 2))
  }

  @Test func tuplesInTuplesHaveAxesInLists() throws {
    let f = vmap(
      { (tree: Tuple<Ints, Tuple<Ints, Ints>>) in
        let (x, rest) = tree.elements
        let (y, z) = rest.elements
        return matmul(matmul(x, y), z)
      }, inAxes: [[0, [1, 2]]])
    let (x, y, z) = try factors()
    try expect(f(Tuple(x, Tuple(y, z))), [2, 2, 1], Self.products)
  }

  @Test func dictionariesHaveAxesByName() throws {
    let f = vmap(
      { (tree: [String: Ints]) throws -> Ints in
        let (x, y, z) = try (#require(tree["x"]), #require(tree["y"]), #require(tree["z"]))
        return matmul(matmul(x, y), z)
      }, inAxes: [["z": 2, "x": 0, "y": 1]])
    let (x, y, z) = try factors()
    try expect(f(["x": x, "y": y, "z": z]), [2, 2, 1], Self.products)
  }

  @Test func arraysHaveAxesInLists() throws {
    let f = vmap({ (xs: [Ints]) in matmul(matmul(xs[0], xs[1]), xs[2]) }, inAxes: [[0, 1, 2]])
    let (x, y, z) = try factors()
    try expect(f([x, y, z]), [2, 2, 1], Self.products)
  }

  @Test func structsHaveAxesByNameOrInOrder() throws {
    let apply: @Sendable (Layer, Ints) -> Ints = { dot($0.weights, $1) + $0.bias }
    let layer = try Layer(weights: .counting(2, 3), bias: Ints([10, 20]))
    let x = try Ints.counting(3, 2)
    let expected = [20, 48, 23, 60] as [Int32]
    for axes: Axes in [[nil, 1], [["weights": nil, "bias": nil], 1], [[nil, nil], 1]] {
      try expect(vmap(apply, inAxes: axes)(layer, x), [2, 2], expected)
    }
    let rows = try vmap(apply, inAxes: [0, nil])(layer, Ints([1, 2, 3]))
    try expect(rows, [2], [18, 46])
  }

  @Test func partOfAStructMayBeMapped() throws {
    let f = vmap(
      { (pair: [String: Tensor<Float>], x: Tensor<Float>) throws -> [String: Tensor<Float>] in
        ["sum": try #require(pair["a"]) + #require(pair["b"]) + x]
      }, inAxes: [["a": nil, "b": 0], nil])
    let result = try f(["a": Tensor(0), "b": .counting(5)], Tensor(1))
    #expect(Array(result.keys) == ["sum"])
    try expect(#require(result["sum"]), [5], [1, 2, 3, 4, 5])
  }

  @Test func anAxisCoversAllThatIsUnderneath() throws {
    let layers = try [
      Layer(weights: .counting(2, 3), bias: .counting(2)),
      Layer(weights: .counting(2, 3, from: 6), bias: .counting(2, from: 2)),
    ]
    let model = try Model(title: "two layers", layers: layers, scale: .counting(2, from: 1))
    let twice = vmap { (model: Model) -> Model in
      var model = model
      for index in model.layers.indices {
        model.layers[index].weights = model.layers[index].weights * 2
        model.layers[index].bias = model.layers[index].bias + 1
      }
      return model
    }
    let result = try twice(model)
    #expect(result.title == "two layers")
    try expect(result.layers[0].weights, [2, 3], [0, 2, 4, 6, 8, 10])
    try expect(result.layers[1].weights, [2, 3], [12, 14, 16, 18, 20, 22])
    try expect(result.layers[0].bias, [2], [1, 2])
    try expect(result.layers[1].bias, [2], [3, 4])
    try expect(#require(result.scale), [2], [1, 2])
  }

  @Test func resultsHaveAxesByNameToo() throws {
    let swap = vmap(
      { (layer: Layer) in Layer(weights: layer.weights, bias: layer.bias * 2) },
      inAxes: [["weights": 1, "bias": nil]], outAxes: ["weights": -1, "bias": nil])
    let result = try swap(Layer(weights: .counting(2, 3), bias: Ints([1, 2])))
    try expect(result.weights, [2, 3], [0, 1, 2, 3, 4, 5])
    try expect(result.bias, [2], [2, 4])
    let pair = vmap(
      { (x: Ints) in Tuple(x, [x + 1, x.sum()]) }, inAxes: 1, outAxes: [1, [0, 0]])
    let (same, others) = try pair(.counting(2, 3)).elements
    try expect(same, [2, 3], [0, 1, 2, 3, 4, 5])
    try expect(others[0], [3, 2], [1, 4, 2, 5, 3, 6])
    try expect(others[1], [3], [3, 5, 7])
  }

  @Test func optionalsAreThereOrNot() throws {
    let f = vmap(
      { (x: Ints, shift: Ints?) in (shift.map { x + $0 } ?? x, shift) }, inAxes: [0, 0])
    let (plain, none) = try f(.counting(2), nil)
    try expect(plain, [2], [0, 1])
    #expect(none == nil)
    let (shifted, some) = try f(.counting(2), .counting(2, from: 5))
    try expect(shifted, [2], [5, 7])
    try expect(#require(some), [2], [5, 6])
  }

  @Test func emptyContainersAreFine() throws {
    let f = vmap { (x: Ints, _: [Ints]) in (x + 1, [Ints](), [String: Ints]()) }
    let (y, list, names) = try f(.counting(2), [])
    try expect(y, [2], [1, 2])
    #expect(list.isEmpty && names.isEmpty)
  }

  /// A function is no tree and so no argument: it is captured instead.
  @Test func functionsAreCaptured() throws {
    let next: @Sendable (Ints) -> Ints = { $0 + 1 }
    try expect(vmap { (x: Ints) in next(x) }(.counting(3)), [3], [1, 2, 3])
  }
}
