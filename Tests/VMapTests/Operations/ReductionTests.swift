import Testing

@testable import VMap
@testable import VMapTestSupport

@Suite struct ReductionTests {
  static let shapes: [(shape: [Int], dimensions: [Int])] = [
    ([5], [0]), ([2, 3], [1]), ([2, 3], [0]), ([2, 3, 5], [0, 2]), ([3, 2], [0, 1]), ([3], []),
    ([0], [0]), ([2, 0], [1]), ([0, 2], [1]), ([], []),
  ]

  static func operations(_ type: ElementType, _ dimensions: [Int]) -> [Reduce] {
    Reduce.Kind.allCases.filter { $0.accepts(type) }
      .map { Reduce(kind: $0, dimensions: dimensions) }
  }

  static func check(_ type: ElementType, _ shape: [Int], _ dimensions: [Int]) -> BatchCheck {
    var check = BatchCheck(
      "reductions of \(shape) over \(dimensions)", [.moderate(type, shape)]
    ) { trace, x in
      operations(type, dimensions).map { trace.emit($0, x)[0] }
    }
    check.widths = type == .float32 ? .scalar : .own
    return check
  }

  @Test(arguments: ElementType.allCases)
  func everyPlacement(type: ElementType) throws {
    for entry in Self.shapes {
      let check = Self.check(type, entry.shape, entry.dimensions)
      expectNone(try check.interpreterMismatches())
    }
  }

  @Test(arguments: ElementwiseTests.onDevice)
  func onDevice(type: ElementType) throws {
    let entries = type == .float32 ? Self.shapes[...] : Self.shapes[..<2]
    expectNone(try entries.map { Self.check(type, $0.shape, $0.dimensions) }.deviceMismatches())
  }

  /// Extents around the sizes of lanes and blocks.
  @Test func manyElements() throws {
    let checks = [1, 2, 16, 17, 33, 100, 257].map { count in
      let input = BatchCheck.Input.numbers(.float32, [count], in: 0.9, 1.1)
      var check = BatchCheck("sum and product of \(count)", [input]) { trace, x in
        [.sum, .product, .maximum].map { kind in
          trace.emit(Reduce(kind: kind, dimensions: [0]), x)[0]
        }
      }
      check.sizes = [1, 3]
      check.widths = .every
      return check
    }
    expectNone(try checks.deviceMismatches())
  }

  /// The inner dimension is large in the one and the outer in the other.
  @Test func longRows() throws {
    let checks = [([300, 3], 0), ([300, 3], 1), ([3, 300], 0), ([3, 300], 1)].map {
      shape, dimension in
      var check = BatchCheck(
        Reduce(kind: .sum, dimensions: [dimension]), [.moderate(.float32, shape)])
      check.sizes = [0, 1, 3]
      return check
    }
    expectNone(try checks.deviceMismatches())
  }

  /// One special value among moderate ones.
  @Test(arguments: [ElementType.float16, .bfloat16, .float32, .float64])
  func specialValues(type: ElementType) throws {
    let pool = Samples.special(type).filter {
      type.number($0.bits).magnitude != type.greatestFinite
    }
    let input = BatchCheck.Input(type, [7]) { example, offset in
      offset == example % 7
        ? pool[example % pool.count] : Samples.moderate(type, example * 7 + offset)
    }
    let check = BatchCheck("reductions of special values", [input]) { trace, x in
      Self.operations(type, [0]).map { trace.emit($0, x)[0] }
    }
    expectNone(try check.deviceMismatches())
  }
}
