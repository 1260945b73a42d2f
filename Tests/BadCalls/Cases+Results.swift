import VMap

// What `outAxes` says of the result.

extension CaseList {
  mutating func addResultStructure() {
    func add<Tree: TensorTree>(
      _ name: String, _ axes: Axes, _ path: String, _ problem: String,
      _ function: @escaping @Sendable (F) -> Tree
    ) {
      fails(
        "result.\(name)", .outAxesStructure, "outAxes must be a prefix", "for \(path)", problem
      ) { _ = try vmap(function, outAxes: axes)(ones(2, 3)) }
    }
    add("list-for-a-tensor", [2, 3], "the result", "where a tensor stands") { $0 }
    add("single-list-for-a-tensor", [0], "the result", "where a tensor stands") { $0 }
    add("names-for-a-tensor", ["a": 0], "the result", "container") { $0 }
    add("array-too-short", [0], "the result", "has 1 entry") { [$0, $0] }
    add("array-too-long", [0, 0, 0], "the result", "has 3 entries") { [$0, $0] }
    add("array-element", [0, [0]], "the result[1]", "container") { [$0, $0] }
    add("names-for-an-array", ["a": 0], "the result", "names fields") { [$0] }
    add("empty-array", [0], "the result", "has 1 entry") { _ in [F]() }
    add("dictionary-lacks", ["a": 0], "the result", "no entry for \"b\"") { ["a": $0, "b": $0] }
    add("dictionary-unknown", ["a": 0, "z": 0], "the result", "names \"z\"") { ["a": $0] }
    add("struct-lacks", ["bias": 0], "the result", "no entry for \"weights\"") { _ in Layer() }
    add("struct-field", ["weights": 0, "bias": ["a": 0]], "the result.bias", "container") { _ in
      Layer()
    }
    add("optional", [0], "the result", "where a tensor stands") { Optional($0) }
    add("nil", [0], "the result", "has 1 entry") { _ in F?.none }
    add("tree-tuple", [0], "the result", "has 1 entry") { Tuple($0, $0) }
    add("nothing", [0, 0], "the result", "has 2 entries") { _ in Nothing() }
    fails("result.tuple-too-short", .outAxesStructure, "2 members", "[0]") {
      _ = try vmap(inAxes: 0, outAxes: [0]) { (x: F) in (x, x) }(ones(2, 3))
    }
    fails("result.tuple-too-long", .outAxesStructure, "2 members", "[0, 0, nil]") {
      _ = try vmap(inAxes: 0, outAxes: [0, 0, nil]) { (x: F) in (x, x) }(ones(2, 3))
    }
    fails("result.tuple-names", .outAxesStructure, "2 members", "[\"a\": 0]") {
      _ = try vmap(inAxes: 0, outAxes: ["a": 0]) { (x: F) in (x, x) }(ones(2, 3))
    }
    fails("result.tuple-member", .outAxesStructure, "result 1[0]", "container") {
      _ = try vmap(inAxes: 0, outAxes: [0, [[0]]]) { (x: F) in (x, [x]) }(ones(2, 3))
    }
    fails("result.inner-level", .outAxesStructure, "the result", "has 1 entry") {
      _ = try vmap(vmap(inAxes: 0, outAxes: [0]) { (x: F) in [x, x] })(ones(2, 3))
    }
    fails("result.outer-level", .outAxesStructure, "the result", "has 3 entries") {
      _ = try vmap(vmap { (x: F) in [x, x] }, outAxes: [0, 0, 0])(ones(2, 3))
    }
    fails("result.inline", .outAxesStructure, "the result", "container") {
      _ = try vmap { (x: F) in try vmap(inAxes: 0, outAxes: [0]) { (y: F) in y }(x) }(ones(2, 3))
    }
    fails("result.chunked", .outAxesStructure, "the result", "container") {
      _ = try vmap(inAxes: 0, outAxes: [0], chunk: 1) { (x: F) in x }(ones(2, 3))
    }
  }

  mutating func addResultAxes() {
    let identity: @Sendable (F) -> F = { $0 }
    fails("out-nil.mapped", .outAxisNilForMappedResult, "outAxes is nil for the result") {
      _ = try vmap(identity, outAxes: nil)(ones(3))
    }
    fails("out-nil.named", .outAxisNilForMappedResult, "axisName \"batch\"") {
      _ = try vmap(identity, outAxes: nil, axisName: "batch")(ones(3))
    }
    fails("out-nil.times-zero", .outAxisNilForMappedResult, "the result") {
      _ = try vmap({ (x: F) in x * 0 }, outAxes: nil)(ones(3))
    }
    fails("out-nil.index", .outAxisNilForMappedResult, "the result") {
      _ = try vmap({ (x: F) in axisIndex("i") }, outAxes: nil, axisName: "i")(ones(3))
    }
    fails("out-nil.dictionary", .outAxisNilForMappedResult, "the result.b[1]") {
      let f: @Sendable (F) -> [String: [F]] = { ["a": [$0], "b": [F(1), $0]] }
      _ = try vmap(f, outAxes: ["a": 0, "b": [nil, nil]])(ones(3))
    }
    fails("out-nil.struct", .outAxisNilForMappedResult, "the result.bias") {
      let f: @Sendable (F) -> Layer = { Layer(weights: ones(3, 4), bias: $0) }
      _ = try vmap(f, outAxes: ["weights": nil, "bias": nil])(ones(3, 4))
    }
    fails("out-nil.tuple", .outAxisNilForMappedResult, "result 1") {
      _ = try vmap(inAxes: 0, outAxes: [0, nil]) { (x: F) in (x, x) }(ones(3))
    }
    fails("out-nil.outer-level", .outAxisNilForMappedResult, "axisName \"outer\"") {
      _ = try vmap(vmap(identity), outAxes: nil, axisName: "outer")(ones(3, 3))
    }
    fails("out-nil.inner-level", .outAxisNilForMappedResult, "axisName \"inner\"") {
      _ = try vmap(vmap(identity, outAxes: nil, axisName: "inner"))(ones(3, 3))
    }
    fails("out-nil.inline", .outAxisNilForMappedResult, "the result") {
      _ = try vmap { (x: F) in try vmap(identity, outAxes: nil)(x) }(ones(3, 3))
    }
    fails("out-nil.chunked", .outAxisNilForMappedResult, "the result") {
      _ = try vmap(identity, outAxes: nil, chunk: 1)(ones(3))
    }
    func add(_ name: String, _ axis: Int, _ rank: Int, _ function: @escaping @Sendable (F) -> F) {
      fails(
        "out-axis.\(name)(\(axis))", .outAxisOutOfRange, "axis \(axis)", "the result",
        "\(rank) dimensions", "\(-rank) to \(rank - 1)"
      ) { _ = try vmap(function, outAxes: .axis(axis))(ones(3, 4, 5)) }
    }
    for axis in [3, -4, .max, .min] { add("mapped", axis, 3, identity) }
    for axis in [3, -4, .max, .min] { add("broadcast", axis, 3) { zerosLike($0) } }
    for axis in [1, -2, .max, .min] { add("scalar", axis, 1) { $0.sum() } }
    for axis in [1, -2] { add("constant", axis, 1) { _ in F(7) } }
    fails("out-axis.tuple", .outAxisOutOfRange, "axis -2", "result 1", "1 dimensions") {
      let f: @Sendable (F, F) -> (F, F) = { ($0, $1) }
      _ = try vmap(f, inAxes: [0, nil], outAxes: [0, -2])(ones(5), F(7))
    }
    fails("out-axis.deep", .outAxisOutOfRange, "axis 4", "the result[1].weights", "3 dimensions") {
      let f: @Sendable (F) -> [Layer] = { _ in [Layer(), Layer()] }
      _ = try vmap(f, outAxes: [0, ["weights": 4, "bias": 0]])(ones(5))
    }
    fails("out-axis.inner-level", .outAxisOutOfRange, "axis 2", "2 dimensions") {
      _ = try vmap(vmap(identity, outAxes: 2))(ones(3, 4, 5))
    }
    fails("out-axis.outer-level", .outAxisOutOfRange, "axis 3", "3 dimensions") {
      _ = try vmap(vmap(identity), outAxes: 3)(ones(3, 4, 5))
    }
    fails("out-axis.inline", .outAxisOutOfRange, "axis -3", "2 dimensions") {
      _ = try vmap { (x: F) in try vmap(identity, outAxes: -3)(x) }(ones(3, 4, 5))
    }
    fails("out-axis.chunked", .outAxisOutOfRange, "axis 5", "3 dimensions") {
      _ = try vmap(identity, outAxes: 5, chunk: 1)(ones(3, 4, 5))
    }
    fails("out-axis.empty-batch", .outAxisOutOfRange, "axis 5", "2 dimensions") {
      _ = try vmap(identity, outAxes: 5)(ones(0, 4))
    }
  }
}
