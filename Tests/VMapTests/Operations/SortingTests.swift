import Testing

@testable import VMap
@testable import VMapTestSupport

@Suite struct SortingTests {
  static func sort(
    _ inputs: [BatchCheck.Input], along dimension: Int = 0,
    _ isBefore: @escaping ([TensorHandle]) throws -> TensorHandle
  ) -> BatchCheck {
    var check = BatchCheck("sort", inputs) { trace, handles in
      try trace.emit(
        Sort(dimension: dimension), handles, elementRegions: [{ [try isBefore($0)] }])
    }
    check.sizes = [0, 1, 17]
    return check
  }

  static let less: @Sendable ([TensorHandle]) throws -> TensorHandle = {
    try .elementwise("lt", $0[0], $0[1])
  }

  @Test func dimensions() throws {
    let checks = (0..<3).map { dimension in
      var check = Self.sort([.moderate(.float32, [3, 5, 2])], along: dimension, Self.less)
      check.widths = .every
      return check
    }
    expectNone(try checks.mismatches())
  }

  /// Every number of elements: pairs that do not come out even are left alone.
  @Test func sizes() throws {
    let checks = [0, 1, 2, 3, 5, 6, 7, 8, 12, 17, 33, 100].map { size in
      var check = Self.sort([.moderate(.int32, [size])], Self.less)
      check.sizes = [3, 17]
      check.widths = .every
      return check
    }
    expectNone(try checks.deviceMismatches())
  }

  @Test func elementTypes() throws {
    let checks = ElementType.allCases.filter { !$0.isComplex }.map { type in
      var check = Self.sort([.moderate(type, [9])], Self.less)
      check.widths = .own
      return check
    }
    expectNone(try checks.mismatches())
  }

  /// Equal keys, whose places tell that they kept their order; and keys made of several tensors.
  @Test func severalTensors() throws {
    let keys = BatchCheck.Input(.int32, [9]) { ReferenceScalar(bits: UInt64(($0 + 3 * $1) % 4)) }
    let places = BatchCheck.Input(.int16, [9]) { ReferenceScalar(bits: UInt64($1)) }
    var check = Self.sort([keys, places], Self.less)
    check.widths = .every
    expectNone(try check.mismatches())
    var both = Self.sort([keys, .moderate(.float32, [9]), places]) { x in
      let isLess = try TensorHandle.elementwise("lt", x[0], x[1])
      let isEqual = try TensorHandle.elementwise("eq", x[0], x[1])
      let isGreater = try TensorHandle.elementwise("gt", x[2], x[3])
      return try .elementwise("or", isLess, .elementwise("and", isEqual, isGreater))
    }
    both.sizes = [3, 17]
    both.widths = .every
    expectNone(try both.mismatches())
  }

  /// What is made of a sorted tensor: elements of it, sums, and indices into others.
  @Test func uses() throws {
    func sorted(_ trace: Trace, _ x: TensorHandle) throws -> TensorHandle {
      try trace.emit(
        Sort(dimension: 0), [x], elementRegions: [{ [try .elementwise("lt", $0[0], $0[1])] }])[0]
    }
    let functions: [(String, BatchCheck.Function)] = [
      ("sum", { [$0.emit(Reduce(kind: .sum, dimensions: [0]), [try sorted($0, $1[0])])[0]] }),
      (
        "elements",
        { trace, x in
          let y = try sorted(trace, x[0])
          return try [1, 4].map { position in
            try TensorHandle.step(
              Slice(starts: [position], limits: [position + 2], strides: [1]), y)
          }
        }
      ),
      ("take", { trace, x in trace.emit(Take(dimension: 0), [x[0], try sorted(trace, x[0])]) }),
      ("twice", { trace, x in [try .elementwise("sub", sorted(trace, x[0]), x[0])] }),
      (
        "of sums",
        { trace, x in
          let ones = trace.emit(Broadcast(shape: [7, 3], dimensions: [0]), x)
          return [try sorted(trace, trace.emit(Reduce(kind: .sum, dimensions: [1]), ones)[0])]
        }
      ),
    ]
    let checks = functions.map { name, function in
      var check = BatchCheck(name, [.moderate(.int32, [7])], function)
      check.sizes = [1, 17]
      check.widths = .every
      return check
    }
    expectNone(try checks.mismatches())
  }

  /// More elements than a work-item keeps: passes over memory, of which the result is the same.
  @Test func passes() throws {
    let size = Sort.capacity + 5
    var check = BatchCheck("sort", [.moderate(.int32, [size])]) { _, x in
      let places = try TensorHandle.step(
        Iota(type: TensorType(element: .int32, shape: [size]), dimension: 0))
      return try AnyTensor.sorted(
        [AnyTensor(handle: x[0]), AnyTensor(handle: places)], along: 0,
        isBefore: { [try .applying("lt", to: [$0[0], $0[1]])] }
      ).map(\.handle)
    }
    check.sizes = [3]
    let program = try check.program(Placement(inAxes: [0], outAxis: 0))
    let inputs = check.arguments(Placement(inAxes: [0], outAxis: 0), size: 3)
    let target = try #require(DeviceRun.targets.first)
    let results = try DeviceRun.run(program, inputs, sizes: [Symbol(id: 0): 3], on: target)
    for example in 0..<3 {
      let x = inputs[0].slice(0, at: example).integers
      let order = x.indices.sorted { x[$0] == x[$1] ? $0 < $1 : x[$0] < x[$1] }
      #expect(results[0].slice(0, at: example).integers == order.map { x[$0] })
      #expect(results[1].slice(0, at: example).integers == order)
    }
  }

  @Test(arguments: ElementType.allCases.filter { !$0.isComplex })
  func topK(type: ElementType) throws {
    let special = Samples.special(type)
    let checks = [1, 3, 8, 20].map { count in
      var check = BatchCheck(
        "top_k",
        [
          BatchCheck.Input(type, [2, 23]) { example, offset in
            special[(example * 7 + offset * 5) % special.count]
          }
        ]
      ) { $0.emit(TopK(count: count, rank: 2), $1) }
      check.sizes = [1, 17]
      if count == 8 { check.widths = .every }
      return check
    }
    expectNone(try checks.mismatches())
  }

  @Test(arguments: [false, true])
  func searchSorted(isRight: Bool) throws {
    expectNone(try [0, 1, 2, 5, 8, 9].map { search(size: $0, isRight: isRight) }.mismatches())
  }

  private func search(size: Int, isRight: Bool) -> BatchCheck {
    let sorted = BatchCheck.Input(.float32, [size]) { example, offset in
      ReferenceScalar(
        bits: ElementType.float32.bits(
          offset > 7 ? .nan : offset > 6 ? .infinity : Double((example + offset) / 2)))
    }
    let values = BatchCheck.Input(.float32, [2, 3]) { example, offset in
      let numbers: [Double] = [0.5, 1, -.infinity, 2, .nan, .infinity, 3, -0.0]
      return ReferenceScalar(bits: ElementType.float32.bits(numbers[(example + offset) % 8]))
    }
    var check = BatchCheck(SearchSorted(isRight: isRight), [sorted, values])
    check.sizes = [1, 17]
    check.widths = .every
    return check
  }

  @Test func errors() {
    let x = TensorType(element: .float32, shape: [3, 4])
    let long = TensorType(element: .float64, shape: [Sort.capacity + 1])
    #expect(throws: VMapError.self) { try Sort(dimension: 2).resultTypes([x]) }
    #expect(throws: VMapError.self) { try Sort(dimension: 0).resultTypes([x, long]) }
    #expect(throws: VMapError.self) { try Sort(dimension: 0).resultTypes([long]) }
    #expect(throws: VMapError.self) { try TopK(count: 5, rank: 2).resultTypes([x]) }
    #expect(throws: VMapError.self) { try TopK(count: -1, rank: 2).resultTypes([x]) }
    #expect(throws: VMapError.self) { try TopK(count: 1, rank: 1).resultTypes([long]) }
    #expect(throws: VMapError.self) { try SearchSorted(isRight: false).resultTypes([x, x]) }
    #expect(throws: VMapError.self) { try SearchSorted(isRight: false).resultTypes([long, x]) }
  }
}
