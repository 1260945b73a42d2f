import Glibc
import Synchronization

/// The launches of one program that go on after they are enqueued, in all contexts.
final class WideLaunches: Sendable {
  private struct WeakSession: Sendable {
    weak let session: Session?
  }

  private let sessions = Mutex<[WeakSession]>([])

  /// Makes a session known that has the program.
  func watch(_ session: Session) {
    sessions.withLock { sessions in
      sessions.removeAll { $0.session == nil || $0.session === session }
      sessions.append(WeakSession(session: session))
    }
  }

  /// Waits for all of them, and for what else the sessions have launched.
  ///
  /// - Parameter deadline: When to give up.
  /// - Returns: Whether all are done.
  func settle(until deadline: Deadline = .never) -> Bool {
    let busy = sessions.withLock { $0.compactMap(\.session) }.filter(\.hasPendingLaunches)
    // What is wrong with a launch shows where its results are read.
    let wait: @Sendable () -> Bool = {
      busy.allSatisfy { session in
        (try? session.settleWide()) != nil || !session.hasPendingLaunches
      }
    }
    guard !busy.isEmpty, !deadline.isNever else { return wait() }
    // No call of the driver waits for a limited time.
    let result = Mutex<Bool?>(nil)
    let isStarted = DetachedThread.start {
      let isSettled = wait()
      result.withLock { $0 = isSettled }
    }
    while isStarted, !deadline.isOver {
      if let isSettled = result.withLock({ $0 }) { return isSettled }
      usleep(1000)
    }
    return false
  }
}
