import Testing

@testable import VMap
@testable import VMapTestSupport

/// Every elementwise operation, several to a program, since a compilation costs more than a run.
@Suite struct ElementwiseTests {
  /// The types that run on the device; the others in the interpreter only.
  static let onDevice: [ElementType] = [
    .float16, .bfloat16, .float32, .float64, .int32, .int8, .uint8, .uint64, .complex64,
    .complex128,
    .bool,
  ]

  /// The operations with so many operands of one type.
  static func operations(_ type: ElementType, arity: Int) -> [Elementwise] {
    Elementwise.all.filter { operation in
      operation.signature.arity == arity
        && operation.signature.result([ElementType](repeating: type, count: arity)) != nil
    }
  }

  /// Types of each size and kind run at every lane width.
  static func widths(_ type: ElementType) -> BatchCheck.Widths {
    [.float16, .bfloat16, .float32, .int8, .bool].contains(type) ? .every : .scalar
  }

  /// A check of several operations at once, on the same operands.
  static func check(
    _ operations: some Collection<Elementwise>, _ inputs: [BatchCheck.Input]
  ) -> BatchCheck {
    BatchCheck(operations.map(\.name).joined(separator: ","), inputs) { trace, handles in
      operations.map { trace.emit($0, handles)[0] }
    }
  }

  /// Operations in groups that compile in reasonable time.
  static func groups(_ operations: [Elementwise]) -> [ArraySlice<Elementwise>] {
    stride(from: 0, to: operations.count, by: 10).map { operations[$0...].prefix(10) }
  }

  @Test(arguments: ElementType.allCases, 1...3)
  func everyPlacement(type: ElementType, arity: Int) throws {
    let operations = Self.operations(type, arity: arity)
    if operations.isEmpty { return }
    let shapes = [[[2, 3]], [[2, 3], [2, 3]], [[3], [], [3]]][arity - 1]
    let inputs = shapes.enumerated().map { BatchCheck.Input.moderate(type, $1, seed: $0) }
    expectNone(try Self.check(operations, inputs).interpreterMismatches())
  }

  @Test(arguments: onDevice)
  func unaryOnDevice(type: ElementType) throws {
    let pool = Samples.special(type)
    let input = BatchCheck.Input(type, [5]) { example, offset in
      let number = example * 5 + offset
      if number < pool.count { return pool[number] }
      return number % 2 == 0 && type.isFloating
        ? Samples.number(type, number, in: -1, 1) : Samples.moderate(type, number)
    }
    let checks = Self.groups(Self.operations(type, arity: 1)).map { group in
      var check = Self.check(group, [input])
      check.widths = Self.widths(type)
      return check
    }
    expectNone(try checks.deviceMismatches())
  }

  /// Every pair of special values.
  @Test(arguments: onDevice)
  func binaryOnDevice(type: ElementType) throws {
    let pool = Samples.special(type)
    let a = BatchCheck.Input(type, [pool.count]) { pool[$1] }
    let b = BatchCheck.Input(type, [pool.count]) { pool[($0 + $1) % pool.count] }
    let checks = Self.groups(Self.operations(type, arity: 2)).map { group in
      var check = Self.check(group, [a, b])
      check.sizes = [3, 64]
      check.widths = Self.widths(type)
      return check
    }
    expectNone(try checks.deviceMismatches())
  }

  @Test(arguments: onDevice)
  func binaryWithScalarOnDevice(type: ElementType) throws {
    let inputs: [BatchCheck.Input] = [.moderate(type, [2, 3]), .moderate(type, [], seed: 1)]
    let checks = Self.groups(Self.operations(type, arity: 2)).map { group in
      var check = Self.check(group, inputs)
      check.widths = .own
      return check
    }
    expectNone(try checks.deviceMismatches())
  }

  @Test(arguments: onDevice)
  func ternaryOnDevice(type: ElementType) throws {
    let pool = Samples.special(type)
    let inputs = [1, 5, 11].map { step in
      BatchCheck.Input(type, [3]) { pool[($0 * 3 + $1 + $0 * $0 / step) % pool.count] }
    }
    var operations = Self.operations(type, arity: 3)
    operations.removeAll { $0.name == "select" }
    if !operations.isEmpty {
      expectNone(try Self.check(operations, inputs).deviceMismatches())
    }
  }

  /// With a condition for each element, and with one for all.
  @Test(arguments: ElementType.allCases)
  func select(type: ElementType) throws {
    let choices = [1, 2].map { BatchCheck.Input.moderate(type, [4], seed: $0) }
    let condition = BatchCheck.Input.moderate(.bool, [4])
    expectNone(try BatchCheck(Elementwise.choice, [condition] + choices).interpreterMismatches())
    guard Self.onDevice.contains(type) else { return }
    var check = BatchCheck("select", [condition, .moderate(.bool, [])] + choices) { trace, x in
      x[..<2].map { trace.emit(Elementwise.choice, [$0, x[2], x[3]])[0] }
    }
    check.widths = Self.widths(type)
    expectNone(try check.deviceMismatches(at: check.representatives))
  }

  @Test(arguments: [ElementType.float16, .bfloat16, .float32, .float64])
  func subnormalNumbers(type: ElementType) throws {
    let pool = Samples.subnormal(type) + Samples.special(type).prefix(4)
    let a = BatchCheck.Input(type, [pool.count]) { pool[$1] }
    let b = BatchCheck.Input(type, [pool.count]) { pool[($0 + $1) % pool.count] }
    let names: Set = ["add", "sub", "mul", "max", "min", "lt", "eq"]
    let operations = Self.operations(type, arity: 2).filter { names.contains($0.name) }
    var check = Self.check(operations, [a, b])
    check.sizes = [17]
    expectNone(try check.deviceMismatches())
  }

  /// A product with the reciprocal is to be the same number, where one is made.
  @Test(arguments: [ElementType.float16, .bfloat16, .float32, .float64])
  func quotientsByConstants(type: ElementType) throws {
    let pool = Samples.special(type) + Samples.subnormal(type)
    let divisors = [2, 0.5, 1, -8, 3, 0, 0x1p-14, 0x1p14, 0x1p15, -0x1p-126, 0x1p127, 0x1p-140]
    let input = BatchCheck.Input(type, [pool.count]) { pool[$1] }
    var check = BatchCheck("div", [input]) { _, x in
      try divisors.map { try .elementwise("div", x[0], .constant($0, type)) }
    }
    check.sizes = [1, 17]
    expectNone(try check.deviceMismatches())
  }

  @Test(arguments: [ElementType.float32, .int32, .bool], [0, 1])
  func emptyDimensions(type: ElementType, rank: Int) throws {
    let operations = Self.operations(type, arity: 2).prefix(3)
    let shape = rank == 0 ? [0] : [2, 0]
    let check = Self.check(operations, [.moderate(type, shape), .moderate(type, shape, seed: 1)])
    expectNone(try check.mismatches())
  }

  @Test(arguments: ElementType.allCases.filter { $0 != .bool })
  func integerPower(type: ElementType) throws {
    let exponents = [0, 1, 2, 3, 7, 10] + (type.isFloating ? [-1, -3] : [])
    let check = BatchCheck("integer_pow", [.moderate(type, [3])]) { trace, x in
      exponents.map { trace.emit(IntegerPower(exponent: $0), x)[0] }
    }
    expectNone(try check.interpreterMismatches())
    if Self.onDevice.contains(type) { expectNone(try check.deviceMismatches()) }
  }

  /// Several operations in one kernel, where errors add up.
  @Test(arguments: [ElementType.float16, .bfloat16, .float32, .float64])
  func chain(type: ElementType) throws {
    let check = BatchCheck(
      "chain", [.moderate(type, [5]), .moderate(type, [5], seed: 1)]
    ) { trace, x in
      func apply(_ name: String, _ operands: TensorHandle...) throws -> TensorHandle {
        trace.emit(
          try Elementwise.make(name: name, attributes: Attributes(operation: name, [])), operands)[
            0]
      }
      let tangent = try apply("tanh", try apply("mul", x[0], x[1]))
      let sum = try apply("add", tangent, try apply("exp", x[1]))
      return [try apply("log", try apply("abs", try apply("sub", sum, x[0]))), tangent]
    }
    expectNone(try check.mismatches())
  }
}
