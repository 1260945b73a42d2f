import Synchronization
import Testing
import VMap

/// Functions that say themselves how they run on a batch.
@Suite struct CustomVMapCases {
  typealias Floats = Tensor<Float>

  /// Case 96: a rule that gives something else, so that it is seen.
  @Test func rulesTakeThePlace() throws {
    let f = customVMap({ (x: Floats) in sin(x) }, vmap: { _, _, x in (cos(x), 0) })
    let zeros = Floats.zeros([3])
    try expectClose(f(Tensor(0.5)), [0.47942555], within: 1e-6)
    try expect(vmap(f)(zeros), [3], [1, 1, 1])
    try expect(jit(f)(zeros), [3], [0, 0, 0])
    // What does not vary over the batch does not call the rule.
    let captured = vmap { (x: Floats) in try f(Floats(0)) + x }
    try expect(captured(zeros), [3], [0, 0, 0])
    // The other order: of a map inside.
    let inner = grad { (x: Floats) in try vmap(f)(x).sum() }
    try expectClose(inner(Floats([0, 1])), [0, -0.84147096], within: 1e-6)
    // And of one around, where each example takes its part of what is made for all.
    try expectClose(vmap(grad(f))(Floats([0, 1])), [0, -0.84147096], within: 1e-6)
  }

  /// Which arguments are mapped, level by level: case 96's log.
  @Test func mappedArguments() throws {
    let seen = Mutex<[String]>([])
    let f = customVMap(
      { (x: Floats, y: Floats) in x + y },
      vmap: { size, inAxes, x, y in
        seen.withLock { $0.append("\(size) \(inAxes)") }
        return (x + y, 0)
      })
    let (x, y) = try (Floats.counting(2), Floats.counting(2, from: 10))
    try expect(vmap(f)(x, y), [2], [10, 12])
    try expect(vmap(f, inAxes: [0, nil])(x, Tensor(1)), [2], [1, 2])
    try expect(vmap(f, inAxes: [nil, 0])(Tensor(1), x), [2], [1, 2])
    #expect(seen.withLock { $0 } == ["2 [0, 0]", "2 [0, nil]", "2 [nil, 0]"])
    // The rule of the inner map is mapped over the outer axis.
    let nested = vmap(vmap(f, inAxes: [nil, 0]), inAxes: [0, nil])
    try expect(nested(x, y), [2, 2], [10, 11, 11, 12])
    #expect(seen.withLock { $0.last } == "2 [nil, 0]")
  }

  @Test func otherPlacesOfTheBatch() throws {
    let last = customVMap(
      { (x: Floats) in Tuple(x * 2, x.sum()) },
      vmap: { _, _, x in (Tuple((x * 2).transposed(), x.sum()), [1, nil]) })
    let (doubles, sum) = try vmap(last, outAxes: [0, nil])(.counting(2, 3)).elements
    try expect(doubles, [2, 3], [0, 2, 4, 6, 8, 10])
    try expect(sum, [], [15])
  }

  /// Case 97.
  @Test func mistakes() throws {
    func f(
      _ axes: Axes, _ rule: @escaping @Sendable (Floats) -> Floats
    ) -> @Sendable (Floats) throws -> Floats {
      customVMap({ (x: Floats) in x * 2 }, vmap: { _, _, x in (rule(x), axes) })
    }
    let x = try Floats.counting(3)
    expectError(.outAxesStructure, naming: "[0, 0]") { try vmap(f([0, 0]) { $0 })(x) }
    expectError(.outAxesStructure, naming: "customVMap", ".sum") { try vmap(f(.sum) { $0 })(x) }
    expectError(.axisSizeMismatch, naming: "customVMap", "3", "f32[2]") {
      try vmap(f(0) { $0[0..<2] })(x)
    }
    expectError(.shapeMismatch, naming: "customVMap", "f32[3]", "f32[]") {
      try vmap(f(nil) { $0 })(x)
    }
    let varying = vmap { (y: Floats) in
      try customVMap({ (x: Floats) in x * 2 }, vmap: { _, _, x in (x * y, 0) })(y)
    }
    expectError(.tracerEscaped, naming: "customVMap", "surroundings") { try varying(x) }
  }

  /// Case 98: one example after another, as a loop over all of them would.
  @Test func sequentialMaps() throws {
    let f: @Sendable (Floats) -> Floats = { x in sin(x) + 1 }
    let x = try Floats.counting(3)
    let sequential = vmap(sequentialMap(f))
    let explicit = jit { (x: Floats) in map(x) { f($0) } }
    try expect(sequential(x), [3], explicit(x).scalars())
    #expect(try sequential.lowered(x).batched == explicit.lowered(x).batched)
    // What is not mapped is the same for each; maps around are loops, too.
    let two = sequentialMap { (x: Floats, y: Floats) in x * y }
    try expect(vmap(two, inAxes: [0, nil])(x, Tensor(3)), [3], [0, 3, 6])
    try expect(
      vmap(vmap(two, inAxes: [0, nil]), inAxes: [nil, 0])(x, Floats([1, 2])), [2, 3],
      [0, 1, 2, 0, 2, 4])
    try expect(vmap(grad(sequentialMap { (x: Floats) in x * x }))(x), [3], [0, 2, 4])
    try expect(sequentialMap(f)(Tensor(0)), [], [1])
  }
}
