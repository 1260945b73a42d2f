import Glibc
import Testing

@testable import Device

/// What can only be seen in a process of its own.
@Suite struct ProcessTests {
  @Test func theDriversEnvironmentIsPreparedButNotOverridden() async {
    await #expect(processExitsWith: .success) {
      unsetenv("POCL_DEVICES")
      unsetenv("POCL_CACHE_DIR")
      setenv("HOME", "/", 1)
      setenv("POCL_WORK_GROUP_SPECIALIZATION", "1", 1)
      ProcessEnvironment.prepare()
      #expect(ProcessEnvironment.value("POCL_DEVICES") == "basic pthread cpu-minimal cpu")
      #expect(ProcessEnvironment.value("POCL_WORK_GROUP_SPECIALIZATION") == "1")
      #expect(ProcessEnvironment.value("POCL_CACHE_DIR") == nil)
    }
  }

  @Test func withoutAHomeTheDriversCacheIsPrivate() async throws {
    let directory = try TemporaryDirectory()
    await #expect(processExitsWith: .success) { [path = directory.path as String] in
      for name in ["HOME", "XDG_CACHE_HOME", "POCL_CACHE_DIR", "VMAP_CACHE_DIR", "VMAP_CACHE"] {
        unsetenv(name)
      }
      setenv("TMPDIR", path, 1)
      #expect(try Context(device: "cpu").cacheDirectory == nil)
      let cache = try #require(ProcessEnvironment.value("POCL_CACHE_DIR"))
      #expect(cache.hasPrefix(path))
      #expect(PrivateDirectory(creating: cache) != nil)
    }
    #expect(directory.names == ["vmap-pocl-\(geteuid())"])
  }

  @Test(
    .enabled(if: CPU.isPoCL, "the devices are PoCL's"), arguments: ["basic", "pthread"])
  func oneDeviceOfThePairIsEnough(name: String) async {
    await #expect(processExitsWith: .success) { [name = name as String] in
      setenv("POCL_DEVICES", name, 1)
      let context = try makeContext()
      #expect(context.deviceName.hasPrefix(name))
      let kernel = try context.makeProgram(source: testSource).kernel("scale")
      let data = try context.makeBuffer([Float](repeating: 1, count: 64))
      for placement in [Placement.immediate, .wide, .immediate] {
        try context.launch(
          kernel, [.buffer(data), .buffer(data), .float(2), .int32(64)], global: [64],
          local: [64], placement: placement)
      }
      #expect(try data.values(as: Float.self) == [Float](repeating: 8, count: 64))
      #expect(context.counters.programsBuilt == 1)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            for _ in 0..<200 {
              let out = try context.makeBuffer(byteCount: 256)
              try context.launch(
                kernel, [.buffer(data), .buffer(out), .float(2), .int32(64)], global: [64],
                local: [64], placement: .immediate)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(context.counters.launches == 803)
    }
  }

  @Test func variablesChooseDeviceAndProfile() async {
    await #expect(processExitsWith: .success) {
      setenv("VMAP_DEVICE", "no such device", 1)
      let unknown = deviceError { try Context.shared() }
      #expect(unknown?.kind == .invalidSelection)
      let names = try Context.devices().map(\.name)
      #expect(!names.isEmpty && names.allSatisfy { unknown?.message.contains($0) == true })
      setenv("VMAP_DEVICE", "cpu", 1)
      setenv("VMAP_PROFILE", "no such profile", 1)
      #expect(deviceError { try Context.shared() }?.kind == .invalidProfile)
      setenv("VMAP_PROFILE", "lanes8", 1)
      // A failure is not remembered.
      let context = try Context.shared()
      #expect(context.profile.laneWidth == 8)
      #expect(context.selectionReason.contains("VMAP_DEVICE"))
      #expect(try Context.shared() === context)
    }
  }

  @Test func theChildOfAForkGetsAClearError() async {
    await #expect(processExitsWith: .success) {
      let context = try makeContext()
      let kernel = try context.makeProgram(source: testSource).kernel("spin")
      let data = try context.makeBuffer([Float](repeating: 1, count: 64))
      let child = callFork()
      if child == 0 {
        let errors = [
          deviceError { try context.makeBuffer(byteCount: 1) },
          deviceError { try context.makeProgram(source: testSource) },
          deviceError {
            try context.launch(
              kernel, [.buffer(data), .int32(1)], global: [64], local: [64],
              placement: .immediate)
          },
          deviceError { try data.values(as: Float.self) },
          deviceError { try Context.shared() }, deviceError { try Context.devices() },
          deviceError { try context.finish() },
        ]
        context.flushPrograms()
        _exit(errors.allSatisfy { $0?.kind == .forked } ? 42 : 1)
      }
      var status: Int32 = 0
      waitpid(child, &status, 0)
      #expect(status == 42 << 8)
      // The parent goes on.
      try context.launch(
        kernel, [.buffer(data), .int32(1)], global: [64], local: [64], placement: .wide)
      try context.finish()
    }
  }

  @Test func aSecondProcessCompilesNothing() async throws {
    let directory = try TemporaryDirectory()
    for run in 0..<2 {
      await #expect(processExitsWith: .success) {
        [path = directory.path as String, run = run as Int] in
        // A driver's own cache must not be what helps.
        let context = try cachingContext(in: path, driver: "driver-\(run)")
        #expect(context.cacheDirectory == "\(path)/binaries")
        let (_, data) = try doubleOnes(on: context, [.immediate, .wide])
        #expect(try data.values(as: Float.self) == [Float](repeating: 4, count: 64))
        #expect(context.counters.programsBuilt == (run == 0 ? CPU.deviceCount : 0))
        #expect(context.counters.programsLoaded == (run == 0 ? 0 : CPU.deviceCount))
        // The first process ends at once: its binaries are written on the way out.
      }
    }
  }

  /// The driver's compiler must not be in use any more when its parts are taken down.
  @Test(arguments: 0..<4) func aProcessCanEndWhileBinariesAreWritten(round: Int) async throws {
    let directory = try TemporaryDirectory()
    await #expect(processExitsWith: .success) {
      [path = directory.path as String, round = round as Int] in
      _ = try doubleOnes(on: cachingContext(in: path), [.immediate, .wide])
      // Different moments of the background work: its start is 50 ms away, its end about 200 ms.
      usleep(UInt32(round) * 45_000)
    }
    #expect(TemporaryDirectory.names("\(directory.path)/binaries").count == CPU.deviceCount)
  }

  /// Launches that overlap all the time must not keep it from ending, nor from writing binaries.
  @Test(arguments: [Placement.immediate, .wide])
  func aProcessCanEndWhileManyThreadsLaunch(placement: Placement) async throws {
    let directory = try TemporaryDirectory()
    let isWide = placement == .wide
    await #expect(processExitsWith: .success) {
      [path = directory.path as String, isWide = isWide as Bool] in
      // The process is killed where it does not end.
      alarm(300)
      let context = try cachingContext(in: path)
      let kernel = try context.makeProgram(source: testSource).kernel("spin")
      for _ in 0..<6 {
        let data = try context.makeBuffer([Float](repeating: 1, count: 1 << 12))
        #expect(
          DetachedThread.start {
            while true {
              try? context.launch(
                kernel, [.buffer(data), .int32(10_000)], global: [1 << 12], local: [64],
                placement: isWide ? .wide : .immediate)
              if isWide { try? data.wait() }
            }
          })
      }
      while context.counters.launches < 30 { usleep(1000) }
      exit(0)
    }
    #expect(!TemporaryDirectory.names("\(directory.path)/binaries").isEmpty)
  }

  /// A launch of what came from disk uses no compiler, which is then first used by a program that is
  /// never launched, or by the work in the background.
  @Test(arguments: 0..<8) func aProcessCanEndWhenItCompiledLate(round: Int) async throws {
    let directory = try TemporaryDirectory()
    for run in 0..<2 {
      await #expect(processExitsWith: .success) {
        [path = directory.path as String, round = round as Int, run = run as Int] in
        let context = try cachingContext(in: path)
        let (kernel, _) = try doubleOnes(on: context, [.immediate])
        if run == 0 {
          context.flushPrograms()
        } else {
          #expect(context.counters.programsBuilt == 0)
          context.warm(kernel, for: .wide)
          // Even rounds compile in the foreground only.
          if round % 2 == 0 {
            _ = try context.makeProgram(source: testSource + "// late").kernel("spin")
          }
          usleep(UInt32(round / 2) * 40_000)
        }
      }
    }
  }

  @Test(.enabled(if: CPU.isPoCL, "it counts the files in PoCL's cache"))
  func launchesInGroupsOfOneSizeCompileOnce() async throws {
    let directory = try TemporaryDirectory()
    await #expect(processExitsWith: .success) { [path = directory.path as String] in
      setenv("POCL_CACHE_DIR", path, 1)
      unsetenv("POCL_WORK_GROUP_SPECIALIZATION")
      let context = try makeContext()
      let kernel = try context.makeProgram(source: testSource).kernel("scale")
      let data = try context.makeBuffer([Float](repeating: 1, count: 64))
      func launch(_ global: [Int], _ local: [Int]) throws {
        for placement in [Placement.immediate, .wide] {
          try context.launch(
            kernel, [.buffer(data), .buffer(data), .float(1), .int32(64)], global: global,
            local: local, placement: placement)
        }
        try context.finish()
      }
      try launch([64], [64])
      let files = TemporaryDirectory.files(below: path)
      #expect(!files.isEmpty)
      // As `VMap`'s kernels are launched: fewer than 65,535 work-items along each dimension.
      for (global, local) in [
        ([128], [64]), ([65_472], [64]), ([64, 65_534], [64, 1]), ([128, 3], [64, 1]),
      ] { try launch(global, local) }
      #expect(TemporaryDirectory.files(below: path) == files)
    }
  }
}

/// A context that keeps binaries in a folder, where the driver's own cache is, too.
private func cachingContext(in path: String, driver: String = "driver") throws -> Context {
  setenv("VMAP_CACHE_DIR", "\(path)/binaries", 1)
  unsetenv("VMAP_CACHE")
  setenv("POCL_CACHE_DIR", "\(path)/\(driver)", 1)
  mkdir("\(path)/\(driver)", 0o700)
  return try Context(device: "cpu")
}

/// Doubles 64 ones where they lie, once for each placement.
private func doubleOnes(on context: Context, _ placements: [Placement]) throws -> (Kernel, Buffer) {
  let kernel = try context.makeProgram(source: testSource).kernel("scale")
  let data = try context.makeBuffer([Float](repeating: 1, count: 64))
  for placement in placements {
    try context.launch(
      kernel, [.buffer(data), .buffer(data), .float(2), .int32(64)], global: [64], local: [64],
      placement: placement)
  }
  return (kernel, data)
}

/// `fork`, which Swift does not offer as it is rarely what one wants.
private func callFork() -> pid_t {
  typealias Fork = @convention(c) () -> pid_t
  guard let symbol = dlsym(nil, "fork") else { return -1 }
  return unsafeBitCast(symbol, to: Fork.self)()
}
