import Testing

@testable import VMap
@testable import VMapTestSupport

/// Elements combined by any function: along dimensions, in windows, and from windows back.
@Suite struct CombiningTests {
  typealias Function = @Sendable ([TensorHandle]) throws -> [TensorHandle]

  static func elementwise(_ name: String) -> Function {
    { [try .elementwise(name, $0[0], $0[1])] }
  }

  /// Neither associative nor commutative: the order is seen.
  static let ordered: Function = { elements in
    let two = TensorHandle.constant(2, elements[0].element)
    let double = try TensorHandle.elementwise("mul", elements[0], two)
    return [try .elementwise("sub", double, elements[1])]
  }

  static func check(
    _ operation: any Operation, _ inputs: [BatchCheck.Input], _ functions: Function...
  ) -> BatchCheck {
    var check = BatchCheck(operation.name, inputs) { trace, handles in
      try trace.emit(
        operation, handles, elementRegions: functions.map { function in { try function($0) } })
    }
    check.sizes = [0, 1, 17]
    return check
  }

  @Test func reduceInOrder() throws {
    let checks = [[0], [1], [2, 0], [0, 1, 2], []].map { dimensions in
      var check = Self.check(
        ReduceWith(dimensions: dimensions),
        [.moderate(.float32, [3, 2, 4]), .moderate(.float32, [], seed: 1)], Self.ordered)
      check.widths = .every
      return check
    }
    expectNone(try checks.mismatches())
  }

  @Test func elementTypes() throws {
    let checks = ElementType.allCases.filter { !$0.isComplex }.map { type in
      var check = Self.check(
        ReduceWith(dimensions: [1]), [.moderate(type, [2, 5]), .moderate(type, [], seed: 1)],
        Self.elementwise("max"))
      check.widths = .own
      return check
    }
    expectNone(try checks.mismatches())
  }

  /// Accumulators that change places: each is read before it is overwritten.
  @Test func severalTensors() throws {
    var check = Self.check(
      ReduceWith(dimensions: [0]),
      [
        .moderate(.int32, [5]), .moderate(.int32, [5], seed: 1), .moderate(.int32, [], seed: 2),
        .moderate(.int32, [], seed: 3),
      ]
    ) { [try .elementwise("add", $0[1], $0[2]), try .elementwise("max", $0[0], $0[3])] }
    check.sizes = [3, 17]
    expectNone(try check.mismatches())
  }

  /// What is long, and one result: an ordered reduction is not divided into blocks.
  @Test func longVector() throws {
    var check = Self.check(
      ReduceWith(dimensions: [0]), [.moderate(.int32, [20000]), .moderate(.int32, [])], Self.ordered
    )
    check.sizes = [1, 3]
    expectNone(try check.deviceMismatches())
  }

  /// The function may use a value around it, which varies.
  @Test func captures() throws {
    var check = BatchCheck(
      "reduce", [.moderate(.int32, [4]), .moderate(.int32, []), .moderate(.int32, [], seed: 2)]
    ) { trace, inputs in
      try trace.emit(
        ReduceWith(dimensions: [0]), Array(inputs[..<2]),
        elementRegions: [
          { elements in
            let sum = try TensorHandle.elementwise("add", elements[0], elements[1])
            return [try .elementwise("mul", sum, inputs[2])]
          }
        ])
    }
    check.sizes = [3, 17]
    expectNone(try check.mismatches())
  }

  static let windows: [Window] = [
    Window(
      size: [2, 3], strides: [1, 1], padding: [[0, 0], [0, 0]], baseDilation: [1, 1],
      windowDilation: [1, 1]),
    Window(
      size: [2, 2], strides: [2, 3], padding: [[1, 0], [2, 1]], baseDilation: [1, 1],
      windowDilation: [1, 1]),
    Window(
      size: [3, 2], strides: [1, 2], padding: [[2, 3], [1, 0]], baseDilation: [2, 3],
      windowDilation: [2, 1]),
    Window(
      size: [1, 2], strides: [1, 1], padding: [[-1, 0], [-1, -1]], baseDilation: [1, 1],
      windowDilation: [1, 2]),
    // No window, and one for all.
    Window(
      size: [6, 1], strides: [1, 1], padding: [[0, 0], [0, 0]], baseDilation: [1, 1],
      windowDilation: [1, 1]),
    Window(
      size: [5, 6], strides: [1, 1], padding: [[0, 0], [0, 0]], baseDilation: [1, 1],
      windowDilation: [1, 1]),
  ]

  @Test(arguments: ["add", "ordered"])
  func reduceWindow(function: String) throws {
    let checks = Self.windows.enumerated().map { number, window in
      var check = Self.check(
        ReduceWindow(window: window), [.moderate(.int32, [5, 6]), .moderate(.int32, [], seed: 1)],
        function == "add" ? Self.elementwise("add") : Self.ordered)
      check.widths = number < 3 ? .every : .scalar
      return check
    }
    expectNone(try checks.mismatches())
  }

  @Test func reduceWindowOfSeveral() throws {
    var check = Self.check(
      ReduceWindow(window: Self.windows[1]),
      [
        .moderate(.float32, [5, 6]), .moderate(.int32, [5, 6], seed: 1),
        .moderate(.float32, [], seed: 2), .moderate(.int32, [], seed: 3),
      ]
    ) { elements in
      let isGreater = try TensorHandle.elementwise("gt", elements[2], elements[0])
      return [
        try .elementwise("max", elements[0], elements[2]),
        try .elementwise("select", isGreater, elements[3], elements[1]),
      ]
    }
    check.sizes = [3, 17]
    expectNone(try check.mismatches())
  }

  @Test(arguments: ["ge", "lt"])
  func selectAndScatter(select: String) throws {
    let checks = try [[1, 1], [2, 3], [3, 2]].map { strides in
      let operation = SelectAndScatter(
        size: [2, 3], strides: strides, padding: [[1, 0], [0, 1]])
      let shape = try operation.window.counts(over: [5, 6], for: operation.name)
      var check = Self.check(
        operation,
        [
          .moderate(.int32, [5, 6]), .moderate(.int32, shape, seed: 1),
          .moderate(.int32, [], seed: 2),
        ], Self.elementwise(select), Self.ordered)
      check.widths = .every
      return check
    }
    expectNone(try checks.mismatches())
  }

  @Test func errors() {
    let x = TensorType(element: .float32, shape: [3, 4])
    let scalar = TensorType(element: .float32, shape: [])
    let window = Self.windows[0]
    #expect(throws: VMapError.self) { try ReduceWith(dimensions: [2]).resultTypes([x, scalar]) }
    #expect(throws: VMapError.self) { try ReduceWith(dimensions: [0]).resultTypes([x, x]) }
    #expect(throws: VMapError.self) { try ReduceWith(dimensions: [0]).resultTypes([x]) }
    #expect(throws: VMapError.self) {
      try ReduceWindow(window: window).resultTypes([scalar, scalar])
    }
    for change: (inout Window) -> Void in [
      { $0.size = [0, 1] }, { $0.strides = [1, 0] }, { $0.padding = [[0, -4], [0, 0]] },
      { $0.padding = [[.max, 1], [0, 0]] },
      {
        $0.windowDilation = [.max, 1]; $0.size = [3, 1]
      },
      { $0.baseDilation = [.max, 1] }, { $0.padding = [[0, 0]] },
    ] {
      var other = window
      change(&other)
      #expect(throws: VMapError.self) { try ReduceWindow(window: other).resultTypes([x, scalar]) }
    }
    #expect(throws: VMapError.self) {
      try SelectAndScatter(size: [2, 2], strides: [1, 1], padding: [[0, 0], [0, 0]])
        .resultTypes([x, x, scalar])
    }
  }
}
