import Testing
import VMap

// Some mistakes that `jax.vmap` reports cannot be made, because types of functions, axes, sizes,
// arguments and results are checked when a program is compiled. These tests do without: what is no
// function, or a generator; axes that are truth values, strings or numbers with a point; mapped
// arguments that are no tensors; and named arguments, which Swift's closures do not have.

/// Arguments that do not fit the axes: what is reported, and in which order.
@Suite struct ArgumentErrorCases {
  typealias Floats = Tensor<Float>
  static let product: @Sendable (Floats, Floats) -> Floats = { $0 * $1 }
  static let same: @Sendable (Floats) -> Floats = { $0 }
  static let three: @Sendable (Floats, Floats, Floats) -> Floats = { x, y, _ in x + y }

  @Test func sizesThatDifferAreNamedWithTheirArguments() {
    expectError(
      .axisSizeMismatch, naming: "axis 0 of argument 0", "f32[2]", "axis 0 of argument 1", "f32[3]"
    ) { try vmap(Self.product)(.ones([2]), .ones([3])) }
    expectError(
      .axisSizeMismatch, naming: "argument 0 \"left\"", "argument 1 \"right\""
    ) {
      try vmap(Self.product, argumentNames: ["left", "right"])(.ones([2]), .ones([3]))
    }
  }

  @Test func theMajorityOfSizesIsToldFromTheRest() {
    let f = vmap(Self.three, inAxes: [0, 1, 0], argumentNames: ["x", "y", "z"])
    expectError(
      .axisSizeMismatch,
      naming: "most axes (2 of them) have size 10, e.g. axis 0 of argument 0 \"x\"",
      "f32[10,4]", "one axis has size 2: axis 1 of argument 1 \"y\" of type f32[10,2]"
    ) { try f(.ones([10, 4]), .ones([10, 2]), .ones([10, 4])) }
  }

  @Test func theMajorityMayBeInsideOfAnArgument() {
    let f = vmap(
      { (x: Floats, ys: [Floats]) in x + ys[0] }, inAxes: [0, 1], argumentNames: ["a", "b"])
    expectError(
      .axisSizeMismatch,
      naming: "most axes (2 of them) have size 2, e.g. axis 1 of argument 1 \"b\"[0]",
      "one axis has size 10: axis 0 of argument 0 \"a\""
    ) { try f(.ones([10, 4]), [.ones([10, 2]), .ones([10, 2])]) }
  }

  @Test func theSizeGivenCounts() {
    expectError(.axisSizeMismatch, naming: "axisSize is 2", "size 8", "argument 0") {
      try vmap(Self.same, axisSize: 2)(.ones([8]))
    }
  }

  @Test func sizesOfInnerLevelsAreNamedWithTheirOwnAxes() {
    // Of [5, 3] and [5, 4] the outer axis is 0 and the inner one is axis 0 of what is left.
    expectError(.axisSizeMismatch, naming: "size 3", "size 4", "f32[5,3]", "f32[5,4]") {
      try vmap(vmap(Self.product))(.ones([5, 3]), .ones([5, 4]))
    }
    // The outer level maps axis 1, the inner one axis 0.
    expectError(.axisSizeMismatch, naming: "axis 0 of argument 0", "axis 0 of argument 1") {
      try vmap(vmap(Self.product), inAxes: 1)(.ones([3, 5]), .ones([4, 5]))
    }
  }

  @Test func anAxisNeedsItsRank() {
    expectError(.axisOutOfRange, naming: "axis 0", "argument 0", "rank 1", "rank 0", "[]") {
      try vmap(Self.same)(Tensor(1))
    }
    expectError(.axisOutOfRange, naming: "axis 1", "argument 0", "rank 2", "rank 1", "[2]") {
      try vmap(Self.same, inAxes: 1)(.ones([2]))
    }
    expectError(.axisOutOfRange, naming: "axis -4", "argument 0", "rank 4", "rank 3", "[3,4,5]") {
      try vmap(Self.same, inAxes: -4)(.ones([3, 4, 5]))
    }
    expectError(.axisOutOfRange, naming: "argument 0", "rank 2", "rank 1", "[4]") {
      try vmap(vmap(Self.same, inAxes: 1))(.ones([3, 4]))
    }
    expectError(.axisOutOfRange, naming: "argument 0 \"model\".layers[1].bias") {
      let layers = [
        Layer(weights: .ones([2]), bias: .ones([2])), Layer(weights: .ones([2]), bias: Tensor(1)),
      ]
      let model = Model(title: "", layers: layers, scale: nil)
      return try vmap({ (model: Model) in model }, argumentNames: ["model"])(model)
    }
  }

  @Test func ranksAreReportedBeforeSizes() {
    expectError(.axisOutOfRange, naming: "argument 2", "rank 0") {
      try vmap(Self.three)(.ones([2]), .ones([3]), Tensor(1))
    }
  }

  @Test func structureIsReportedBeforeRanks() {
    expectError(.inAxesStructure, naming: "argument 1") {
      try vmap(Self.product, inAxes: [0, [0]])(Tensor(1), .ones([2]))
    }
  }

  @Test func somethingMustBeMapped() {
    expectError(.nothingMapped, naming: "nil", "axisSize") {
      try vmap(Self.same, inAxes: nil)(.ones([2]))
    }
    expectError(.nothingMapped, naming: "[nil, nil]") {
      try vmap(Self.product, inAxes: [nil, nil])(.ones([2]), .ones([2]))
    }
    // Each level for itself.
    expectError(.nothingMapped, naming: "nil") {
      try vmap(vmap(Self.same, inAxes: nil))(.ones([2]))
    }
  }

  @Test func thereMustBeATensor() {
    expectError(.noTensors, naming: "axisSize") { try vmap { (x: [String: Floats]) in x }([:]) }
    expectError(.noTensors, naming: "axisSize") { try vmap { (x: Floats?) in x }(nil) }
    let none: @Sendable () -> Floats = { Tensor(1) }
    expectError(.noTensors, naming: "axisSize") { try vmap(none)() }
  }

  @Test func axesAreAsManyAsArguments() {
    expectError(.arityMismatch, naming: "2 entries", "1 argument") {
      try vmap(Self.same, inAxes: [0, 0])(.ones([2]))
    }
    expectError(.arityMismatch, naming: "0 entries", "2 argument") {
      try vmap(Self.product, inAxes: [])(.ones([2]), .ones([2]))
    }
  }

  @Test func axesHaveTheStructureOfTheirArgument() {
    expectError(.inAxesStructure, naming: "argument 0", "[0]", "a tensor") {
      try vmap(Self.same, inAxes: [[0]])(.ones([2]))
    }
    expectError(.inAxesStructure, naming: "argument 0", "\"a\"", "[\"b\": 0]") {
      try vmap({ (x: [String: Floats]) in x }, inAxes: [["b": 0]])(["a": .ones([2])])
    }
    expectError(.inAxesStructure, naming: "argument 0", "\"c\"") {
      try vmap({ (x: [String: Floats]) in x }, inAxes: [["a": 0, "c": 0]])(["a": .ones([2])])
    }
    expectError(.inAxesStructure, naming: "argument 0", "1 entry") {
      try vmap({ (x: [Floats]) in x }, inAxes: [[0]])([.ones([2]), .ones([2])])
    }
    expectError(.inAxesStructure, naming: "argument 0", "3 entries") {
      try vmap({ (x: [Floats]) in x }, inAxes: [[0, 0, 0]])([.ones([2]), .ones([2])])
    }
    expectError(.inAxesStructure, naming: "argument 0", "names") {
      try vmap({ (x: [Floats]) in x }, inAxes: [["a": 0]])([.ones([2])])
    }
    expectError(.inAxesStructure, naming: "argument 0 \"tree\"[1].b", "[0]") {
      try vmap(
        { (x: Tuple<Floats, [String: Floats]>) in x }, inAxes: [[0, ["b": [0]]]],
        argumentNames: ["tree"])(Tuple(.ones([2]), ["b": .ones([2])]))
    }
  }

  @Test func argumentsHaveNoNames() {
    expectError(.inAxesStructure, naming: "[\"a\": 0]", "[[\"a\": 0]]") {
      try vmap({ (x: [String: Floats]) in x }, inAxes: ["a": 0])(["a": .ones([2])])
    }
  }

  @Test func sizesMustBePossible() {
    expectError(.invalidSize, naming: "axisSize", "-1") {
      try vmap(Self.same, inAxes: nil, axisSize: -1)(.ones([2]))
    }
    expectError(.invalidSize, naming: "chunk", "0") { try vmap(Self.same, chunk: 0)(.ones([2])) }
  }
}
