import VMap

// What `inAxes` says against the structure of the arguments.

extension CaseList {
  mutating func addArity() {
    fails("arity.two-entries-one-argument", .arityMismatch, "2 entries", "1 argument") {
      _ = try vmap(inAxes: [0, 0]) { (x: F) in x }(ones(3))
    }
    fails("arity.one-entry-two-arguments", .arityMismatch, "1 entry", "2 arguments") {
      _ = try vmap(inAxes: [0]) { (x: F, y: F) in x + y }(ones(3), ones(3))
    }
    fails("arity.empty-list", .arityMismatch, "0 entries", "1 argument") {
      _ = try vmap(inAxes: .each([])) { (x: F) in x }(ones(3))
    }
    fails("arity.no-arguments", .arityMismatch, "1 entry", "0 arguments") {
      _ = try vmap(inAxes: [0], axisSize: 3) { () -> F in F(1) }()
    }
    fails("arity.inner-level", .arityMismatch, "3 entries", "2 arguments") {
      let inner = vmap(inAxes: [0, 0, 0]) { (x: F, y: F) in x + y }
      _ = try vmap(inner)(ones(2, 3), ones(2, 3))
    }
    fails("arity.lowered", .arityMismatch, "2 entries", "1 argument") {
      _ = try vmap(inAxes: [0, nil]) { (x: F) in x }.lowered(ones(3))
    }
    fails("arity.names-for-arguments", .inAxesStructure, "[\"x\": 0]", "write [[\"x\": 0]]") {
      _ = try vmap(inAxes: ["x": 0]) { (x: F) in x }(ones(3))
    }
    fails("arity.no-names", .inAxesStructure, "[:]") {
      _ = try vmap(inAxes: .named([:])) { (x: F) in x }(ones(3))
    }
    fails("tensors.no-arguments", .noTensors, "axisSize") {
      _ = try vmap { () -> F in F(1) }()
    }
    fails("tensors.empty-array", .noTensors, "no tensor") {
      _ = try vmap { (x: [F]) in x }([])
    }
    fails("tensors.empty-dictionary", .noTensors, "no tensor") {
      _ = try vmap { (x: [String: F]) in x }([:])
    }
    fails("tensors.nil", .noTensors, "no tensor") {
      _ = try vmap { (x: F?) in x }(nil)
    }
    fails("tensors.struct-without-any", .noTensors, "no tensor") {
      _ = try vmap { (x: Nothing) in x }(Nothing())
    }
    fails("tensors.nested-empty", .noTensors, "no tensor") {
      _ = try vmap { (x: [[String: F?]]) in x }([["a": nil], [:]])
    }
    fails("tensors.inner-level", .noTensors, "axisSize") {
      _ = try vmap(vmap { () -> F in F(1) }, axisSize: 3)()
    }
    fails("mapped.none", .nothingMapped, "inAxes nil", "axisSize") {
      _ = try vmap(inAxes: nil) { (x: F) in x }(ones(3))
    }
    fails("mapped.none-of-two", .nothingMapped, "inAxes [nil, nil]") {
      _ = try vmap(inAxes: [nil, nil]) { (x: F, y: F) in x + y }(ones(3), ones(3))
    }
    fails("mapped.none-of-a-struct", .nothingMapped, "\"bias\": nil") {
      _ = try vmap(inAxes: [["weights": nil, "bias": nil]]) { (x: Layer) in x.bias }(Layer())
    }
    fails("mapped.none-of-an-inner-level", .nothingMapped, "inAxes nil") {
      _ = try vmap(vmap(inAxes: nil) { (x: F) in x })(ones(3, 3))
    }
    fails("mapped.only-an-absent-optional", .nothingMapped, "inAxes") {
      _ = try vmap(inAxes: [0, nil]) { (x: F?, y: F) in y }(nil, ones(3))
    }
  }

  mutating func addPrefixes() {
    let identity: @Sendable (F) -> F = { $0 }
    let first: @Sendable ([F]) -> F = { $0[0] }
    let table: @Sendable ([String: F]) -> [String: F] = { $0 }
    let layer: @Sendable (Layer) -> F = { $0.bias }
    let network: @Sendable (Network) -> F = { $0.layers[0].bias }
    func add<Tree: TensorTree>(
      _ name: String, _ axes: Axes, _ function: @escaping @Sendable (Tree) -> some TensorTree,
      _ argument: @autoclosure @escaping @Sendable () -> Tree, _ path: String, _ problem: String
    ) {
      fails(
        "prefix.\(name)", .inAxesStructure, "inAxes must be a prefix", "for \(path)", problem
      ) { _ = try vmap(function, inAxes: axes)(argument()) }
    }
    add("list-for-a-tensor", [[0]], identity, ones(3), "argument 0", "where a tensor stands")
    add("empty-list-for-a-tensor", [.each([])], identity, ones(3), "argument 0", "container")
    add("names-for-a-tensor", [["a": 0]], identity, ones(3), "argument 0", "[\"a\": 0]")
    add("array-too-short", [[0]], first, [ones(3), ones(3)], "argument 0", "has 1 entry")
    add("array-too-long", [[0, 0, 0]], first, [ones(3), ones(3)], "argument 0", "has 3 entries")
    add("names-for-an-array", [["a": 0]], first, [ones(3)], "argument 0", "names fields")
    add("list-for-an-empty-array", [[0]], { (x: [F]) in x }, [], "argument 0", "has 1 entry")
    add(
      "array-in-array", [[[0], [0]]], { (x: [[F]]) in x[0][0] }, [[ones(3)], [ones(3), ones(3)]],
      "argument 0[1]", "has 1 entry")
    add("dictionary-lacks", [["a": 0]], table, ["a": ones(3), "b": ones(3)], "argument 0", "\"b\"")
    add("dictionary-unknown", [["a": 0, "c": 0]], table, ["a": ones(3)], "argument 0", "\"c\"")
    add(
      "dictionary-list", [[0]], table, ["a": ones(3), "b": ones(3)], "argument 0", "children a, b")
    add("dictionary-value", [["a": [0]]], table, ["a": ones(3)], "argument 0.a", "container")
    add("dictionary-key", [["a b": [0]]], table, ["a b": ones(3)], "argument 0[\"a b\"]", "[0]")
    add("struct-lacks", [["weights": 0]], layer, Layer(), "argument 0", "no entry for \"bias\"")
    add(
      "struct-unknown", [["weights": 0, "bias": 0, "gain": 0]], layer, Layer(), "argument 0",
      "names \"gain\"")
    add(
      "struct-misspelt", [["weight": 0, "bias": 0]], layer, Layer(),
      "argument 0 with the children weights, bias",
      "no entry for \"weights\" and names \"weight\", which is no child")
    add("struct-of-nothing", [["weight": 0]], layer, Layer(), "argument 0", "\"weights\", \"bias\"")
    add(
      "network-list", [[0]], network, Network(),
      "argument 0 with the children layers, scale, tables", "has 1 entry")
    add(
      "long-array", [[0, 0]], first, [F](repeating: ones(3), count: 400),
      "argument 0 with 400 children", "has 2 entries")
    add("struct-list", [[0]], layer, Layer(), "argument 0", "children weights, bias")
    add("struct-long-list", [[0, 0, 0]], layer, Layer(), "argument 0", "has 3 entries")
    add("struct-field", [["weights": 0, "bias": [0]]], layer, Layer(), "argument 0.bias", "[0]")
    let rest: Axes = nil
    add(
      "network-field", [["layers": [0, ["weights": 0]], "scale": rest, "tables": rest]], network,
      Network(), "argument 0.layers[1]", "no entry for \"bias\"")
    add(
      "network-table", [["layers": 0, "scale": 0, "tables": ["first": 0, "second one": [0]]]],
      network, Network(), "argument 0.tables[\"second one\"]", "has 1 entry")
    add(
      "network-optional", [["layers": 0, "scale": [0], "tables": 0]], network, Network(),
      "argument 0.scale", "container")
    add(
      "optional", [[0]], { (x: F?) in x }, Optional(ones(3)), "argument 0", "where a tensor stands")
    add("optional-nil", [[0]], { (x: F?) in x }, nil, "argument 0", "has 1 entry")
    add(
      "tuple-too-short", [[0]], { (x: Tuple<F, F>) in x.elements.0 }, Tuple(ones(3), ones(3)),
      "argument 0", "has 1 entry")
    add(
      "tuple-names", [["a": 0]], { (x: Tuple<F, F>) in x.elements.0 }, Tuple(ones(3), ones(3)),
      "argument 0", "names fields")
    add(
      "tuple-member", [[0, [0, [0]]]], { (x: Tuple<F, Tuple<F, F>>) in x.elements.0 },
      Tuple(ones(3), Tuple(ones(3), ones(3))), "argument 0[1][1]", "container")
    fails("prefix.second-argument", .inAxesStructure, "argument 1", "has 1 entry") {
      _ = try vmap(inAxes: [0, [0]]) { (x: F, y: [F]) in x + y[0] }(ones(3), [ones(3), ones(3)])
    }
    fails("prefix.named-argument", .inAxesStructure, "argument 1 \"labels\"[0]") {
      _ = try vmap(inAxes: [0, [[0]]], argumentNames: ["x", "labels"]) { (x: F, y: [F]) in
        x + y[0]
      }(ones(3), [ones(3)])
    }
    fails("prefix.inner-level", .inAxesStructure, "argument 0", "has 1 entry") {
      _ = try vmap(vmap(first, inAxes: [[0]]))([ones(3, 3), ones(3, 3)])
    }
    fails("prefix.inline", .inAxesStructure, "argument 0", "container") {
      _ = try vmap { (x: F) in try vmap(identity, inAxes: [[0]])(x) }(ones(3, 3))
    }
  }
}
