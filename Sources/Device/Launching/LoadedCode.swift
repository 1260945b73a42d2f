import Synchronization

/// The code of one kernel, in groups of one size, that PoCL has loaded.
///
/// A grid wider than all before makes PoCL load the code once more, in front of the code that smaller
/// launches may be running; when one of them ends, PoCL before 6 gives back the wrong one, and an
/// assertion ends the process. So such a launch has to be alone.
final class LoadedCode: Sendable {
  /// The widest grid so far; every code in front of this one's is at least as wide.
  private let width = Atomic<Int>(0)

  /// Whether a launch over the grid runs code that is loaded.
  func covers(_ grid: LaunchGrid) -> Bool { grid.width <= width.load(ordering: .relaxed) }

  /// Notes a launch that was alone.
  func note(_ grid: LaunchGrid) { width.max(grid.width, ordering: .relaxed) }

  /// Notes that other code may be in front.
  func forget() { width.store(0, ordering: .relaxed) }
}

/// What is loaded of one program: the same for all contexts, as PoCL knows a program by its text.
final class LoadedProgram: Sendable {
  private struct Key: Hashable {
    let kernel: String
    let local: [Int]
  }

  /// PoCL unloads nothing, and neither is anything dropped here.
  private static let programs = Mutex<[Fingerprint: LoadedProgram]>([:])
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
      let code = LoadedCode()
      codes[key] = code
      return code
    }
  }

  /// Notes that the driver made code for all kernels.
  func forget() {
    codes.withLock { codes in for code in codes.values { code.forget() } }
  }
}
