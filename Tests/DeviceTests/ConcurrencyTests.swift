import Device
import Testing

@Suite struct ConcurrencyTests {
  @Test(arguments: [false, true]) func eightTasksLaunchAtOnce(memoryObjects: Bool) async throws {
    let context = try makeContext { $0.usesMemoryObjects = memoryObjects }
    let kernel = try context.makeProgram(source: testSource).kernel("scale")
    let shared = try context.makeBuffer((0..<256).map { Float($0) })
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for task in 0..<8 {
        group.addTask {
          for step in 0..<200 {
            let out = try context.makeBuffer(byteCount: 1024)
            let factor = Float(task * 1000 + step)
            try context.launch(
              kernel, [.buffer(shared), .buffer(out), .float(factor), .int32(256)],
              global: [256], local: [64], placement: (task + step) % 3 == 0 ? .wide : .immediate)
            let products = try out.values(as: Float.self)
            guard products == (0..<256).map({ Float($0) * factor }) else { return false }
          }
          return true
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
    #expect(context.counters.launches == 1600)
    #expect(context.counters.buffersLive == 1)
  }

  @Test func manyThreadsAskForTheSameProgramAndKernel() async throws {
    let context = try makeContext()
    let source = testSource + "\n// asked for by many threads"
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let kernel = try context.makeProgram(source: source).kernel("spin")
          let data = try context.makeBuffer([Float](repeating: 1, count: 64))
          try context.launch(
            kernel, [.buffer(data), .int32(1)], global: [64], local: [64], placement: .immediate)
        }
      }
      try await group.waitForAll()
    }
    let one = try context.makeProgram(source: source)
    #expect(try context.makeProgram(source: source) === one)
  }

  @Test func buffersReturnToThePoolWhileTheWideQueueUsesThem() throws {
    let context = try makeContext()
    let program = try context.makeProgram(source: testSource, first: .wide)
    let spin = try program.kernel("spin")
    let scale = try program.kernel("scale")
    for round in 0..<20 {
      try launchAndForget(context, spin)
      // The pool may hand out the memory that `spin` still works on.
      let data = try context.makeBuffer([Float](repeating: Float(round), count: 4096))
      let out = try context.makeBuffer(byteCount: 4096 * 4)
      try context.launch(
        scale, [.buffer(data), .buffer(out), .float(1), .int32(4096)], global: [4096],
        local: [64], placement: .immediate)
      #expect(try out.values() == [Float](repeating: Float(round), count: 4096))
    }
    #expect(context.counters.buffersReused > 0)
  }

  private func launchAndForget(_ context: Context, _ spin: Kernel) throws {
    let data = try context.makeBuffer([Float](repeating: 1, count: 4096))
    try context.launch(
      spin, [.buffer(data), .int32(20_000)], global: [4096], local: [64], placement: .wide)
  }
}
