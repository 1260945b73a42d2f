import Device
import Testing

@Suite struct LeakTests {
  /// A bit of everything, so that every call of the driver is made.
  private func work(_ faults: FaultyDriver, objects: Bool, cache: String) throws {
    let context = try makeContext(faults) {
      $0.usesMemoryObjects = objects
      $0.cacheDirectory = cache
    }
    defer { context.flushPrograms() }
    let program = try context.makeProgram(source: testSource)
    let kernel = try program.kernel("scale")
    let data = try context.makeBuffer([Float](repeating: 1, count: 256))
    let arguments: [Argument] = [
      .buffer(data), .buffer(data, byteOffset: 512), .float(2), .int32(64),
    ]
    for placement in [Placement.immediate, .wide] {
      try context.launch(kernel, arguments, global: [64], local: [64], placement: placement)
      _ = try data.values(as: Float.self)
    }
    _ = try context.profileLaunches {
      try context.launch(kernel, arguments, global: [64], local: [64], placement: .immediate)
    }
    _ = try? context.makeProgram(source: "kernel void broken( {")
    try context.launch(kernel, arguments, global: [64], local: [64], placement: .wide)
  }

  @Test(arguments: [false, true]) func everythingIsReleasedOnce(objects: Bool) throws {
    let directory = try TemporaryDirectory()
    for _ in 0..<2 {
      let faults = FaultyDriver()
      try work(faults, objects: objects, cache: directory.path)
      #expect(faults.live.isEmpty)
      let memory = objects ? "buffer" : "shared"
      for kind in ["context", "queue", "program", "kernel", "event", memory] {
        #expect(faults.created(kind) > 0, "\(kind)")
      }
    }
  }

  /// Makes every single call fail in turn.
  @Test(arguments: [false, true]) func everythingIsReleasedWhateverFails(objects: Bool) throws {
    let rehearsal = FaultyDriver()
    try work(rehearsal, objects: objects, cache: "")
    var failures = 0
    for (function, count) in rehearsal.calls where !function.contains("Info") {
      for position in 0..<count {
        for (status, times) in [(Int32(-5), 1), (-6, Int.max)] {
          let faults = FaultyDriver()
          faults.fail(function, status, skip: position, times: times)
          do {
            try work(faults, objects: objects, cache: "")
          } catch let error as DeviceError {
            failures += 1
            #expect(!error.message.isEmpty)
          }
          #expect(faults.live.isEmpty, "\(function) call \(position) failing with \(status)")
        }
      }
    }
    #expect(failures > 30)
  }

  /// The calls that only ask for something.
  @Test(arguments: [
    "clGetPlatformInfo", "clGetDeviceInfo", "clGetProgramInfo", "clGetProgramBuildInfo",
    "clGetKernelInfo", "clGetEventProfilingInfo",
  ]) func everythingIsReleasedWhateverIsUnknown(function: String) throws {
    for position in 0..<3 {
      let directory = try TemporaryDirectory()
      let faults = FaultyDriver()
      faults.fail(function, -30, skip: position)
      do {
        try work(faults, objects: false, cache: directory.path)
      } catch let error as DeviceError {
        #expect(error.status == -30)
      }
      #expect(faults.live.isEmpty, "call \(position)")
    }
  }
}
