import Testing

@testable import Device

/// Launches beside those that make the driver load code.
@Suite struct LaunchGateTests {
  /// PoCL keeps a kernel's code apart for larger grids, and must not mix the two up.
  @Test(arguments: [Placement.immediate, .wide])
  func gridsGrowWhileSmallerOnesRun(placement: Placement) async {
    let isWide = placement == .wide
    await #expect(processExitsWith: .success) { [isWide = isWide as Bool] in
      // Each context has a wide queue of its own.
      let contexts = try (0..<(isWide ? 3 : 1)).map { _ in try makeContext() }
      try await launchSideBySide(on: contexts, isWide ? .wide : .immediate)
    }
  }

  /// With many codes PoCL drops those that no launch runs, also the one for the largest grid.
  @Test func smallGridsRunAfterTheCodeForLargeOnesWasDropped() async {
    await #expect(processExitsWith: .success) {
      let context = try makeContext()
      let program = try context.makeProgram(source: testSource)
      let data = try context.makeBuffer([Float](repeating: 1, count: 1 << 14))
      func launch(_ name: String, _ arguments: [Argument], groups: Int) throws {
        try context.launch(
          program.kernel(name), arguments, global: [64 * groups], local: [64],
          placement: .immediate)
      }
      try launch("spin", [.buffer(data), .int32(1)], groups: 200)
      for groups in 1...140 {
        try launch(
          "scale", [.buffer(data), .buffer(data), .float(1), .int32(64)], groups: groups)
      }
      try await launchSideBySide(on: [context], .immediate)
    }
  }

  @Test func whoWantsToBeAloneCanGiveUp() throws {
    let faults = FaultyDriver()
    let context = try makeContext(faults)
    let gate = LaunchGate()
    gate.enter()
    let isDone = gate.alone(until: Deadline(after: 10_000_000)) { true }
    gate.leave()
    #expect(isDone == nil)
    #expect(gate.alone(until: Deadline(after: 60_000_000_000)) { true } == true)
    // A kernel that takes longer than one would wait for it.
    let kernel = try context.makeProgram(source: testSource, first: .wide).kernel("spin")
    let data = try context.makeBuffer([Float](repeating: 1, count: 1 << 12))
    for steps: Int32 in [1, 100_000] {
      try context.launch(
        kernel, [.buffer(data), .int32(steps)], global: [1 << 12], local: [64], placement: .wide)
    }
    let launches = WideLaunches()
    launches.watch(context.session)
    let isSettled = launches.settle(until: Deadline(after: 10_000_000))
    #expect(!isSettled || !context.session.hasPendingLaunches)
    try context.finish()
  }
}

/// Launches a kernel from three threads, over more and more work-items.
private func launchSideBySide(on contexts: [Context], _ placement: Placement) async throws {
  try await withThrowingTaskGroup(of: Void.self) { group in
    for task in 0..<3 {
      let context = contexts[task % contexts.count]
      group.addTask {
        let kernel = try context.makeProgram(source: testSource).kernel("spin")
        let data = try context.makeBuffer([Float](repeating: 1, count: 1 << 14))
        for step in 1...100 {
          try context.launch(
            kernel, [.buffer(data), .int32(2_000)], global: [64 * (task + step)], local: [64],
            placement: placement)
        }
        try data.wait()
      }
    }
    try await group.waitForAll()
  }
}
