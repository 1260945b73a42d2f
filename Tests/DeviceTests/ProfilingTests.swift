import Device
import Testing

@Suite struct ProfilingTests {
  @Test func everyLaunchIsMeasured() throws {
    let context = try makeContext()
    let spin = try context.makeProgram(source: testSource).kernel("spin")
    let data = try context.makeBuffer([Float](repeating: 1, count: 4096))
    func launch(_ steps: Int32, _ placement: Placement) throws {
      try context.launch(
        spin, [.buffer(data), .int32(steps)], global: [4096], local: [64], placement: placement)
    }
    try launch(1, .wide)
    let (result, records) = try context.profileLaunches {
      try launch(10_000, .immediate)
      try launch(10, .wide)
      try launch(10, .immediate)
      return 7
    }
    #expect(result == 7)
    #expect(records.map(\.kernel) == ["spin", "spin", "spin"])
    #expect(records.map(\.isWide) == [!CPU.isPair, true, !CPU.isPair])
    let times = records.map(\.nanoseconds)
    #expect(times.allSatisfy { $0 > 0 })
    #expect(times[0] > times[2] * 10)
    try launch(1, .immediate)
    #expect(context.profileLaunches {}.launches.isEmpty)
  }

  @Test func measuringQueuesExistOnlyOnDemand() throws {
    let faults = FaultyDriver()
    let context = try makeContext(faults)
    let kernel = try context.makeProgram(source: testSource).kernel("spin")
    let data = try context.makeBuffer([Float](repeating: 1, count: 64))
    func launch() throws {
      try context.launch(
        kernel, [.buffer(data), .int32(1)], global: [64], local: [64], placement: .immediate)
    }
    try launch()
    let before = faults.created("queue")
    _ = try context.profileLaunches { try launch() }
    #expect(faults.created("queue") == before + 1)
    #expect(faults.created("event") == 1)
    try launch()
    #expect(faults.created("event") == 1)
    #expect(faults.live["event"] == nil)
  }

  @Test func anErrorEndsTheMeasurement() throws {
    struct Stop: Error {}
    let faults = FaultyDriver()
    let context = try makeContext(faults)
    #expect(throws: Stop.self) { try context.profileLaunches { throw Stop() } }
    let kernel = try context.makeProgram(source: testSource).kernel("spin")
    let data = try context.makeBuffer([Float](repeating: 1, count: 64))
    try context.launch(
      kernel, [.buffer(data), .int32(1)], global: [64], local: [64], placement: .immediate)
    #expect(faults.created("event") == 0)
  }
}
