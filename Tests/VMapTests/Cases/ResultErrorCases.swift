import Testing
import VMap

// Results that are no tensors, such as strings, are excluded by their types.

/// Results that do not fit `outAxes`.
@Suite struct ResultErrorCases {
  typealias Floats = Tensor<Float>
  static let same: @Sendable (Floats) -> Floats = { $0 }
  static let pair: @Sendable (Floats, Floats) -> (Floats, Floats) = { ($0, $1) }

  @Test(arguments: [-4, 3]) func anAxisIsOneOfTheBatchedResult(axis: Int) {
    expectError(.outAxisOutOfRange, naming: "axis \(axis)", "the result", "3 dimensions", "-3 to 2")
    {
      try vmap(Self.same, outAxes: .axis(axis))(.ones([3, 4, 5]))
    }
  }

  @Test func aRepeatedResultHasAnAxisInRangeToo() {
    expectError(.outAxisOutOfRange, naming: "axis -2", "result 1", "1 dimensions") {
      try vmap(Self.pair, inAxes: [0, nil], outAxes: [0, -2])(.ones([5]), Tensor(7))
    }
  }

  @Test func axesHaveTheStructureOfTheResult() {
    expectError(.outAxesStructure, naming: "the result", "[2, 3]", "a tensor") {
      try vmap(Self.same, outAxes: [2, 3])(.ones([3, 4, 5]))
    }
    expectError(.outAxesStructure, naming: "the result", "[0]") {
      try vmap(Self.same, outAxes: [0])(.ones([3]))
    }
    expectError(.outAxesStructure, naming: "2 members", "[0, 0, 0]") {
      try vmap(Self.pair, outAxes: [0, 0, 0])(.ones([3]), .ones([3]))
    }
    expectError(.outAxesStructure, naming: "2 members", "[\"a\": 0]") {
      try vmap(Self.pair, outAxes: ["a": 0])(.ones([3]), .ones([3]))
    }
    expectError(.outAxesStructure, naming: "result 1", "[0]") {
      try vmap(Self.pair, outAxes: [0, [0]])(.ones([3]), .ones([3]))
    }
    expectError(.outAxesStructure, naming: "the result", "\"b\"") {
      try vmap({ (x: Floats) in ["a": x] }, outAxes: ["b": 0])(.ones([3]))
    }
  }

  @Test func nilIsForWhatDoesNotVary() {
    expectError(.outAxisNilForMappedResult, naming: "the result") {
      try vmap(Self.same, outAxes: nil)(.ones([3]))
    }
    // What varies is seen from the program, not from the values.
    expectError(.outAxisNilForMappedResult, naming: "the result") {
      try vmap({ (x: Floats) in x * 0 }, outAxes: nil)(.ones([3]))
    }
    expectError(.outAxisNilForMappedResult, naming: "the result", "\"batch\"") {
      try vmap(Self.same, outAxes: nil, axisName: "batch")(.ones([3]))
    }
    expectError(.outAxisNilForMappedResult, naming: "result 1") {
      try vmap(Self.pair, outAxes: [0, nil])(.ones([3]), .ones([3]))
    }
  }

  @Test func theMemberThatVariesIsNamed() {
    struct Nested: TensorTree {
      var a: Floats
      var b: [Floats]
      mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
        try visit("a", &a)
        try visit("b", &b)
      }
    }
    expectError(.outAxisNilForMappedResult, naming: "the result.b[1]") {
      try vmap(
        { (x: Floats) in Nested(a: x, b: [Tensor(1), x]) }, outAxes: ["a": 0, "b": [nil, nil]])(
          .ones([3]))
    }
    expectError(.outAxisNilForMappedResult, naming: "the result[\"two words\"]") {
      try vmap({ (x: Floats) in ["two words": x] }, outAxes: nil)(.ones([3]))
    }
  }

  @Test func eachLevelIsChecked() {
    expectError(.outAxisNilForMappedResult, naming: "the result", "\"inner\"") {
      try vmap(vmap(Self.same, outAxes: nil, axisName: "inner"), axisName: "outer")(.ones([2, 3]))
    }
    expectError(.outAxisOutOfRange, naming: "axis 2", "2 dimensions") {
      try vmap(vmap(Self.same), outAxes: 2)(.ones([2, 3]))
    }
    expectError(.outAxisOutOfRange, naming: "axis 1", "1 dimensions") {
      try vmap(vmap(Self.same, outAxes: 1))(.ones([2, 3]))
    }
  }
}
