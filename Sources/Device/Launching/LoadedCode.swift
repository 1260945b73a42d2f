import Synchronization

/// The code of one kernel, in groups of one size, that PoCL has loaded.
///
/// PoCL loads it once more for a grid wider than all before, or when it was dropped.
final class LoadedCode: Sendable {
  private let gate: LaunchGate
  /// The launches that go on after they are enqueued, where there are such.
  private let wide: WideLaunches?
  private let isDropped: Bool
  private let wasLaunched = Atomic<Bool>(false)
  /// The largest grid so far, whose code is before all other: along the first two dimensions, and
  /// along the third, which PoCL does not count.
  private let width = Atomic<Int>(0)
  private let depth = Atomic<Int>(0)

  /// How often code may have been loaded.
  private static let loads = Atomic<Int>(0)
  /// With so many codes PoCL begins to drop those that no launch runs.
  private static let capacity = 128

  init(_ gate: LaunchGate, _ wide: WideLaunches?, isDropped: Bool) {
    self.gate = gate
    self.wide = wide
    self.isDropped = isDropped
  }

  /// Makes a launch: beside others where its code is loaded, and else alone.
  ///
  /// - Parameters:
  ///   - grid: The sizes.
  ///   - body: Makes the launch, and waits for its end where it is told that it is alone.
  @inline(__always)
  func launch(
    over grid: LaunchGrid, _ body: (_ isAlone: Bool) throws(DeviceError) -> Void
  ) throws(DeviceError) {
    do {
      gate.enter()
      defer { gate.leave() }
      if isLoaded(for: grid) { return try body(false) }
    }
    try gate.alone { () throws(DeviceError) -> Void in
      if wasLaunched.exchange(true, ordering: .relaxed) { _ = wide?.settle() }
      LoadedCode.noteLoads(1)
      try body(true)
      width.max(grid.width, ordering: .relaxed)
      depth.max(grid.depth, ordering: .relaxed)
    }
  }

  private func isLoaded(for grid: LaunchGrid) -> Bool {
    grid.width <= width.load(ordering: .relaxed) && grid.depth <= depth.load(ordering: .relaxed)
      && (!isDropped || LoadedCode.loads.load(ordering: .relaxed) < LoadedCode.capacity)
  }

  static func noteLoads(_ count: Int) { loads.wrappingAdd(count, ordering: .relaxed) }

  /// Notes that other code may be before this.
  func forget() {
    width.store(0, ordering: .relaxed)
    depth.store(0, ordering: .relaxed)
  }
}

/// What is loaded of one program for one device: the same for all contexts, as PoCL knows a program by
/// its text.
final class LoadedProgram: Sendable {
  private struct Key: Hashable {
    let kernel: String
    let local: [Int]
  }

  /// Nothing is dropped here, as nothing tells what PoCL drops.
  private static let programs = Mutex<[Fingerprint: LoadedProgram]>([:])
  private let gate = LaunchGate()
  private let wide: WideLaunches?
  private let isDropped: Bool
  private let codes = Mutex<[Key: LoadedCode]>([:])

  private init(for device: DeviceDescription) {
    wide = device.runsInCallingThread ? nil : WideLaunches()
    isDropped = device.dropsCode
  }

  /// Gives the program with a key, and notes that a session has it.
  static func with(
    _ key: CacheKey, for device: DeviceDescription, in session: Session
  ) -> LoadedProgram {
    let program = programs.withLock { programs in
      if let program = programs[key.fingerprint] { return program }
      let program = LoadedProgram(for: device)
      programs[key.fingerprint] = program
      return program
    }
    program.wide?.watch(session)
    return program
  }

  /// The code of a kernel in groups of a size.
  func code(of kernel: String, local: [Int]) -> LoadedCode {
    codes.withLock { codes in
      let key = Key(kernel: kernel, local: local + [Int](repeating: 1, count: 3 - local.count))
      if let code = codes[key] { return code }
      let code = LoadedCode(gate, wide, isDropped: isDropped)
      codes[key] = code
      return code
    }
  }

  /// Runs what makes the driver compile all kernels, while none of them runs.
  ///
  /// - Parameters:
  ///   - count: The number of kernels.
  ///   - deadline: When to give up waiting for the launches that there are.
  /// - Returns: What the closure returns; nil without running it after the deadline.
  func recompiling<R>(_ count: Int, until deadline: Deadline, _ body: () -> R?) -> R? {
    gate.alone(until: deadline) {
      guard wide?.settle(until: deadline) ?? true else { return nil }
      LoadedCode.noteLoads(count)
      defer { codes.withLock { codes in for code in codes.values { code.forget() } } }
      return body()
    }
  }
}
