import VMap

// The axes that `inAxes` names, and the sizes along them.

extension CaseList {
  mutating func addRanks() {
    let identity: @Sendable (F) -> F = { $0 }
    func add(_ name: String, _ shape: [Int], _ axis: Int, _ words: String) {
      fails(
        "rank.\(name)", .axisOutOfRange, "maps axis \(axis) of argument 0", words,
        "rank \(shape.count) and shape [\(shape.map(String.init).joined(separator: ","))]"
      ) { _ = try vmap(identity, inAxes: .axis(axis))(F.ones(shape)) }
    }
    add("scalar", [], 0, "needs rank 1")
    add("scalar-negative", [], -1, "needs rank 1")
    add("vector", [2], 1, "needs rank 2")
    add("vector-negative", [2], -2, "needs rank 2")
    add("below-all", [3, 4, 5], -4, "needs rank 4")
    add("above-all", [3, 4, 5], 3, "needs rank 4")
    add("greatest", [3, 4, 5], .max, "needs rank")
    add("least", [3, 4, 5], .min, "needs rank")
    add("least-of-a-scalar", [], .min, "needs rank")
    add("almost-least", [3], .min + 1, "needs rank 9223372036854775807")
    add("empty", [0], 1, "needs rank 2")
    fails("rank.second-argument", .axisOutOfRange, "axis 2 of argument 1", "shape [3,4]") {
      _ = try vmap(inAxes: [0, 2]) { (x: F, y: F) in x }(ones(3), ones(3, 4))
    }
    fails("rank.named-argument", .axisOutOfRange, "argument 1 \"y\"", "shape []") {
      _ = try vmap(inAxes: 0, argumentNames: ["x", "y"]) { (x: F, y: F) in x }(ones(3), F(1))
    }
    fails("rank.field", .axisOutOfRange, "argument 0.bias", "rank 1 and shape [3]") {
      _ = try vmap(inAxes: 1) { (x: Layer) in x.bias }(Layer())
    }
    fails("rank.deep", .axisOutOfRange, "argument 0.tables[\"second one\"][1]", "shape [3]") {
      let axes: Axes = [
        ["layers": 0, "scale": 0, "tables": ["first": 0, "second one": [0, -2]]]
      ]
      _ = try vmap(inAxes: axes) { (x: Network) in x.layers[0].bias }(Network())
    }
    fails("rank.optional", .axisOutOfRange, "argument 0", "rank 0") {
      _ = try vmap { (x: F?) in x }(F(1))
    }
    fails("rank.inner-level", .axisOutOfRange, "axis 0 of argument 0", "rank 0 and shape []") {
      _ = try vmap(vmap(identity))(ones(3))
    }
    fails("rank.inner-level-negative", .axisOutOfRange, "axis -2", "rank 1 and shape [4]") {
      _ = try vmap(vmap(identity, inAxes: -2))(ones(3, 4))
    }
    fails("rank.inline", .axisOutOfRange, "axis 1", "rank 1 and shape [4]") {
      _ = try vmap { (x: F) in try vmap(identity, inAxes: 1)(x) }(ones(3, 4))
    }
    fails("rank.lowered", .axisOutOfRange, "axis 1", "shape [3]") {
      _ = try vmap(identity, inAxes: 1).lowered(ones(3))
    }
    fails("rank.after-a-good-call", .axisOutOfRange, "axis 1", "shape [3]") {
      let f = vmap(identity, inAxes: 1)
      try expect(f(ones(1, 2)), [1, 1])
      _ = try f(ones(3))
    }
  }

  mutating func addSizes() {
    let second: @Sendable (F, F) -> F = { $1 }
    fails(
      "size.two", .axisSizeMismatch, "size 2: axis 0 of argument 0 of type f32[2]",
      "size 3: axis 0 of argument 1 of type f32[3]"
    ) { _ = try vmap { (x: F, y: F) in x * y }(ones(2), ones(3)) }
    fails(
      "size.minority", .axisSizeMismatch, "most axes (2 of them) have size 10",
      "axis 0 of argument 0",
      "one axis has size 2: axis 1 of argument 1 \"y\" of type f32[10,2]"
    ) {
      _ = try vmap(inAxes: [0, 1, 0], argumentNames: ["x", "y", "z"]) { (x: F, y: F, z: F) in x }(
        ones(10, 4), ones(10, 2), ones(10, 4))
    }
    fails(
      "size.minority-first", .axisSizeMismatch, "most axes (2 of them) have size 2",
      "argument 1 \"b\"[0]", "one axis has size 10: axis 0 of argument 0 \"a\""
    ) {
      _ = try vmap(inAxes: [0, 1], argumentNames: ["a", "b"]) { (a: F, b: [F]) in a }(
        ones(10, 4), [ones(10, 2), ones(10, 2)])
    }
    fails("size.given", .axisSizeMismatch, "axisSize is 2", "size 8", "argument 0") {
      _ = try vmap(inAxes: 0, axisSize: 2) { (x: F) in x }(ones(8))
    }
    fails("size.given-zero", .axisSizeMismatch, "axisSize is 0", "size 8") {
      _ = try vmap(inAxes: 0, axisSize: 0) { (x: F) in x }(ones(8))
    }
    fails("size.given-and-two", .axisSizeMismatch, "axisSize is 4", "size 2", "size 3") {
      _ = try vmap(second, axisSize: 4)(ones(2), ones(3))
    }
    fails("size.zero-and-one", .axisSizeMismatch, "size 0", "size 1") {
      _ = try vmap(second)(ones(0), ones(1))
    }
    fails("size.three", .axisSizeMismatch, "size 2", "size 3", "size 4", "argument 2") {
      _ = try vmap { (x: F, y: F, z: F) in x }(ones(2), ones(3), ones(4))
    }
    fails("size.pairs", .axisSizeMismatch, "(2 of them) have size 2", "(2 of them) have size 3") {
      _ = try vmap { (x: [F]) in x }([ones(2), ones(3), ones(2), ones(3)])
    }
    fails("size.struct", .axisSizeMismatch, "argument 0.weights", "argument 0.bias", "f32[3,4]") {
      _ = try vmap(inAxes: [["weights": 1, "bias": 0]]) { (x: Layer) in x.bias }(Layer())
    }
    fails("size.dictionary", .axisSizeMismatch, "argument 0.a", "argument 0.b", "i32[2]") {
      _ = try vmap { (x: [String: I]) in x }(["a": I.ones([2]), "b": I.ones([3])])
    }
    fails("size.negative-axis", .axisSizeMismatch, "axis -1 of argument 1 of type f32[2,5]") {
      _ = try vmap(second, inAxes: [0, -1])(ones(2), ones(2, 5))
    }
    fails("size.types", .axisSizeMismatch, "bool[2]", "f64[3]", "u8[4]") {
      _ = try vmap { (x: B, y: Tensor<Double>, z: Tensor<UInt8>) in x }(
        B.full([2], true), Tensor<Double>.ones([3]), Tensor<UInt8>.ones([4]))
    }
    fails("size.inner-level", .axisSizeMismatch, "size 4", "size 5") {
      _ = try vmap(vmap(second))(ones(3, 4), ones(3, 5))
    }
    fails(
      "size.inner-level-axis", .axisSizeMismatch, "axis 1 of argument 0", "axis 0 of argument 1"
    ) {
      _ = try vmap(vmap(second, inAxes: [1, 0]), inAxes: [0, nil])(ones(3, 4, 5), ones(6))
    }
    fails("size.inner-level-given", .axisSizeMismatch, "axisSize is 7", "size 4") {
      _ = try vmap(vmap(second, axisSize: 7))(ones(3, 4), ones(3, 4))
    }
    fails("size.inline", .axisSizeMismatch, "size 4", "size 5") {
      _ = try vmap { (x: F, y: F) in try vmap(second)(x, y) }(ones(3, 4), ones(3, 5))
    }
    fails("size.after-a-good-call", .axisSizeMismatch, "size 3", "size 4") {
      let f = vmap(second)
      try expect(f(ones(3), ones(3)), [1, 1, 1])
      _ = try f(ones(3), ones(4))
    }
    fails("size.negative", .invalidSize, "axisSize", "-1") {
      _ = try vmap(inAxes: nil, axisSize: -1) { (x: F) in x }(ones(3))
    }
    fails("size.least", .invalidSize, "axisSize", "-9223372036854775808") {
      _ = try vmap({ () -> F in F(1) }, axisSize: .min)()
    }
    fails("size.negative-inner-level", .invalidSize, "axisSize", "-2") {
      _ = try vmap(vmap(second, inAxes: nil, axisSize: -2))(ones(3), ones(3))
    }
    fails("size.negative-inline", .invalidSize, "axisSize", "-2") {
      _ = try vmap { (x: F) in try vmap({ () -> F in F(1) }, axisSize: -2)() }(ones(3))
    }
    for chunk in [0, -1, Int.min] {
      fails("size.chunk(\(chunk))", .invalidSize, "chunk", "\(chunk)") {
        _ = try vmap(inAxes: 0, chunk: chunk) { (x: F) in x }(ones(3))
      }
    }
    fails("size.chunk-of-an-inner-level", .invalidSize, "chunk", "0") {
      _ = try vmap(vmap(second, chunk: 0))(ones(3, 3), ones(3, 3))
    }
  }

  mutating func addPrecedence() {
    let both: @Sendable (F, F) -> F = { $0 + $1 }
    fails("order.rank-before-size", .axisOutOfRange, "argument 2") {
      _ = try vmap { (x: F, y: F, z: F) in x }(ones(2), ones(3), F(1))
    }
    fails("order.arity-before-structure", .arityMismatch) {
      _ = try vmap(inAxes: [[0], [0], 0]) { (x: F, y: F) in x }(ones(3), ones(3))
    }
    fails("order.structure-before-rank", .inAxesStructure, "argument 1") {
      _ = try vmap(inAxes: [4, [0]]) { (x: F, y: F) in x }(ones(3), ones(3))
    }
    fails("order.structure-before-no-tensors", .inAxesStructure, "argument 0") {
      _ = try vmap(inAxes: [[0]]) { (x: [F]) in x }([])
    }
    fails("order.rank-before-nothing-mapped", .axisOutOfRange, "argument 1") {
      _ = try vmap(both, inAxes: [nil, 1])(ones(3), ones(3))
    }
    fails("order.outer-level-first", .axisSizeMismatch, "size 2", "size 3") {
      _ = try vmap(vmap(both, inAxes: 5))(ones(2), ones(3))
    }
    fails("order.size-before-the-function", .axisSizeMismatch) {
      _ = try vmap { (x: F, y: F) -> F in throw OwnError() }(ones(2), ones(3))
    }
    fails("order.function-before-result", .functionFailed, "OwnError") {
      _ = try vmap(inAxes: 0, outAxes: 9) { (x: F) -> F in throw OwnError() }(ones(2))
    }
    fails("order.operation-before-result", .shapeMismatch, "add") {
      _ = try vmap(inAxes: 0, outAxes: 9) { (x: F) in x + ones(7) }(ones(2, 3))
    }
    fails("order.poisoned-argument-first", .invalidArgument, "negative size") {
      _ = try vmap { (x: F) in x }(F.zeros([-1, 2]))
    }
    fails("order.poisoned-scalar-argument", .invalidArgument, "negative size") {
      _ = try vmap(both, inAxes: [0, nil])(ones(2), F.zeros([-1]))
    }
    fails("order.poisoned-argument-of-jit", .invalidArgument, "negative size") {
      _ = try jit { (x: F) in x.sum(axis: 1) }(F.zeros([-1, 2]))
    }
  }
}
