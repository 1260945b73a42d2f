import Synchronization

/// The in-order queue of the device that runs large launches: all cores, or the GPU.
///
/// Launches are numbered from 1. A block remembers the last one that uses it; whoever touches the
/// block outside this queue finishes the queue up to that number first.
final class WideQueue: Sendable {
  private struct State {
    var submitted: UInt64 = 0
    /// The names of unfinished launches, for errors; only the first ones of a long run are kept.
    var names: [String] = []
    /// Parts of memory objects, needed until the launches that use them are done.
    var parts: [Handle<MemoryObject>] = []
  }

  private let queue: Handle<QueueObject>
  private let driver: Driver
  private let state = Mutex(State())
  private let completed = Atomic<UInt64>(0)

  init(
    device: DeviceHandle, context: Handle<ContextObject>, driver: Driver
  ) throws(DeviceError) {
    self.driver = driver
    queue = try QueuePool.makeQueue(device, context, driver)
  }

  /// The queue itself, for blocking copies, which the driver orders after what was submitted.
  var raw: OpaquePointer { queue.raw }

  /// The number of the last launch known to be done.
  var lastCompleted: UInt64 { completed.load(ordering: .acquiring) }

  /// Whether launches that use the block may still be running.
  func isPending(_ block: Block) -> Bool {
    block.lastWideLaunch.load(ordering: .acquiring) > lastCompleted
  }

  /// Enqueues a kernel and marks the blocks it uses.
  ///
  /// - Returns: The driver's status.
  func submit(
    _ name: String, using blocks: [Block], parts: [Handle<MemoryObject>],
    _ enqueue: (OpaquePointer) -> Int32
  ) -> Int32 {
    state.withLock { state in
      let number = state.submitted + 1
      // Marked before the driver starts, so that no other thread sees the block as idle.
      for block in blocks { block.lastWideLaunch.store(number, ordering: .releasing) }
      let status = enqueue(queue.raw)
      // A number without a launch is harmless: the next finish passes it.
      state.submitted = number
      guard status == 0 else { return status }
      if state.names.count < 16, state.names.last != name { state.names.append(name) }
      state.parts += parts
      return driver.flush(queue.raw)
    }
  }

  /// Waits until everything submitted so far is done.
  ///
  /// - Returns: What went wrong, with the names of the kernels it may be about.
  func finish() -> (status: Int32, names: [String]) {
    let (target, names) = state.withLock { ($0.submitted, $0.names) }
    guard target > lastCompleted else { return (0, []) }
    let status = driver.finish(queue.raw)
    guard status == 0 else { return (status, names) }
    let done = state.withLock { state -> [Handle<MemoryObject>] in
      completed.max(target, ordering: .releasing)
      // Others may have submitted meanwhile; then the names and parts stay until their turn.
      guard state.submitted == target else { return [] }
      defer { state.parts = [] }
      state.names = []
      return state.parts
    }
    _ = consume done
    return (0, [])
  }
}
