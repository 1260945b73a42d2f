import Synchronization

/// The programs of a context by source and options, the least recently used ones dropped beyond a
/// limit.
final class ProgramTable: Sendable {
  struct Key: Hashable {
    let source: String
    let options: String
  }

  private struct State {
    var entries: [Key: (program: Program, lastUse: UInt64)] = [:]
    var clock: UInt64 = 0
  }

  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) { self.limit = max(1, limit) }

  func program(_ key: Key) -> Program? {
    state.withLock { state in
      state.clock += 1
      guard let program = state.entries[key]?.program else { return nil }
      state.entries[key] = (program, state.clock)
      return program
    }
  }

  /// Adds a program, and gives the one to use: when two threads built the same, the first one's.
  func add(_ program: Program, for key: Key) -> Program {
    var dropped: [Program] = []
    let result = state.withLock { state -> Program in
      state.clock += 1
      if let earlier = state.entries[key]?.program { return earlier }
      state.entries[key] = (program, state.clock)
      while state.entries.count > limit,
        let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.entries[oldest.key] = nil
        dropped.append(oldest.value.program)
      }
      return program
    }
    // Released outside the lock: that calls the driver.
    _ = consume dropped
    return result
  }
}
