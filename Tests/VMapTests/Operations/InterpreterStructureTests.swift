import Testing

@testable import VMap
@testable import VMapTestSupport

/// The interpreter's operations on whole tensors, its axes and its loops, against literal values.
@Suite struct InterpreterStructureTests {
  static let matrix = ReferenceTensor(.int32, [2, 3], integers: [1, 2, 3, 4, 5, 6])
  static let vector = ReferenceTensor(.int32, [3], integers: [10, 20, 30])

  static func meaning(_ operation: any Operation, _ x: ReferenceTensor...) throws -> ReferenceTensor
  {
    try OperationMeaning.result(of: operation, x)
  }

  static func integers(
    _ shape: [Int], _ values: [Int], _ type: ElementType = .int32
  ) -> ReferenceTensor {
    ReferenceTensor(type, shape, integers: values)
  }

  @Test func views() throws {
    let x = Self.matrix
    #expect(
      try Self.meaning(Transpose(permutation: [1, 0]), x)
        == Self.integers([3, 2], [1, 4, 2, 5, 3, 6]))
    #expect(
      try Self.meaning(Reshape(shape: [3, 2]), x) == Self.integers([3, 2], [1, 2, 3, 4, 5, 6]))
    #expect(
      try Self.meaning(Reverse(dimensions: [1]), x) == Self.integers([2, 3], [3, 2, 1, 6, 5, 4]))
    #expect(
      try Self.meaning(Slice(starts: [1, 0], limits: [2, 3], strides: [1, 2]), x)
        == Self.integers([1, 2], [4, 6]))
    #expect(
      try Self.meaning(Broadcast(shape: [2, 3], dimensions: [1]), Self.vector)
        == Self.integers([2, 3], [10, 20, 30, 10, 20, 30]))
    #expect(
      try Self.meaning(Concatenate(dimension: 1), x, Self.integers([2, 1], [7, 8]))
        == Self.integers([2, 4], [1, 2, 3, 7, 4, 5, 6, 8]))
    let count = Iota(type: TensorType(element: .int32, shape: [2, 2]), dimension: 0)
    #expect(try Self.meaning(count) == Self.integers([2, 2], [0, 0, 1, 1]))
  }

  @Test func padding() throws {
    let nine = Self.integers([], [9])
    #expect(
      try Self.meaning(Pad(low: [1], high: [2], interior: [1]), Self.vector, nine)
        == Self.integers([8], [9, 10, 9, 20, 9, 30, 9, 9]))
    #expect(
      try Self.meaning(Pad(low: [-1], high: [1], interior: [0]), Self.vector, nine)
        == Self.integers([3], [20, 30, 9]))
  }

  @Test func reductions() throws {
    let x = Self.matrix
    #expect(try Self.meaning(Reduce(kind: .sum, dimensions: [0]), x).integers == [5, 7, 9])
    #expect(try Self.meaning(Reduce(kind: .product, dimensions: [1]), x).integers == [6, 120])
    #expect(try Self.meaning(Reduce(kind: .maximum, dimensions: [0, 1]), x).integers == [6])
    #expect(try Self.meaning(Reduce(kind: .minimum, dimensions: [1]), x).integers == [1, 4])
    #expect(try Self.meaning(Reduce(kind: .and, dimensions: [1]), x).integers == [0, 4])
    #expect(try Self.meaning(Reduce(kind: .or, dimensions: [1]), x).integers == [3, 7])
    let nothing = ReferenceTensor(.float32, [0], numbers: [])
    #expect(
      try Self.meaning(Reduce(kind: .maximum, dimensions: [0]), nothing).numbers == [-.infinity])
    #expect(try Self.meaning(Reduce(kind: .product, dimensions: [0]), nothing).numbers == [1])
    let small = Self.integers([2], [200, 100], .uint8)
    #expect(try Self.meaning(Reduce(kind: .sum, dimensions: [0]), small).integers == [44])
  }

  @Test func positionsOfExtremes() throws {
    func positions(_ numbers: [Double]) throws -> [Int] {
      let x = ReferenceTensor(.float32, [numbers.count], numbers: numbers)
      return try [true, false].map {
        try Self.meaning(ArgReduce(isMaximum: $0, dimension: 0), x).integers[0]
      }
    }
    #expect(try positions([1, 3, 3, 0, 0]) == [1, 3])
    #expect(try positions([1, .nan, 9, .nan]) == [1, 1])
    #expect(try positions([-.infinity, -.infinity]) == [0, 0])
  }

  @Test func contractions() throws {
    let (x, v) = (Self.matrix, Self.vector)
    let product = DotGeneral(contracting: ([1], [0]), batch: ([], []))
    #expect(try Self.meaning(product, x, v) == Self.integers([2], [140, 320]))
    let outer = DotGeneral(contracting: ([], []), batch: ([], []))
    #expect(
      try Self.meaning(outer, Self.integers([2], [1, 2]), v)
        == Self.integers([2, 3], [10, 20, 30, 20, 40, 60]))
    let rows = DotGeneral(contracting: ([1], [1]), batch: ([0], [0]))
    #expect(try Self.meaning(rows, x, x) == Self.integers([2], [14, 77]))
  }

  @Test func taking() throws {
    let indices = Self.integers([5], [0, -1, 9, -3, -9])
    #expect(
      try Self.meaning(Take(dimension: 0), Self.vector, indices).integers == [10, 30, 30, 10, 10])
    #expect(
      try Self.meaning(Take(dimension: 1), Self.matrix, Self.integers([], [1])).integers == [2, 5])
  }

  @Test func powers() throws {
    let x = ReferenceTensor(.float32, [2], numbers: [2, -3])
    #expect(try Self.meaning(IntegerPower(exponent: 3), x).numbers == [8, -27])
    #expect(try Self.meaning(IntegerPower(exponent: -1), x).numbers[0] == 0.5)
    #expect(try Self.meaning(IntegerPower(exponent: 0), x).numbers == [1, 1])
    #expect(try Self.meaning(IntegerPower(exponent: 5), Self.vector).integers[0] == 100_000)
  }

  /// Columns of a matrix as examples, put together as rows.
  @Test func axes() throws {
    let check = BatchCheck("axes", [.moderate(.int32, [2])]) { trace, x in
      let axis = try trace.axes(named: "batch")[0]
      let sum = trace.emit(AxisReduce(kind: .sum, axis: axis), x)[0]
      return [x[0], sum, trace.emit(AxisIndex(axis: axis), [])[0]]
    }
    let program = try check.program(Placement(inAxes: [1], outAxis: 0))
    let results = try Interpreter.run(program, [Self.matrix], sizes: [Symbol(id: 0): 3])
    #expect(results[0] == Self.integers([3, 2], [1, 4, 2, 5, 3, 6]))
    #expect(results[1] == Self.integers([3, 2], [6, 15, 6, 15, 6, 15]))
    #expect(results[2] == Self.integers([3], [0, 1, 2]))
  }

  /// While v < 3: v += 2.
  @Test func loops() throws {
    let check = BatchCheck("loop", [.moderate(.int32, [])]) {
      let writer = LoopWriter(trace: $0)
      return try writer.loop([$1[0]]) {
        try writer.apply("lt", $0[0], writer.constant(3, .int32))
      } _: {
        [try writer.apply("add", $0[0], writer.constant(2, .int32))]
      }
    }
    let program = try check.program(Placement(inAxes: [0], outAxis: 0))
    let x = Self.integers([4], [0, 1, 2, 3])
    let results = try Interpreter.run(program, [x], sizes: [Symbol(id: 0): 4])
    #expect(results == [Self.integers([4], [4, 3, 4, 3])])
  }

  /// Examples that add the sum of all, until each has reached its limit: those that are done keep
  /// their state, and count in the sum.
  @Test func loopsInLockstep() throws {
    let check = BatchCheck("lockstep", [.moderate(.int32, []), .moderate(.int32, [])]) {
      let (trace, writer, limit) = ($0, LoopWriter(trace: $0), $1[1])
      let axis = try trace.axes(named: "batch")[0]
      return try writer.loop([$1[0]]) {
        try writer.apply("lt", $0[0], limit)
      } _: {
        [try writer.apply("add", $0[0], trace.emit(AxisReduce(kind: .sum, axis: axis), $0)[0])]
      }
    }
    let program = try check.program(Placement(inAxes: [0, 0], outAxis: 0))
    let results = try Interpreter.run(
      program, [Self.integers([2], [1, 2]), Self.integers([2], [10, 4])],
      sizes: [Symbol(id: 0): 2])
    // (1, 2) → (4, 5), and the second is done → (4 + 9, 5).
    #expect(results == [Self.integers([2], [13, 5])])
  }
}
