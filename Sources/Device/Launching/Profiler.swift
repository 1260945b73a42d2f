import Synchronization

/// One launch, as the device's clock saw it.
public struct LaunchRecord: Sendable, Equatable {
  /// The kernel's name.
  public let kernel: String
  /// Whether it ran on all cores or on the GPU, and not in the calling thread.
  public let isWide: Bool
  /// How long it ran, without the time it waited to start.
  public let nanoseconds: UInt64
}

/// Collects the times of launches while somebody asks for them.
///
/// Queues that measure are slower, so that they are apart from the others and made on demand.
final class Profiler: Sendable {
  private struct State {
    var nextCollector = 0
    var records: [Int: [LaunchRecord]] = [:]
  }

  /// Measuring queues for each of the session's devices.
  let queues: [QueuePool]
  private let collectors = Atomic<Int>(0)
  private let state = Mutex(State())

  init(_ queues: [QueuePool]) { self.queues = queues }

  /// Whether launches are to be measured.
  var isOn: Bool { collectors.load(ordering: .relaxed) != 0 }

  /// Starts a collection of its own for the caller.
  func begin() -> Int {
    collectors.wrappingAdd(1, ordering: .relaxed)
    return state.withLock { state in
      defer { state.nextCollector += 1 }
      state.records[state.nextCollector] = []
      return state.nextCollector
    }
  }

  /// Ends a collection and gives what it has.
  func end(_ collector: Int) -> [LaunchRecord] {
    collectors.wrappingSubtract(1, ordering: .relaxed)
    return state.withLock { $0.records.removeValue(forKey: collector) ?? [] }
  }

  func note(_ record: LaunchRecord) {
    state.withLock { state in
      for collector in state.records.keys { state.records[collector]?.append(record) }
    }
  }
}
