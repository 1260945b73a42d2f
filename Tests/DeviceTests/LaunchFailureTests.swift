import Device
import Testing

@Suite struct LaunchFailureTests {
  let faults = FaultyDriver()
  let context: Context
  let kernel: Kernel
  let data: Buffer

  init() throws {
    context = try makeContext(faults)
    kernel = try context.makeProgram(source: testSource).kernel("spin")
    data = try context.makeBuffer([Float](repeating: 1, count: 64))
    // The first launch on a device is waited for.
    try launch(.wide)
  }

  private func launch(_ placement: Placement) throws {
    try context.launch(
      kernel, [.buffer(data), .int32(1)], global: [64], local: [64], placement: placement)
  }

  @Test func aFailureOnTheWideQueueSurfacesAtTheReadWithTheKernelsName() throws {
    try launch(.wide)
    faults.fail("clFinish", -6, times: 2)
    for _ in 0..<2 {
      let error = deviceError { try data.values(as: Float.self) }
      #expect(error?.kind == .launchFailed)
      #expect(error?.message.contains("\"spin\"") == true)
      #expect(error?.statusName == "CL_OUT_OF_HOST_MEMORY")
    }
    #expect(try data.values(as: Float.self).count == 64)
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
