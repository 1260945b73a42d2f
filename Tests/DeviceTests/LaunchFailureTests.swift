import Testing

@testable import Device

@Suite struct LaunchFailureTests {
  let faults = FaultyDriver()
  let context: Context
  let kernel: Kernel
  let data: Buffer
  let launches = WideLaunches()

  init() throws {
    context = try makeContext(faults)
    launches.watch(context.session)
    // A program of its own: who loads code of one waits for its launches in all contexts.
    kernel = try context.makeProgram(source: testSource + "// \(ObjectIdentifier(faults))\n")
      .kernel("spin")
    data = try context.makeBuffer([Float](repeating: 1, count: 64))
    // The first launch on a device is waited for.
    try launch(.wide)
  }

  private func launch(_ placement: Placement) throws {
    try context.launch(
      kernel, [.buffer(data), .int32(1)], global: [64], local: [64], placement: placement)
  }

  /// Expects the error of the kernel, which nobody else is told.
  private func expectFailure<R>(
    _ location: SourceLocation = #_sourceLocation, _ body: () throws -> R
  ) {
    let error = deviceError(body, location)
    #expect(error?.kind == .launchFailed, sourceLocation: location)
    #expect(error?.message.contains("\"spin\"") == true, sourceLocation: location)
    #expect(error?.statusName == "CL_OUT_OF_HOST_MEMORY", sourceLocation: location)
  }

  @Test func aFailureOnTheWideQueueSurfacesAtEveryReadWithTheKernelsName() throws {
    try launch(.wide)
    // Waiting fails, also the second time, so that the queue may still be at work.
    faults.fail("clFinish", -6, times: 4)
    for _ in 0..<4 { expectFailure { try data.values(as: Float.self) } }
    #expect(faults.calls["clFinish"].map { $0 >= 5 } == true)
  }

  @Test func aFailureOnTheWideQueueIsThatOfAllItsResults() throws {
    let other = try context.makeBuffer([Float](repeating: 1, count: 64))
    let bystander = try context.makeBuffer([Float](repeating: 1, count: 64))
    try launch(.wide)
    try context.launch(
      kernel, [.buffer(other), .int32(1)], global: [64], local: [64], placement: .wide)
    faults.fail("clFinish", -6, times: 1)
    expectFailure { try data.values(as: Float.self) }
    for _ in 0..<2 {
      expectFailure { try other.values(as: Float.self) }
      // What kernels would read of it is nothing to go on with.
      expectFailure { try launch(.wide) }
      expectFailure { try launch(.immediate) }
    }
    // It is told to who waits for everything, once.
    expectFailure { try context.finish() }
    try context.finish()
    #expect(try bystander.values() == [Float](repeating: 1, count: 64))
    // New contents are not concerned.
    try [Float](repeating: 2, count: 64).withUnsafeBytes { try data.write(from: $0) }
    #expect(try data.values() == [Float](repeating: 2, count: 64))
    try launch(.wide)
    _ = try data.values(as: Float.self)
  }

  @Test func aFailureThatAnotherWaitFoundIsNotLost() throws {
    try launch(.wide)
    faults.fail("clFinish", -6, times: 1)
    // Who waits for the launches of a program in all contexts has nobody to tell.
    #expect(launches.settle())
    expectFailure { try data.values(as: Float.self) }
    expectFailure { try context.finish() }
  }

  @Test func memoryThatAFailedKernelWroteCanBeUsedAgain() throws {
    var lost: Buffer? = try context.makeBuffer([Float](repeating: 1, count: 4096))
    if let lost {
      try context.launch(
        kernel, [.buffer(lost), .int32(1)], global: [64], local: [64], placement: .wide)
    }
    faults.fail("clFinish", -6, times: 1)
    #expect(launches.settle())
    lost = nil
    let reused = context.counters.buffersReused
    let buffer = try context.makeBuffer([Float](repeating: 3, count: 4096))
    #expect(context.counters.buffersReused == reused + 1)
    #expect(try buffer.values() == [Float](repeating: 3, count: 4096))
  }

  @Test func whatABoundKernelOnlyReadsOutlivesItsFailure() throws {
    let scale = try context.makeProgram(source: testSource).kernel("scale")
    let workspace = Workspace(context, bufferCount: 2)
    let result = try context.makeBuffer([Float](repeating: 0, count: 64))
    workspace.keep(data, at: 0)
    workspace.keep(result, at: 1)
    func bound(_ placement: Placement) throws -> BoundKernel {
      try BoundKernel(
        scale, in: context, workspace,
        [.buffer(0, .read), .buffer(1, .fill), .value(.float(2)), .value(.int32(64))],
        global: [64], local: [64], placement: placement)
    }
    for placement in [Placement.wide, .immediate] {
      try [Float](repeating: 1, count: 64).withUnsafeBytes { try data.write(from: $0) }
      let wide = try bound(.wide)
      try wide.launch()
      _ = try result.values(as: Float.self)
      try wide.launch()
      faults.fail("clFinish", -14, times: 1)
      #expect(deviceError { try result.values(as: Float.self) }?.kind == .launchFailed)
      #expect(try data.values() == [Float](repeating: 1, count: 64))
      // Nothing of the failed results is left after the next launch.
      try bound(placement).launch()
      #expect(try result.values() == [Float](repeating: 2, count: 64))
    }
  }

  @Test func aLostDeviceStaysLost() throws {
    try launch(.wide)
    faults.fail("clFinish", -36, times: 1)
    #expect(deviceError { try context.finish() }?.kind == .deviceLost)
    let later = [
      deviceError { try data.values(as: Float.self) },
      deviceError { try context.makeBuffer(byteCount: 1) },
      deviceError { try context.makeProgram(source: testSource) },
      deviceError { try launch(.immediate) },
    ]
    for error in later {
      #expect(error?.kind == .deviceLost)
      #expect(error?.message.contains("\"spin\"") == true)
    }
  }

  @Test func aLaunchThatRanOutOfMemoryIsTriedAgainOnce() throws {
    for placement in [Placement.immediate, .wide] {
      faults.fail("clEnqueueNDRangeKernel", -4, times: 1)
      try launch(placement)
      faults.fail("clEnqueueNDRangeKernel", -4)
      let error = deviceError { try launch(placement) }
      #expect(error?.kind == .launchFailed)
      #expect(error?.message.contains("\"spin\"") == true)
      #expect(error?.statusName == "CL_MEM_OBJECT_ALLOCATION_FAILURE")
      faults.heal()
    }
  }
}
