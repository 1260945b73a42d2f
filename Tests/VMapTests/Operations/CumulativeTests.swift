import Testing

@testable import VMap
@testable import VMapTestSupport

@Suite struct CumulativeTests {
  @Test(arguments: [false, true])
  func kinds(isReversed: Bool) throws {
    let checks = Cumulative.Kind.allCases.flatMap { kind in
      (0..<2).map { dimension in
        var check = BatchCheck(
          Cumulative(kind: kind, dimension: dimension, isReversed: isReversed),
          [.numbers(.float32, [5, 4], in: -1.5, 1.5)])
        check.widths = .every
        check.sizes = [0, 1, 17]
        return check
      }
    }
    expectNone(try checks.mismatches())
  }

  @Test(arguments: [Cumulative.Kind.sum, .maximum])
  func elementTypes(kind: Cumulative.Kind) throws {
    let types = ElementType.allCases.filter {
      $0 != .bool && (kind == .sum || !$0.isComplex)
    }
    let checks = types.map { type in
      var check = BatchCheck(
        Cumulative(kind: kind, dimension: 0, isReversed: false), [.moderate(type, [7])])
      check.widths = .own
      check.sizes = [3, 17]
      return check
    }
    expectNone(try checks.mismatches())
  }

  /// Around the ends of blocks and of blocks of blocks.
  @Test(arguments: [false, true]) func blocks(isReversed: Bool) throws {
    let checks = [1, 15, 16, 17, 33, 255, 257, 4100].map { size in
      var check = BatchCheck(
        Cumulative(kind: .sum, dimension: 0, isReversed: isReversed), [.moderate(.float32, [size])])
      check.sizes = [3]
      check.widths = .every
      return check
    }
    expectNone(try checks.deviceMismatches())
  }

  /// Where the loop of the scan is not one of the result, and where loops go both ways.
  @Test func uses() throws {
    let up = Cumulative(kind: .sum, dimension: 1, isReversed: false)
    let down = Cumulative(kind: .sum, dimension: 1, isReversed: true)
    let across = Cumulative(kind: .maximum, dimension: 0, isReversed: false)
    let functions: [(String, BatchCheck.Function)] = [
      ("sum of sums", { [$0.emit(Reduce(kind: .sum, dimensions: [1]), $0.emit(up, $1))[0]] }),
      (
        "sums of sums",
        { trace, x in trace.emit(up, try trace.emit(Reduce(kind: .sum, dimensions: [0]), x).wide) }
      ),
      ("both ways", { trace, x in [trace.emit(up, x)[0], trace.emit(down, x)[0]] }),
      (
        "product of both ways",
        { trace, x in [try .elementwise("mul", trace.emit(up, x)[0], trace.emit(down, x)[0])] }
      ),
      (
        "both dimensions",
        { trace, x in [try .elementwise("mul", trace.emit(up, x)[0], trace.emit(across, x)[0])] }
      ),
      ("one after the other", { [$0.emit(across, [$0.emit(up, $1)[0]])[0]] }),
      (
        "transposed",
        { trace, x in trace.emit(Transpose(permutation: [1, 0]), [trace.emit(up, x)[0]]) }
      ),
      ("turned", { trace, x in trace.emit(Reverse(dimensions: [1]), [trace.emit(up, x)[0]]) }),
    ]
    let checks = functions.map { name, function in
      var check = BatchCheck(name, [.moderate(.int32, [3, 5])], function)
      check.sizes = [1, 17]
      check.widths = .every
      return check
    }
    expectNone(try checks.mismatches())
  }

  /// In the body of a loop, whose state is a work-item's own or a buffer.
  @Test(arguments: [5, 300]) func inLoops(size: Int) throws {
    var check = BatchCheck("while", [.moderate(.int32, [size])]) { trace, x in
      let loop = LoopDescription(
        name: "while", paths: ["count", "x"],
        condition: { try .elementwise("lt", $0[0], .constant(3, .int32)) },
        body: { state in
          let sums = try TensorHandle.step(
            Cumulative(kind: .sum, dimension: 0, isReversed: true), state[1])
          return [
            try .elementwise("add", state[0], .constant(1, .int32)),
            try .elementwise("sub", sums, x[0]),
          ]
        })
      return [try trace.loop(loop, from: [.constant(0, .int32), x[0]])[1]]
    }
    check.sizes = [1, 17]
    expectNone(try check.deviceMismatches())
  }

  @Test func errors() {
    let sum = Cumulative(kind: .sum, dimension: 1, isReversed: false)
    for type in [
      TensorType(element: .float32, shape: [3]), TensorType(element: .bool, shape: [3, 2]),
    ] { #expect(throws: VMapError.self) { try sum.resultTypes([type]) } }
  }
}

extension [TensorHandle] {
  /// Vectors as rows of one.
  fileprivate var wide: [TensorHandle] {
    get throws { try map { try $0.reshaped(to: [1] + $0.shape) } }
  }
}
