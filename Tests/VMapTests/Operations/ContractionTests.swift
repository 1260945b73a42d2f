import Testing

@testable import VMap
@testable import VMapTestSupport

@Suite struct ContractionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let left: [Int]
    let right: [Int]
    let operation: DotGeneral
    init(
      _ left: [Int], _ right: [Int], contracting: ([Int], [Int]), batch: ([Int], [Int]) = ([], [])
    ) {
      self.left = left
      self.right = right
      operation = DotGeneral(contracting: contracting, batch: batch)
    }

    var testDescription: String { "\(left) and \(right), \(operation.attributes)" }

    func check(_ type: ElementType) -> BatchCheck {
      BatchCheck(operation, [.moderate(type, left), .moderate(type, right, seed: 1)])
    }
  }

  static let cases = [
    Case([5], [5], contracting: ([0], [0])),
    Case([2, 3], [3], contracting: ([1], [0])),
    Case([2, 3], [3, 4], contracting: ([1], [0])),
    Case([3, 2], [4, 3], contracting: ([0], [1])),
    Case([2], [3], contracting: ([], [])),
    Case([3, 2, 5], [3, 5, 4], contracting: ([2], [1]), batch: ([0], [0])),
    Case([2, 3, 5], [5, 3], contracting: ([1, 2], [1, 0])),
    Case([4, 3], [3, 4], contracting: ([], []), batch: ([0, 1], [1, 0])),
    Case([2, 0], [0, 3], contracting: ([1], [0])),
    Case([0, 3], [3, 2], contracting: ([1], [0])),
    Case([], [], contracting: ([], [])),
  ]

  @Test(arguments: cases)
  func everyPlacement(example: Case) throws {
    for type in [ElementType.float16, .bfloat16, .float32, .int8, .uint64, .complex128] {
      expectNone(try example.check(type).interpreterMismatches())
    }
  }

  @Test func onDevice() throws {
    expectNone(try Self.cases.map { $0.check(.float32) }.deviceMismatches())
  }

  /// Each type in one of the cases, or in all.
  @Test func otherTypes() throws {
    let types: [ElementType] = [
      .float16, .bfloat16, .float64, .int32, .int8, .uint8, .uint64, .complex64, .complex128,
    ]
    let checks = types.enumerated().flatMap { number, type in
      let cases = BatchCheck.isExhaustive ? Self.cases[..<3] : [Self.cases[number % 3]]
      return cases.map { $0.check(type) }
    }
    expectNone(try checks.deviceMismatches())
  }

  /// A matrix for all examples, or a vector for all of them, on either side.
  @Test func sharedOperands() throws {
    let axes: [[Int?]] = [[0, nil], [nil, 0], [1, nil], [nil, 1], [2, nil], [1, 1]]
    let check = Case([5, 7], [7], contracting: ([1], [0])).check(.float32)
    expectNone(try check.deviceMismatches(at: axes.map { Placement(inAxes: $0, outAxis: 1) }))
  }

  /// Extents around the sizes of tiles.
  @Test(arguments: [ElementType.float32, .complex64])
  func sizes(type: ElementType) throws {
    let checks = [1, 7, 16, 33, 65].map { size in
      var check = Case([size, size + 1], [size + 1, 3], contracting: ([1], [0])).check(type)
      check.sizes = [1, 17]
      return check
    }
    expectNone(try checks.deviceMismatches())
  }

  /// Rows shorter than a vector, in squares, and in a product that may be worth panels.
  @Test(arguments: [ElementType.float32, .float64])
  func shortRows(type: ElementType) throws {
    let checks = [3, 4, 5, 8, 9].flatMap { size in
      [(size, size), (70, 33)].map { rows, inner in
        var check = Case([rows, inner], [inner, size], contracting: ([1], [0])).check(type)
        check.sizes = [1, 3]
        check.widths = .every
        return check
      }
    }
    expectNone(try checks.deviceMismatches())
  }
}
