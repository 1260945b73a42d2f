import Synchronization

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
  private let mayBeDropped: Bool
  private let codes = Mutex<[Key: LoadedCode]>([:])

  private init(for device: DeviceDescription) {
    wide = device.runsInCallingThread ? nil : WideLaunches()
    mayBeDropped = device.dropsCode
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
      let code = LoadedCode(gate, wide, mayBeDropped: mayBeDropped)
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
