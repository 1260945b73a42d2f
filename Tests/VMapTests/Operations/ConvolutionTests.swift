import Testing

@testable import VMap
@testable import VMapTestSupport

@Suite struct ConvolutionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let left: [Int]
    let right: [Int]
    var operation: Convolution

    /// A convolution whose batch and features come first, on dimensions as they are.
    init(
      _ left: [Int], _ right: [Int], strides: [Int]? = nil, padding: [[Int]]? = nil,
      leftDilation: [Int]? = nil, rightDilation: [Int]? = nil, reversal: [Int]? = nil,
      featureGroups: Int = 1, batchGroups: Int = 1,
      dimensions: ([Int], [Int], [Int])? = nil
    ) {
      self.left = left
      self.right = right
      let order = Array(left.indices)
      let ones = [Int](repeating: 1, count: left.count - 2)
      let zeros = [Int](repeating: 0, count: left.count - 2)
      operation = Convolution(
        dimensions: dimensions ?? (order, order, order),
        window: Convolution.Window(
          strides: strides ?? ones, padding: padding ?? zeros.map { [$0, 0] },
          leftDilation: leftDilation ?? ones, rightDilation: rightDilation ?? ones,
          reversal: reversal ?? zeros),
        featureGroups: featureGroups, batchGroups: batchGroups)
    }

    var testDescription: String { "\(left) and \(right), \(operation.attributes.map(\.text))" }

    func check(_ type: ElementType) -> BatchCheck {
      BatchCheck(operation, [.moderate(type, left), .moderate(type, right, seed: 1)])
    }
  }

  static let channelsLast = ([0, 3, 1, 2], [3, 2, 0, 1], [0, 3, 1, 2])

  static let cases = [
    Case([2, 3, 7], [4, 3, 3]),
    Case([1, 2, 7], [3, 2, 3], strides: [2], padding: [[1, 2]]),
    Case([2, 2, 5], [2, 2, 2], padding: [[2, -1]], leftDilation: [3], rightDilation: [2]),
    Case([1, 1, 9], [1, 1, 3], strides: [3], padding: [[-2, 1]], leftDilation: [2]),
    Case([1, 2, 6], [2, 2, 4], padding: [[3, 3]], reversal: [1]),
    Case([2, 4, 5], [6, 2, 2], padding: [[0, 1]], featureGroups: 2),
    Case([4, 2, 5], [6, 2, 2], rightDilation: [3], batchGroups: 2),
    Case([1, 3, 5], [3, 1, 3], padding: [[1, 1]], featureGroups: 3),
    Case(
      [1, 5, 4, 2], [3, 2, 2, 3], strides: [2, 1], padding: [[1, 1], [0, 2]],
      dimensions: channelsLast),
    Case(
      [2, 3, 4, 4], [2, 2, 2, 4], padding: [[1, 0], [-1, 2]], leftDilation: [1, 2],
      rightDilation: [2, 1], reversal: [0, 1], featureGroups: 2,
      dimensions: channelsLast),
    Case([5, 2, 2], [2, 3, 2], dimensions: ([2, 1, 0], [1, 2, 0], [1, 0, 2])),
    Case([3, 4], [2, 4]),
    Case([1, 1, 2, 3, 2], [1, 1, 2, 2, 1], padding: [[1, 0], [0, 1], [0, 0]]),
    Case([1, 2, 1], [1, 2, 1], padding: [[2, 1]], leftDilation: [4]),
    Case([1, 2, 3], [2, 2, 5]),
    Case([1, 2, 0], [2, 2, 2], padding: [[1, 2]]),
    Case([2, 0, 3], [2, 0, 2]),
    Case([0, 2, 3], [2, 2, 2]),
    Case([1, 2, 3], [0, 2, 2]),
  ]

  @Test(arguments: cases)
  func everyPlacement(example: Case) throws {
    for type in [ElementType.float16, .bfloat16, .float32, .int8, .uint64, .complex128] {
      var check = example.check(type)
      check.sizes = type == .float32 ? [0, 1, 3] : [3]
      expectNone(try check.interpreterMismatches())
    }
  }

  @Test func onDevice() throws {
    let checks = Self.cases.map { example in
      var check = example.check(.float32)
      check.sizes = [0, 17]
      check.isLarge = true
      return check
    }
    expectNone(try checks.deviceMismatches())
  }

  @Test func otherTypes() throws {
    let types: [ElementType] = [
      .float16, .bfloat16, .float64, .int32, .int8, .uint8, .uint64, .complex64, .complex128,
    ]
    let checks = types.map { type in
      var check = Self.cases[2].check(type)
      check.sizes = [3]
      check.isLarge = true
      return check
    }
    expectNone(try checks.deviceMismatches())
  }

  /// Whole numbers are the same at every width.
  @Test func everyWidth() throws {
    for example in [Self.cases[1], Self.cases[9]] {
      var check = example.check(.int32)
      check.sizes = [17]
      check.widths = .every
      expectNone(try check.deviceMismatches(at: check.representatives))
    }
  }

  /// The interpreter against numbers that are written out.
  @Test func interpreter() throws {
    func result(_ example: Case, _ left: [Int], _ right: [Int]) throws -> [Int] {
      try OperationMeaning.result(
        of: example.operation,
        [
          ReferenceTensor(.int32, example.left, integers: left),
          ReferenceTensor(.int32, example.right, integers: right),
        ]
      ).integers.map { Int($0) }
    }
    let line = Case([1, 1, 4], [1, 1, 2])
    #expect(try result(line, [1, 2, 3, 4], [10, 1]) == [12, 23, 34])
    let turned = Case([1, 1, 4], [1, 1, 2], reversal: [1])
    #expect(try result(turned, [1, 2, 3, 4], [10, 1]) == [21, 32, 43])
    let spread = Case([1, 1, 3], [1, 1, 2], padding: [[1, -1]], leftDilation: [2])
    #expect(try result(spread, [1, 2, 3], [10, 1]) == [1, 10, 2, 20])
    let wide = Case([1, 1, 5], [1, 1, 2], strides: [2], rightDilation: [2])
    #expect(try result(wide, [1, 2, 3, 4, 5], [10, 1]) == [13, 35])
    let features = Case([1, 2, 1], [2, 1, 1], featureGroups: 2)
    #expect(try result(features, [3, 5], [10, 100]) == [30, 500])
    let batches = Case([2, 1, 1], [2, 1, 1], batchGroups: 2)
    #expect(try result(batches, [3, 5], [10, 100]) == [30, 500])
  }

  static let wrong: [(example: Case, kind: VMapError.Kind, part: String)] = [
    (Case([2, 3, 7], [4, 2, 3]), .shapeMismatch, "do not fit"),
    (Case([2, 3, 7], [4, 3, 3, 1]), .shapeMismatch, "as many dimensions"),
    (Case([2, 3, 7], [4, 3, 0]), .shapeMismatch, "no element"),
    (Case([2, 3, 7], [4, 3, 3], strides: [0]), .invalidArgument, "window_strides"),
    (Case([2, 3, 7], [4, 3, 3], strides: [1, 1]), .invalidArgument, "window_strides"),
    (Case([2, 3, 7], [4, 3, 3], padding: [[1]]), .invalidArgument, "padding"),
    (Case([2, 3, 7], [4, 3, 3], padding: [[-5, -5]]), .invalidArgument, "no size"),
    (Case([2, 3, 7], [4, 3, 3], leftDilation: [-1]), .invalidArgument, "lhs_dilation"),
    (Case([2, 3, 7], [4, 3, 3], leftDilation: [Int.max]), .sizeOverflow, "exceed"),
    (Case([2, 3, 7], [4, 3, 3], padding: [[Int.max, 1]]), .sizeOverflow, "exceed"),
    (Case([2, 3, 7], [4, 3, 3], reversal: [2]), .invalidArgument, "window_reversal"),
    (Case([2, 3, 7], [4, 3, 3], featureGroups: 0), .invalidArgument, "feature_group_count"),
    (Case([2, 4, 7], [3, 2, 3], featureGroups: 2), .shapeMismatch, "groups"),
    (Case([3, 3, 7], [4, 3, 3], batchGroups: 2), .shapeMismatch, "batch_group_count"),
    (
      Case([4, 4, 7], [4, 2, 3], featureGroups: 2, batchGroups: 2), .invalidArgument,
      "batch_group_count"
    ),
    (
      Case([2, 3, 7], [4, 3, 3], dimensions: ([0, 1, 1], [0, 1, 2], [0, 1, 2])),
      .invalidArgument, "dimension_numbers"
    ),
  ]

  @Test func errors() throws {
    for (example, kind, part) in Self.wrong {
      let types = [example.left, example.right].map { TensorType(element: .float32, shape: $0) }
      let error = #expect(throws: VMapError.self) { try example.operation.resultTypes(types) }
      #expect(error?.kind == kind, "\(example)")
      #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }
    let numbers = [ElementType.float32, .int32].map { TensorType(element: $0, shape: [1, 1, 1]) }
    let error = #expect(throws: VMapError.self) {
      try Case([1, 1, 1], [1, 1, 1]).operation.resultTypes(numbers)
    }
    #expect(error?.kind == .typeMismatch)
  }
}
