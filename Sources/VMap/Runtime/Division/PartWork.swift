import Device
import Synchronization

/// What the workers of a phase do together.
final class PartWork: Sendable {
  private struct State {
    var made: [Storage] = []
    var done = 0
  }

  private let queue: PartQueue
  private let report: BatchProgress.Report?
  private let state = Mutex(State())

  init(_ queue: PartQueue, _ targets: [Int: Storage], _ report: BatchProgress.Report?) {
    self.queue = queue
    self.report = report
  }

  /// All results, those included that are the same for all parts.
  var made: [Storage] {
    get { state.withLock { $0.made } }
    set { state.withLock { $0.made = newValue } }
  }

  /// Computes parts until there are none left.
  func work(_ worker: Int, _ run: PartRun, _ longest: Int, _ cancellation: Cancellation) {
    let clock = ContinuousClock()
    do throws(VMapError) {
      while let part = queue.take(worker, atMost: longest) {
        try cancellation.check()
        let start = clock.now
        let results = try run(part, longest: longest)
        if queue.isShared || report != nil { try run.finish() }
        queue.note(worker, part, took: clock.now - start)
        let done = state.withLock { state in
          if state.made.isEmpty { state.made = results }
          state.done += part.count
          return state.done
        }
        report?(BatchProgress(done: done, count: queue.range.count))
      }
    } catch {
      queue.fail(error)
    }
  }
}

/// Whether the task that began a call was cancelled, for those who work for it in other threads.
///
/// The task waits for them, and asking a task whether it was cancelled is safe from anywhere.
struct Cancellation: @unchecked Sendable {
  private let task: UnsafeCurrentTask?

  init() { task = withUnsafeCurrentTask { $0 } }

  func check() throws(VMapError) {
    guard task?.isCancelled == true else { return }
    throw VMapError(.cancelled, "the task was cancelled")
  }
}

/// A value of which the program takes care itself that one thread at a time uses it.
struct UncheckedSendable<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
