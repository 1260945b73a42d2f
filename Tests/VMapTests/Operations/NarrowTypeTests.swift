import Testing

@testable import VMap
@testable import VMapTestSupport

/// Floating-point numbers of 16 bits: all of them, and what is rounded to them.
@Suite struct NarrowTypeTests {
  static let types: [ElementType] = [.float16, .bfloat16]

  /// What any bits become on the way through registers, at every lane width.
  private func check(
    _ name: String, _ type: ElementType, _ bits: [UInt64],
    _ function: @escaping BatchCheck.Function
  ) throws {
    let row = 257
    var check = BatchCheck(
      name,
      [
        BatchCheck.Input(type, [row]) { example, offset in
          ReferenceScalar(bits: bits[(example * row + offset) % bits.count])
        }
      ], function)
    check.sizes = [(bits.count + row - 1) / row]
    check.widths = .every
    expectNone(
      try check.deviceMismatches(at: [Placement(inAxes: [0], outAxis: 0)]))
  }

  private func convert(
    _ type: ElementType, keepsBits: Bool = false
  ) -> BatchCheck.Function {
    { trace, x in trace.emit(Convert(target: type, keepsBits: keepsBits), x) }
  }

  /// Also those of NaNs stay.
  @Test(arguments: types)
  func allBits(type: ElementType) throws {
    try check("bits of \(type)", .uint16, (0..<65536).map { $0 }) { trace, x in
      let numbers = trace.emit(Convert(target: type, keepsBits: true), x)
      return trace.emit(Convert(target: .uint16, keepsBits: true), numbers)
    }
  }

  @Test(arguments: types)
  func allNumbers(type: ElementType) throws {
    try check("numbers of \(type)", type, (0..<65536).map { $0 }, convert(.float32))
  }

  /// Each number, half way to the next one, and what lies beside that.
  @Test(arguments: types)
  func allRoundings(type: ElementType) throws {
    let dropped: UInt64 = type == .float16 ? 13 : 16
    let numbers = (0..<65536).map { ElementType.float32.bits(type.number($0)) }
    let half: UInt64 = 1 << (dropped - 1)
    for offset in [half - 1, half, half + 1] {
      try check(
        "\(type) from f32", .float32, numbers.map { $0 + offset & 0xffff_ffff }, convert(type))
    }
  }

  @Test(arguments: types)
  func roundingsOfDoubles(type: ElementType) throws {
    let dropped: UInt64 = type == .float16 ? 42 : 45
    let numbers = (0..<65536).filter { $0 % 5 == 0 }
      .map { ElementType.float64.bits(type.number(UInt64($0))) }
    let half: UInt64 = 1 << (dropped - 1)
    for offset in [half - 1, half, half + 1] {
      try check("\(type) from f64", .float64, numbers.map { $0 &+ offset }, convert(type))
    }
  }

  /// Below the least normal number the last place is wider: all halves of it.
  @Test(arguments: types)
  func roundingsOfSmallNumbers(type: ElementType) throws {
    for wide in [ElementType.float32, .float64] {
      let numbers = (0..<5000).flatMap { step -> [Double] in
        let half = Double(step) * type.leastPositive / 2
        return [half, -half, half * (1 + 0x1p-20), half * (1 - 0x1p-20)]
      }
      try check("\(type) from \(wide)", wide, numbers.map(wide.bits), convert(type))
    }
  }

  /// A sum is rounded once: elements that would vanish one by one count.
  @Test(arguments: types)
  func sums(type: ElementType) throws {
    let small = type == .float16 ? 0x1p-11 : 0x1p-8
    let input = BatchCheck.Input(type, [65]) { _, offset in
      ReferenceScalar(bits: type.bits(offset == 0 ? 1 : small))
    }
    var check = BatchCheck("sum", [input, .numbers(type, [65], in: 0.99, 1.01)]) { trace, x in
      let sum = trace.emit(Reduce(kind: .sum, dimensions: [0]), [x[0]])
      let dot = trace.emit(DotGeneral(contracting: ([0], [0]), batch: ([], [])), x)
      return sum + dot + trace.emit(Reduce(kind: .product, dimensions: [0]), [x[1]])
    }
    check.sizes = [1, 17]
    check.widths = .every
    expectNone(try check.deviceMismatches())
    let result = try Interpreter.run(try check.exampleProgram(), check.inputs.map { $0.example(0) })
    #expect(result[0].numbers == [1 + 64 * small])
  }

  /// A sum of the batch, too, in blocks.
  @Test(arguments: types)
  func collectives(type: ElementType) throws {
    var check = BatchCheck("psum", [.moderate(type, [3])]) { trace, x in
      trace.emit(AxisReduce(kind: .sum, axis: try trace.axes(named: "batch")[0]), x)
    }
    check.usesAxis = true
    check.sizes = [1, 17, 3000]
    expectNone(try check.deviceMismatches(at: [Placement(inAxes: [0], outAxis: 0)]))
  }

  /// Tiles and panels.
  @Test(arguments: types)
  func products(type: ElementType) throws {
    var check = BatchCheck(
      DotGeneral(contracting: ([1], [0]), batch: ([], [])),
      [.moderate(type, [37, 70]), .moderate(type, [70, 100], seed: 1)])
    check.sizes = [3]
    expectNone(try check.deviceMismatches())
  }

  /// Rows of small odd lengths are loaded in blocks of vectors.
  @Test(arguments: types, [2, 3, 5, 9])
  func stridedRows(type: ElementType, length: Int) throws {
    let check = BatchCheck("rows of \(length)", [.moderate(type, [length])]) { trace, x in
      trace.emit(Slice(starts: [0], limits: [1], strides: [1]), x)
        + trace.emit(Reverse(dimensions: [0]), x)
    }
    expectNone(try check.deviceMismatches())
  }

  @Test(arguments: ElementType.allCases.filter(\.isFloating))
  func reducePrecision(type: ElementType) throws {
    let formats = [(5, 10), (5, 3), (8, 7), (8, 23), (11, 52), (1, 3), (8, 0), (2, 1), (20, 60)]
    let special = ConvertTests.pool(type) + Samples.subnormal(type)
    let pool = special + (0..<200).map { Samples.number(type, $0, in: -3, 3) }
    var check = BatchCheck(
      "reduce_precision", [BatchCheck.Input(type, [3]) { pool[($0 * 3 + $1) % pool.count] }]
    ) { trace, x in
      formats.map {
        trace.emit(ReducePrecision(exponentBits: $0.0, mantissaBits: $0.1), x)[0]
      }
    }
    expectNone(try check.interpreterMismatches())
    check.sizes = [3, 100]
    check.widths = .every
    expectNone(try check.deviceMismatches())
  }
}
