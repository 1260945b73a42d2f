import Testing

@testable import VMap
@testable import VMapTestSupport

/// Operations that combine examples, against the interpreter alone: without a batch they mean nothing.
@Suite struct CollectiveTests {
  static let kinds = Reduce.Kind.allCases

  static func check(_ type: ElementType, _ shape: [Int]) -> BatchCheck {
    var check = BatchCheck("collectives", [.moderate(type, shape)]) { trace, x in
      let axis = try trace.axes(named: "batch")[0]
      return kinds.filter { $0.accepts(type) }
        .map { trace.emit(AxisReduce(kind: $0, axis: axis), x)[0] }
    }
    check.usesAxis = true
    return check
  }

  @Test(arguments: [ElementType.float32, .bool])
  func everyKind(type: ElementType) throws {
    var check = Self.check(type, [3])
    if type.isFloating { check.sizes = [0, 1, 3, 17] }
    check.widths = type.isFloating ? .scalar : .own
    expectNone(try check.deviceMismatches())
  }

  @Test func sumsAgainstLiteralValues() throws {
    var check = Self.check(.int32, [])
    check.sizes = [3]
    let program = try check.program(Placement(inAxes: [0], outAxis: 0))
    let x = ReferenceTensor(.int32, [3], integers: [5, -2, 4])
    let results = try Interpreter.run(program, [x], sizes: [Symbol(id: 0): 3])
    let wanted = [
      [7, 7, 7], [-40, -40, -40], [5, 5, 5], [-2, -2, -2], [4, 4, 4], [-1, -1, -1],
    ]
    #expect(results.map(\.integers) == wanted)
  }

  /// Each example less the mean of all, and the index of each example.
  @Test(arguments: [ElementType.float32, .float64, .complex64])
  func centered(type: ElementType) throws {
    var check = BatchCheck("centered", [.moderate(type, [2])]) { trace, x in
      let axis = try trace.axes(named: "batch")[0]
      let writer = LoopWriter(trace: trace)
      let sum = trace.emit(AxisReduce(kind: .sum, axis: axis), x)[0]
      let count = trace.emit(
        AxisReduce(kind: .sum, axis: axis), [writer.constant(1, type)])[0]
      let index = trace.emit(AxisIndex(axis: axis), [])[0]
      return [
        try writer.apply("sub", x[0], try writer.apply("div", sum, count)), count, index,
      ]
    }
    check.usesAxis = true
    check.sizes = [1, 3, 17, 64]
    expectNone(try check.deviceMismatches())
  }

  /// A value that does not vary counts once for each example.
  @Test(arguments: kinds)
  func unvarying(kind: Reduce.Kind) throws {
    let type: ElementType = .int32
    var check = BatchCheck("unvarying", [.moderate(type, []), .moderate(type, [2], seed: 1)]) {
      let axis = try $0.axes(named: "batch")[0]
      return $0.emit(AxisReduce(kind: kind, axis: axis), [$1[1]])
    }
    check.usesAxis = true
    let place = Placement(inAxes: [0, nil], outAxis: 0)
    expectNone(try check.deviceMismatches(at: [place]))
  }

  /// All examples along each dimension of the result, of what varies and of what does not.
  @Test(arguments: [ElementType.float32, .bool, .complex64])
  func gathered(type: ElementType) throws {
    var check = BatchCheck("gathered", [.moderate(type, [2, 3]), .moderate(type, [2], seed: 1)]) {
      let (trace, x) = ($0, $1)
      let axis = try trace.axes(named: "batch")[0]
      return (0...2).map { trace.emit(AllGather(axis: axis, dimension: $0), [x[0]])[0] }
        + (0...1).map { trace.emit(AllGather(axis: axis, dimension: $0), [x[1]])[0] }
    }
    check.usesAxis = true
    check.sizes = [0, 1, 3, 17]
    expectNone(try check.deviceMismatches())
  }

  /// Gathered values that are computed with, in a loop that ends for each example by itself.
  @Test func gatheredInALoop() throws {
    var check = BatchCheck("repeated gathers", [.moderate(.int32, [])]) {
      let (trace, writer) = ($0, LoopWriter(trace: $0))
      let axis = try trace.axes(named: "batch")[0]
      return try writer.loop([writer.constant(0, .int32), $1[0]]) {
        let limit = trace.emit(AxisIndex(axis: axis), [])[0]
        return try writer.apply("lt", $0[0], limit)
      } _: {
        let all = trace.emit(AllGather(axis: axis, dimension: 0), [$0[1]])
        let sum = trace.emit(Reduce(kind: .sum, dimensions: [0]), all)[0]
        return [
          try writer.apply("add", $0[0], writer.constant(1, .int32)),
          try writer.apply("sub", $0[1], sum),
        ]
      }
    }
    check.usesAxis = true
    // The sum reads the extent of what was gathered: the program is one for the size it is traced with.
    check.sizes = [2]
    expectNone(try check.deviceMismatches())
  }

  /// Enough examples for several blocks.
  @Test(arguments: [255, 256, 257, 1000, 5000])
  func manyExamples(count: Int) throws {
    var check = BatchCheck("many", [.moderate(.float32, [2])]) { trace, x in
      let axis = try trace.axes(named: "batch")[0]
      return [.sum, .maximum].map { trace.emit(AxisReduce(kind: $0, axis: axis), x)[0] }
    }
    check.usesAxis = true
    check.sizes = [count]
    expectNone(try check.deviceMismatches())
  }

  /// A sum over the batch in every step of a loop that ends for all examples at once.
  @Test func sumInALoop() throws {
    var check = BatchCheck("repeated sums", [.moderate(.int32, [])]) {
      let (trace, writer) = ($0, LoopWriter(trace: $0))
      let axis = try trace.axes(named: "batch")[0]
      return try writer.loop([writer.constant(0, .int32), $1[0]]) {
        try writer.apply("lt", $0[0], writer.constant(3, .int32))
      } _: {
        let sum = trace.emit(AxisReduce(kind: .sum, axis: axis), [$0[1]])[0]
        return [
          try writer.apply("add", $0[0], writer.constant(1, .int32)),
          try writer.apply("sub", $0[1], sum),
        ]
      }
    }
    check.usesAxis = true
    expectNone(try check.deviceMismatches())
  }
}
