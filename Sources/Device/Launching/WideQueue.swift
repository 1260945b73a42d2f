import Synchronization

/// The in-order queue of the device that runs large launches: all cores, or the GPU.
///
/// Launches are numbered from 1. A block remembers the last one that uses it; whoever touches the
/// block outside this queue finishes the queue up to that number first. And it remembers the one that
/// wrote it: if that failed, all who want the contents are told, not just the first of them.
final class WideQueue: Sendable {
  /// Launches that the driver says have failed.
  ///
  /// It does not say which of those that it was waiting for; and what was submitted before the failure
  /// was known may have used their results.
  struct Failure: Error {
    let launches: ClosedRange<UInt64>
    let status: Int32
    /// The kernels it may be about.
    let names: [String]
  }

  private struct State {
    var submitted: UInt64 = 0
    var failures: [Failure] = []
    /// The first failure that nobody who waited for the whole queue was told.
    var unreported: Failure?
    /// The names of unfinished launches, for errors; only the first ones of a long run are kept.
    var names: [String] = []
    /// Parts of memory objects, needed until the launches that use them are done.
    var parts: [Handle<MemoryObject>] = []
  }

  private let queue: Handle<QueueObject>
  private let driver: Driver
  private let state = Mutex(State())
  private let completed = Atomic<UInt64>(0)
  private let hasAnyFailure = Atomic<Bool>(false)
  /// Held while waiting: a failure is told once, and must be noted before others go on.
  private let waiting = Mutex<Void>(())

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

  /// Whether any launch may still be running.
  var isBusy: Bool { state.withLock { $0.submitted } > lastCompleted }

  /// Whether launches that use the block may still be running.
  func isPending(_ block: Block) -> Bool {
    block.lastWideLaunch.load(ordering: .acquiring) > lastCompleted
  }

  /// Whether any launch has failed so far.
  ///
  /// Who has seen that a block is not pending sees here whether its launch failed.
  var hasFailures: Bool { hasAnyFailure.load(ordering: .relaxed) }

  /// The failure of the launch that a block's contents are from.
  func failure(of block: Block) -> Failure? {
    guard hasFailures else { return nil }
    return state.withLock { failure(of: block, $0) }
  }

  private func failure(of block: Block, _ state: borrowing State) -> Failure? {
    let number = block.lastWideWrite.load(ordering: .relaxed)
    return number == 0 ? nil : state.failures.last { $0.launches.contains(number) }
  }

  /// Gives the first failure since this was last asked.
  func takeUnreported() -> Failure? {
    state.withLock { state in
      defer { state.unreported = nil }
      return state.unreported
    }
  }

  /// Enqueues a kernel and marks the blocks it uses.
  ///
  /// - Returns: The driver's status.
  /// - Throws: The failure of an earlier launch whose results the kernel would read.
  func submit(
    _ launch: PreparedLaunch, _ enqueue: (OpaquePointer) -> Int32
  ) throws(Failure) -> Int32 {
    try state.withLock { (state) throws(Failure) -> Int32 in
      for use in launch.uses where use.access != .fill {
        if let failure = failure(of: use.block, state) { throw failure }
      }
      let number = state.submitted + 1
      // Marked before the driver starts, so that no other thread sees the block as idle.
      for use in launch.uses {
        use.block.lastWideLaunch.store(number, ordering: .releasing)
        if use.access != .read { use.block.lastWideWrite.store(number, ordering: .relaxed) }
      }
      let status = enqueue(queue.raw)
      // A number without a launch is harmless: the next finish passes it.
      state.submitted = number
      guard status == 0 else { return status }
      if state.names.count < 16, state.names.last != launch.name {
        state.names.append(launch.name)
      }
      state.parts += launch.parts
      return driver.flush(queue.raw)
    }
  }

  /// Waits until everything submitted so far is done, and notes what failed.
  ///
  /// - Returns: What went wrong, if anything did.
  func finish() -> Failure? {
    waiting.withLock { _ in
      let (target, names) = state.withLock { ($0.submitted, $0.names) }
      guard target > lastCompleted else { return nil }
      let status = driver.finish(queue.raw)
      let failure = status == 0 ? nil : note(status, names)
      // A failure says nothing about what is still running: that takes another look.
      guard status == 0 || driver.finish(queue.raw) == 0 else { return failure }
      complete(target)
      return failure
    }
  }

  private func note(_ status: Int32, _ names: [String]) -> Failure {
    state.withLock { state in
      let failure = Failure(
        launches: lastCompleted + 1...state.submitted, status: status, names: names)
      // The same launches once more, where waiting did not work.
      if state.failures.last?.launches.lowerBound == failure.launches.lowerBound {
        state.failures.removeLast()
      }
      state.failures.append(failure)
      if state.unreported == nil { state.unreported = failure }
      hasAnyFailure.store(true, ordering: .relaxed)
      return failure
    }
  }

  private func complete(_ target: UInt64) {
    let done = state.withLock { state -> [Handle<MemoryObject>] in
      completed.max(target, ordering: .releasing)
      // Others may have submitted meanwhile; then the names and parts stay until their turn.
      guard state.submitted == target else { return [] }
      defer { state.parts = [] }
      state.names = []
      return state.parts
    }
    _ = consume done
  }
}
