import Synchronization

/// The code of one kernel, in groups of one size, that PoCL has loaded.
///
/// PoCL loads it once more for a grid wider than all before.
final class LoadedCode: Sendable {
  private let gate: LaunchGate
  /// The widest grid so far, whose code is before all other.
  private let width = Atomic<Int>(0)

  init(gate: LaunchGate) { self.gate = gate }

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
      if grid.width <= width.load(ordering: .relaxed) { return try body(false) }
    }
    try gate.alone { () throws(DeviceError) -> Void in
      // The first launch of all has nothing to wait for.
      if width.load(ordering: .relaxed) > 0 { _ = WideLaunches.settle() }
      try body(true)
      width.max(grid.width, ordering: .relaxed)
    }
  }

  /// Notes that other code may be before this.
  func forget() { width.store(0, ordering: .relaxed) }
}

/// What is loaded of one program: the same for all contexts, as PoCL knows a program by its text.
final class LoadedProgram: Sendable {
  private struct Key: Hashable {
    let kernel: String
    let local: [Int]
  }

  /// PoCL 3.1 unloads nothing, and neither is anything dropped here.
  private static let programs = Mutex<[Fingerprint: LoadedProgram]>([:])
  private let gate = LaunchGate()
  private let codes = Mutex<[Key: LoadedCode]>([:])

  /// Gives the program with a key.
  static func with(_ key: CacheKey) -> LoadedProgram {
    programs.withLock { programs in
      if let program = programs[key.fingerprint] { return program }
      let program = LoadedProgram()
      programs[key.fingerprint] = program
      return program
    }
  }

  /// The code of a kernel in groups of a size.
  func code(of kernel: String, local: [Int]) -> LoadedCode {
    codes.withLock { codes in
      let key = Key(kernel: kernel, local: local)
      if let code = codes[key] { return code }
      let code = LoadedCode(gate: gate)
      codes[key] = code
      return code
    }
  }

  /// Runs what makes the driver compile all kernels, while none of them runs.
  ///
  /// - Parameter deadline: When to give up waiting for the launches that there are.
  /// - Returns: What the closure returns; nil without running it after the deadline.
  func recompiling<R>(until deadline: Deadline, _ body: () -> R?) -> R? {
    gate.alone(until: deadline) {
      guard WideLaunches.settle(until: deadline) else { return nil }
      defer { codes.withLock { codes in for code in codes.values { code.forget() } } }
      return body()
    }
  }
}
