import Testing

@testable import VMap
@testable import VMapTestSupport

/// Writes loops as they are traced.
struct LoopWriter {
  let trace: Trace

  func apply(_ name: String, _ x: TensorHandle...) throws -> TensorHandle {
    trace.emit(
      try Elementwise.make(name: name, attributes: Attributes(operation: name, [])), x)[0]
  }

  func constant(_ value: Int, _ type: ElementType) -> TensorHandle {
    trace.emit(Literal(value: ScalarLiteral(integer: Int64(value), as: type)), [])[0]
  }

  /// A loop on a state.
  func loop(
    _ initial: [TensorHandle], while condition: @escaping ([TensorHandle]) throws -> TensorHandle,
    _ body: @escaping ([TensorHandle]) throws -> [TensorHandle]
  ) throws -> [TensorHandle] {
    try trace.loop(
      LoopDescription(
        name: "loop", paths: initial.indices.map { "tensor \($0)" }, condition: condition,
        body: body), from: initial)
  }
}

@Suite struct WhileTests {
  static func limits(_ type: ElementType, seed: Int = 0) -> BatchCheck.Input {
    BatchCheck.Input(type, []) { example, _ in
      let number = Int(Samples.hash(example + seed * 100) % 12)
      return ReferenceScalar(
        bits: type.isFloating ? type.bits(Double(number)) : type.bits(Int128(number)))
    }
  }

  /// Each example stops for itself; where only the start or only the end varies, too.
  @Test(arguments: [ElementType.int32, .float32, .float64, .int8, .uint64])
  func counting(type: ElementType) throws {
    var check = BatchCheck("count up", [Self.limits(type), Self.limits(type, seed: 1)]) {
      let writer = LoopWriter(trace: $0)
      let limit = $1[1]
      return try writer.loop([$1[0]]) {
        try writer.apply("lt", $0[0], limit)
      } _: {
        [try writer.apply("add", $0[0], writer.constant(2, type))]
      }
    }
    check.widths = [.int32, .int8].contains(type) ? .every : .own
    expectNone(try check.mismatches())
  }

  /// A state of complex numbers, whose parts are arrays of their own.
  @Test(arguments: [[], [3]] as [[Int]])
  func complexState(shape: [Int]) throws {
    var check = BatchCheck(
      "squares", [.numbers(.complex64, shape, in: -0.5, 0.5), Self.limits(.int32)]
    ) {
      let writer = LoopWriter(trace: $0)
      let (start, limit) = ($1[0], $1[1])
      return try writer.loop([writer.constant(0, .int32), start]) {
        try writer.apply("lt", $0[0], limit)
      } _: {
        let square = try writer.apply("mul", $0[1], $0[1])
        return [
          try writer.apply("add", $0[0], writer.constant(3, .int32)),
          try writer.apply("add", square, start),
        ]
      }
    }
    check.widths = .every
    expectNone(try check.mismatches())
  }

  /// A counter that does not vary, and a state that does.
  @Test func sharedCondition() throws {
    let check = BatchCheck("a fixed number of steps", [.moderate(.float32, [3])]) {
      let writer = LoopWriter(trace: $0)
      return try writer.loop([writer.constant(0, .int32), $1[0]]) {
        try writer.apply("lt", $0[0], writer.constant(7, .int32))
      } _: {
        let half = try writer.apply("mul", $0[1], try writer.apply("tanh", $0[1]))
        return [try writer.apply("add", $0[0], writer.constant(1, .int32)), half]
      }
    }
    expectNone(try check.mismatches())
  }

  /// The state moves from slot to slot, and one slot stays as it is.
  @Test func movingState() throws {
    let check = BatchCheck(
      "shift", [Self.limits(.int32), .moderate(.int32, [2]), .moderate(.int32, [2], seed: 1)]
    ) {
      let writer = LoopWriter(trace: $0)
      return try writer.loop([$1[0], $1[1], $1[2], $1[2]]) {
        try writer.apply("gt", $0[0], writer.constant(0, .int32))
      } _: {
        let less = try writer.apply("sub", $0[0], writer.constant(1, .int32))
        return [less, $0[2], try writer.apply("add", $0[1], $0[3]), $0[3]]
      }
    }
    expectNone(try check.mismatches())
  }

  /// Neighbouring elements are read while they change: the old ones count.
  @Test func stateThatIsPermuted() throws {
    let check = BatchCheck("reverse", [Self.limits(.int32), .moderate(.int32, [5])]) {
      let writer = LoopWriter(trace: $0)
      let trace = $0
      return try writer.loop([$1[0], $1[1]]) {
        try writer.apply("gt", $0[0], writer.constant(0, .int32))
      } _: {
        let less = try writer.apply("sub", $0[0], writer.constant(1, .int32))
        let reversed = trace.emit(Reverse(dimensions: [0]), [$0[1]])[0]
        let sum = trace.emit(Reduce(kind: .sum, dimensions: [0]), [$0[1]])[0]
        return [less, try writer.apply("sub", reversed, sum)]
      }
    }
    expectNone(try check.mismatches())
  }

  @Test func nestedLoops() throws {
    let check = BatchCheck(
      "triangle", [Self.limits(.int32), Self.limits(.int32, seed: 1)]
    ) {
      let writer = LoopWriter(trace: $0)
      let (zero, inner) = (writer.constant(0, .int32), $1[1])
      let outer = try writer.loop([$1[0], zero]) {
        try writer.apply("gt", $0[0], writer.constant(0, .int32))
      } _: { state in
        let rows = try writer.loop([inner, state[1]]) {
          try writer.apply("gt", $0[0], state[0])
        } _: {
          [
            try writer.apply("sub", $0[0], writer.constant(1, .int32)),
            try writer.apply("add", $0[1], $0[0]),
          ]
        }
        return [try writer.apply("sub", state[0], writer.constant(1, .int32)), rows[1]]
      }
      return [outer[1]]
    }
    expectNone(try check.mismatches())
  }

  /// The position that is read differs from example to example only because their loops end at
  /// different times.
  @Test func readingAtTheCounter() throws {
    for isWithin in [true, false] {
      let table = BatchCheck.Input.moderate(.float32, [5])
      let check = BatchCheck("partial sums", [table, .moderate(.int32, []), Self.limits(.int32)]) {
        let writer = LoopWriter(trace: $0)
        let (trace, table, limit) = ($0, $1[0], $1[2])
        let sums = try writer.loop([$1[1], writer.constant(0, .float32)]) {
          try writer.apply("lt", $0[0], limit)
        } _: {
          let element = trace.emit(Take(dimension: 0), [table, $0[0]])[0]
          let next = try writer.apply("add", $0[0], writer.constant(1, .int32))
          return [next, try writer.apply("add", $0[1], element)]
        }
        // What was found last is a position, too.
        let last = trace.emit(Take(dimension: 0), [table, sums[0]])[0]
        return isWithin ? [sums[1]] : [last]
      }
      expectNone(try check.mismatches())
    }
  }

  /// The same for a loop whose own condition is the same for all, inside one that ends at different
  /// times.
  @Test func readingAtAnOuterCounter() throws {
    let check = BatchCheck("twice", [.moderate(.float32, [5]), Self.limits(.int32)]) {
      let writer = LoopWriter(trace: $0)
      let (trace, table, limit) = ($0, $1[0], $1[1])
      let (zero, one) = (writer.constant(0, .int32), writer.constant(1, .int32))
      return try writer.loop([zero, writer.constant(0, .float32)]) {
        try writer.apply("lt", $0[0], limit)
      } _: { outer in
        let inner = try writer.loop([zero, outer[0], outer[1]]) {
          try writer.apply("lt", $0[0], writer.constant(2, .int32))
        } _: {
          let element = trace.emit(Take(dimension: 0), [table, $0[1]])[0]
          return [
            try writer.apply("add", $0[0], one), try writer.apply("add", $0[1], one),
            try writer.apply("add", $0[2], element),
          ]
        }
        return [try writer.apply("add", outer[0], one), inner[2]]
      }
    }
    expectNone(try check.mismatches())
  }

  /// A product of matrices in every step, with what the loop captures.
  @Test func contractionInTheBody() throws {
    let matrix = BatchCheck.Input.numbers(.float32, [3, 3], in: -0.5, 0.5)
    let check = BatchCheck("powers", [matrix, .moderate(.float32, [3]), Self.limits(.int32)]) {
      let writer = LoopWriter(trace: $0)
      let (trace, matrix) = ($0, $1[0])
      return try writer.loop([$1[1], $1[2]]) {
        try writer.apply("gt", $0[1], writer.constant(0, .int32))
      } _: {
        let dot = DotGeneral(contracting: ([1], [0]), batch: ([], []))
        return [
          trace.emit(dot, [matrix, $0[0]])[0],
          try writer.apply("sub", $0[1], writer.constant(1, .int32)),
        ]
      }
    }
    expectNone(try check.mismatches())
  }

  @Test func noIterations() throws {
    let check = BatchCheck("never", [.moderate(.float32, [2]), .moderate(.bool, [])]) {
      let writer = LoopWriter(trace: $0)
      let never = writer.constant(0, .bool)
      return try writer.loop([$1[0]]) { _ in
        never
      } _: {
        [try writer.apply("neg", $0[0])]
      }
    }
    expectNone(try check.mismatches())
  }
}
