import Glibc
import Synchronization

/// The large launches of all contexts, which go on after they are enqueued.
enum WideLaunches {
  private struct WeakSession: Sendable {
    weak let session: Session?
  }

  private static let sessions = Mutex<[WeakSession]>([])

  /// Makes a session known.
  static func watch(_ session: Session) {
    sessions.withLock { sessions in
      sessions.removeAll { $0.session == nil }
      sessions.append(WeakSession(session: session))
    }
  }

  /// Waits for all of them, as they may run code of the same program.
  ///
  /// - Parameter deadline: When to give up.
  /// - Returns: Whether all are done.
  static func settle(until deadline: Deadline = .never) -> Bool {
    let busy = sessions.withLock { $0.compactMap(\.session) }.filter(\.hasPendingLaunches)
    // What is wrong with a launch shows where its results are read.
    let wait: @Sendable () -> Void = { for session in busy { _ = try? session.settleWide() } }
    guard !busy.isEmpty, !deadline.isNever else {
      wait()
      return true
    }
    // No call of the driver waits for a limited time.
    let isDone = Mutex(false)
    let isStarted = DetachedThread.start {
      wait()
      isDone.withLock { $0 = true }
    }
    while isStarted, !deadline.isOver {
      if isDone.withLock({ $0 }) { return true }
      usleep(1000)
    }
    return false
  }
}
