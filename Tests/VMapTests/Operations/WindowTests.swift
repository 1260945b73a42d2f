import Device
import Testing

@testable import VMap
@testable import VMapTestSupport

@Suite struct GatherTests {
  @Test func gather() throws {
    let checks = WindowSamples.all.map { sample in
      var check = BatchCheck(
        Gather(dimensions: sample.dimensions, sizes: sample.sizes),
        [.moderate(.float32, sample.operand), TakeTests.indices(.int32, sample.indices)])
      check.widths = sample.name == "windows" ? .every : .scalar
      return check
    }
    expectNone(try checks.mismatches())
  }

  @Test func indexTypes() throws {
    let sample = WindowSamples.all[4]
    let checks = ElementType.allCases.filter(\.isInteger).map { type in
      var check = BatchCheck(
        Gather(dimensions: sample.dimensions, sizes: sample.sizes),
        [.moderate(.int16, sample.operand), TakeTests.indices(type, sample.indices)])
      check.widths = .own
      return check
    }
    expectNone(try checks.mismatches())
  }
}

@Suite struct ScatterTests {
  @Test(arguments: ["set", "add"])
  func scatter(function: String) throws {
    let checks = WindowSamples.all.map { sample in
      var check = sample.scatter(.float32, WindowSamples.combine(function))
      check.widths = function == "set" && sample.name == "rows" ? .every : .own
      return check
    }
    expectNone(try checks.mismatches())
  }

  /// Elements are replaced in place, at every width, with lanes along the batch or along rows.
  @Test(arguments: ["set", "add"])
  func inPlace(function: String) throws {
    let target = try #require(DeviceRun.targets.first)
    let checks = try WindowSamples.many.map { sample in
      var check = sample.scatter(.float32, WindowSamples.combine(function))
      check.sizes = [0, 1, 17, 33]
      check.widths = .every
      let program = try check.program(Placement(inAxes: [0, 0, 0], outAxis: 0))
      #expect(
        try Planner.plan(program, for: target.context.profile).plan.kernels.contains {
          $0.replacement != nil
        }, "\(sample.name)")
      return check
    }
    expectNone(try checks.deviceMismatches())
  }

  @Test func inPlaceTypes() throws {
    let types: [ElementType] = [.bool, .int8, .int64, .uint16, .float64, .bfloat16, .complex64]
    let checks = types.map { type in
      var check = WindowSamples.many[1].scatter(type, count: 2) { elements in
        let function = type.isComplex ? "add" : "max"
        return [elements[3], try .elementwise(function, elements[1], elements[2])]
      }
      check.sizes = [1, 17]
      return check
    }
    expectNone(try checks.deviceMismatches(at: [Placement(inAxes: [0, 0, nil, 0, 0], outAxis: 0)]))
  }

  @Test(arguments: [true, false])
  func elementTypes(sets: Bool) throws {
    let checks = ElementType.allCases.map { type in
      let function = sets ? "set" : type.isComplex ? "add" : "max"
      var check = WindowSamples.all[4].scatter(type, WindowSamples.combine(function))
      check.widths = .own
      check.sizes = [17]
      return check
    }
    expectNone(try checks.deviceMismatches())
  }

  /// The numbers of hostile indices are far outside.
  @Test func indexTypes() throws {
    let types = ElementType.allCases.filter(\.isInteger)
    let few = [0, 4].flatMap { number in
      types.map { type in
        var check = WindowSamples.all[number].scatter(
          .int32, index: type, WindowSamples.combine("sub"))
        check.widths = .own
        return check
      }
    }
    expectNone(try few.mismatches())
    let many = types.map { type in
      var check = WindowSamples.many[2].scatter(.int32, index: type, WindowSamples.combine("sub"))
      check.widths = .own
      check.sizes = [17]
      return check
    }
    expectNone(try many.deviceMismatches())
  }

  /// More elements than an index of a small type can count.
  @Test func smallIndexTypeIntoLongDimension() throws {
    let sample = WindowSamples.Sample(
      "long", [300], [5, 1], sizes: [3], window: [1], indexed: [0], vector: 1)
    for type in [ElementType.int8, .uint8] {
      var check = sample.scatter(.int32, index: type, WindowSamples.combine("add"))
      check.sizes = [3, 17]
      expectNone(try check.deviceMismatches())
    }
  }

  /// Two tensors at once, each of whose new elements depends on both.
  @Test func severalTensors() throws {
    let check = WindowSamples.all[3].scatter(.int32, count: 2) { elements in
      let product = try TensorHandle.elementwise("mul", elements[0], elements[3])
      return [
        try .elementwise("add", product, elements[2]),
        try .elementwise("max", elements[1], elements[2]),
      ]
    }
    expectNone(try check.mismatches())
  }

  /// The function may use values around it, which vary, too.
  @Test func captures() throws {
    let sample = WindowSamples.all[0]
    let inputs: [BatchCheck.Input] = [
      .moderate(.int32, [5]), TakeTests.indices(.int32, [4, 1]), .moderate(.int32, [4], seed: 1),
      .moderate(.int32, [], seed: 2),
    ]
    let check = BatchCheck("scatter with captures", inputs) { trace, handles in
      try trace.emit(
        Scatter(dimensions: sample.dimensions), Array(handles[..<3]),
        elementRegions: [
          { elements in
            let scaled = try TensorHandle.elementwise("mul", elements[0], handles[3])
            return [try .elementwise("sub", scaled, elements[1])]
          }
        ])
    }
    expectNone(try check.mismatches())
  }

  /// What is scattered is used by a product, and is the state of a loop.
  @Test func amongOthers() throws {
    let sample = WindowSamples.all[3]
    let inputs: [BatchCheck.Input] = [
      .moderate(.int32, [4, 3]), TakeTests.indices(.int32, [5, 1]),
      .moderate(.int32, [5, 3], seed: 1), .moderate(.int32, [3, 4], seed: 2),
    ]
    let check = BatchCheck("scatter among others", inputs) { trace, handles in
      func scattered(_ operand: TensorHandle) throws -> TensorHandle {
        try trace.emit(
          Scatter(dimensions: sample.dimensions), [operand, handles[1], handles[2]],
          elementRegions: [WindowSamples.combine("add")])[0]
      }
      let product = DotGeneral(contracting: ([1], [0]), batch: ([], []))
      let zero = TensorHandle.constant(0, .int32)
      let loop = LoopDescription(
        name: "loop", paths: ["x", "i"],
        condition: { try .elementwise("lt", $0[1], .constant(3, .int32)) },
        body: { [try scattered($0[0]), try .elementwise("add", $0[1], .constant(1, .int32))] })
      let state = try trace.loop(loop, from: [try scattered(handles[0]), zero])
      return [trace.emit(product, [try scattered(handles[0]), handles[3]])[0], state[0]]
    }
    expectNone(try check.mismatches())
  }
}

@Suite struct DynamicSliceTests {
  static let cases: [(shape: [Int], sizes: [Int])] = [
    ([5], [2]), ([4, 3], [2, 3]), ([4, 3], [1, 2]), ([], []), ([3, 0], [2, 0]), ([3], [0]),
    ([2, 3, 4], [2, 1, 4]),
  ]

  private func starts(_ count: Int, _ type: ElementType) -> [BatchCheck.Input] {
    (0..<count).map { number in
      let base = TakeTests.indices(type, [])
      return BatchCheck.Input(type, []) { example, offset in
        base.value(example + number, offset)
      }
    }
  }

  @Test(arguments: [ElementType.int32, .int8, .uint8, .int64, .uint64])
  func slices(type: ElementType) throws {
    var onDevice: [BatchCheck] = []
    for (number, entry) in Self.cases.enumerated() {
      let starts = starts(entry.shape.count, type)
      var checks = [
        BatchCheck(DynamicSlice(sizes: entry.sizes), [.moderate(.float32, entry.shape)] + starts),
        BatchCheck(
          DynamicUpdateSlice(),
          [.moderate(.float32, entry.shape), .moderate(.float32, entry.sizes, seed: 1)] + starts),
      ]
      for check in checks.indices {
        checks[check].widths = number == 1 && type == .int32 ? .every : .own
        if number < 3 || type == .int32 { onDevice.append(checks[check]) }
        if number != 6 || type == .int32 { expectNone(try checks[check].interpreterMismatches()) }
      }
    }
    expectNone(try onDevice.deviceMismatches())
  }

  @Test func elementTypes() throws {
    let starts = starts(2, .int32)
    var checks = ElementType.allCases.flatMap { type in
      [
        BatchCheck(DynamicSlice(sizes: [2, 1]), [.moderate(type, [3, 3])] + starts),
        BatchCheck(
          DynamicUpdateSlice(),
          [.moderate(type, [3, 3]), .moderate(type, [2, 1], seed: 1)] + starts),
      ]
    }
    for number in checks.indices { checks[number].widths = .own }
    expectNone(try checks.deviceMismatches())
  }
}
