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
      var check = BatchCheck(operation, [.moderate(type, left), .moderate(type, right, seed: 1)])
      check.sameBitsAtEveryWidth = !type.isFloating
      return check
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

  @Test(arguments: cases)
  func onDevice(example: Case) throws {
    expectNone(try example.check(.float32).deviceMismatches())
  }

  @Test(arguments: [
    ElementType.float16, .bfloat16, .float64, .int32, .int8, .uint8, .uint64, .complex64,
    .complex128,
  ])
  func otherTypes(type: ElementType) throws {
    for example in Self.cases[..<3] {
      expectNone(try example.check(type).deviceMismatches())
    }
  }

  /// A matrix for all examples, or a vector for all of them, on either side.
  @Test(arguments: [[0, nil], [nil, 0], [1, nil], [nil, 1], [2, nil], [1, 1]] as [[Int?]])
  func sharedOperands(inAxes: [Int?]) throws {
    let check = Case([5, 7], [7], contracting: ([1], [0])).check(.float32)
    let place = Placement(inAxes: inAxes, outAxis: 1)
    expectNone(try check.deviceMismatches(at: [place]))
  }

  /// Extents around the sizes of tiles.
  @Test(arguments: [1, 7, 16, 33, 65], [ElementType.float32, .complex64])
  func sizes(size: Int, type: ElementType) throws {
    var check = Case([size, size + 1], [size + 1, 3], contracting: ([1], [0])).check(type)
    check.sizes = [1, 17]
    expectNone(try check.deviceMismatches())
  }

  /// Rows shorter than a vector, in squares, and in a product that may be worth panels.
  @Test(arguments: [3, 4, 5, 8, 9], [ElementType.float32, .float64])
  func shortRows(size: Int, type: ElementType) throws {
    for (rows, inner) in [(size, size), (70, 33)] {
      var check = Case([rows, inner], [inner, size], contracting: ([1], [0])).check(type)
      check.sizes = [1, 3]
      check.widths = .every
      expectNone(try check.deviceMismatches(at: check.representatives))
    }
  }
}
