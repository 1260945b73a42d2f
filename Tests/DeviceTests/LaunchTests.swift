import Device
import Testing

@Suite struct LaunchTests {
  let values = (0..<1000).map { Float($0) * 0.37 - 100 }

  @Test(arguments: [false, true]) func placementsGiveTheSameBits(memoryObjects: Bool) throws {
    let context = try makeContext { $0.usesMemoryObjects = memoryObjects }
    let kernel = try context.makeProgram(source: testSource).kernel("scale")
    let input = try context.makeBuffer(values)
    for placement in [
      Placement.immediate, .wide, .automatic(estimatedMicroseconds: 1),
      .automatic(estimatedMicroseconds: 1000),
    ] {
      let output = try context.makeBuffer([Float](repeating: .nan, count: values.count))
      try context.launch(
        kernel, [.buffer(input), .buffer(output), .float(1.7), .int32(Int32(values.count))],
        global: [1024], local: [64], placement: placement)
      #expect(try output.values() == values.map { $0 * 1.7 })
    }
    #expect(context.counters.launches == 4)
    #expect(context.counters.launchesWide == (CPU.isPair ? 2 : 4))
    #expect(context.profile.sharesHostMemory == !memoryObjects)
  }

  @Test func everyArgumentKindArrives() throws {
    let source = """
      kernel void take(global double *out, int a, long b, uint c, ulong d, float e, double f,
                       int4 g) {
        out[0] = a; out[1] = b; out[2] = c; out[3] = d; out[4] = e; out[5] = f;
        out[6] = g.x + 10 * g.y + 100 * g.z + 1000 * g.w;
      }
      """
    let context = try makeContext()
    let kernel = try context.makeProgram(source: source).kernel("take")
    let out = try context.makeBuffer([Double](repeating: 0, count: 7))
    let vector = [Int32(1), 2, 3, 4].withUnsafeBytes { Array($0) }
    try context.launch(
      kernel,
      [
        .buffer(out), .int32(-1), .int64(-2), .uint32(3), .uint64(4), .float(0.5), .double(0.25),
        .bytes(vector),
      ], global: [1], local: [1], placement: .immediate)
    #expect(try out.values(as: Double.self) == [-1, -2, 3, 4, 0.5, 0.25, 4321])
  }

  @Test(arguments: [false, true], [Placement.immediate, .wide])
  func bufferOffsetsShiftTheParameter(memoryObjects: Bool, placement: Placement) throws {
    let context = try makeContext { $0.usesMemoryObjects = memoryObjects }
    let kernel = try context.makeProgram(source: testSource).kernel("scale")
    let data = try context.makeBuffer((0..<256).map { Float($0) })
    try context.launch(
      kernel, [.buffer(data, byteOffset: 512), .buffer(data), .float(1), .int32(64)],
      global: [64], local: [64], placement: placement)
    #expect(try Array(data.values(as: Float.self)[..<65]) == (128..<192).map { Float($0) } + [64])
    let error = deviceError {
      try context.launch(
        kernel, [.buffer(data, byteOffset: 1025), .buffer(data), .float(1), .int32(64)],
        global: [64], local: [64], placement: placement)
    }
    #expect(error?.kind == .invalidArgument)
  }

  @Test func launchesThatShareBuffersTakeEffectInOrder() throws {
    let context = try makeContext()
    let kernel = try context.makeProgram(source: testSource).kernel("scale")
    let a = try context.makeBuffer([Float](repeating: 1, count: 4096))
    let b = try context.makeBuffer([Float](repeating: 0, count: 4096))
    for step in 0..<40 {
      let placement: Placement = step % 3 == 0 ? .immediate : .wide
      let (from, to) = step % 2 == 0 ? (a, b) : (b, a)
      try context.launch(
        kernel, [.buffer(from), .buffer(to), .float(step % 4 < 2 ? 2 : 0.5), .int32(4096)],
        global: [4096], local: [64], placement: placement)
    }
    #expect(try a.values(as: Float.self) == [Float](repeating: 1, count: 4096))
  }

  @Test func aHostWriteWaitsForWideReaders() throws {
    let context = try makeContext()
    let program = try context.makeProgram(source: testSource, first: .wide)
    let spin = try program.kernel("spin")
    let data = try context.makeBuffer([Float](repeating: 0, count: 1 << 16))
    // The first launch is waited for, the second one still runs when it returns.
    for steps: Int32 in [1, 3000] {
      try context.launch(
        spin, [.buffer(data), .int32(steps)], global: [1 << 16], local: [64], placement: .wide)
    }
    // Without waiting, the kernel would overwrite these ones.
    try [Float](repeating: 5, count: 1 << 16).withUnsafeBytes { try data.write(from: $0) }
    #expect(try data.values(as: Float.self) == [Float](repeating: 5, count: 1 << 16))
  }

  @Test func anEmptyLaunchDoesNotReachTheDriver() throws {
    let faults = FaultyDriver()
    let context = try makeContext(faults)
    let kernel = try context.makeProgram(source: testSource).kernel("scale")
    let buffer = try context.makeBuffer(byteCount: 0)
    for global in [[0], [0, 64], [64, 0, 1]] {
      for placement in [Placement.immediate, .wide] {
        try context.launch(
          kernel, [.buffer(buffer), .buffer(buffer), .float(1), .int32(0)], global: global,
          local: Array(repeating: 1, count: global.count), placement: placement)
      }
    }
    #expect(faults.calls["clEnqueueNDRangeKernel"] == nil)
    #expect(context.counters.launches == 0)
  }

  @Test(arguments: [
    ([65], [64]), ([], []), ([1, 1, 1, 1], [1, 1, 1, 1]), ([64], [8, 8]), ([64], [0]),
    ([-64], [64]), ([1 << 20], [1 << 20]), ([64, 64], [-1, -1]), ([Int.min], [1]),
    ([0], [0]), ([Int.max, 2, 2], [Int.max, 2, 2]),
  ]) func sizesThatDoNotFitAreRejected(global: [Int], local: [Int]) throws {
    let context = try makeContext()
    let kernel = try context.makeProgram(source: testSource).kernel("spin")
    let data = try context.makeBuffer(byteCount: 256)
    let error = deviceError {
      try context.launch(
        kernel, [.buffer(data), .int32(1)], global: global, local: local, placement: .immediate)
    }
    #expect(error?.kind == .invalidArgument)
    #expect(error?.message.contains("spin") == true)
  }

  @Test func tooManyGroupsAreRejected() throws {
    let context = try makeContext()
    let kernel = try context.makeProgram(source: testSource).kernel("spin")
    let data = try context.makeBuffer(byteCount: 256)
    for global in [[1 << 32], [1 << 16, 1 << 16], [Int.max, Int.max]] {
      let error = deviceError {
        try context.launch(
          kernel, [.buffer(data), .int32(1)], global: global,
          local: Array(repeating: 1, count: global.count), placement: .wide)
      }
      #expect(error?.kind == .sizeOverflow)
    }
  }

  @Test func argumentsThatDoNotFitAreRejected() throws {
    let context = try makeContext()
    let other = try makeContext()
    let kernel = try context.makeProgram(source: testSource).kernel("spin")
    let data = try context.makeBuffer(byteCount: 256)
    let foreign = try other.makeBuffer(byteCount: 256)
    // The arguments of an earlier launch must not stand in for missing ones.
    try context.launch(
      kernel, [.buffer(data), .int32(1)], global: [64], local: [64], placement: .immediate)
    let large = [UInt8](repeating: 0, count: context.profile.maximumArgumentBytes)
    let lists: [[Argument]] = [
      [.buffer(data), .double(1)], [.buffer(data), .int32(1), .int32(1)], [.buffer(data)],
      [.buffer(foreign), .int32(1)], [.buffer(data), .bytes([])],
      [.buffer(data, byteOffset: -1), .int32(1)], [.buffer(data), .bytes(large)],
    ]
    for (index, list) in lists.enumerated() {
      let error = deviceError {
        try context.launch(kernel, list, global: [64], local: [64], placement: .immediate)
      }
      #expect(error?.kind == .invalidArgument, "list \(index)")
    }
    let error = deviceError {
      try other.launch(
        kernel, [.buffer(foreign), .int32(1)], global: [64], local: [64], placement: .wide)
    }
    #expect(error?.kind == .invalidArgument)
  }
}
