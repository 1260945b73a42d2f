import Glibc
import Synchronization

/// Keeps launches and the reading of binaries apart, over the whole process.
///
/// To give out a binary, PoCL 3.1 compiles the kernel once more and puts the code, with no user yet,
/// before the code that a launch may be running. When that launch ends, PoCL gives back the wrong
/// one, and an assertion ends the process.
enum LaunchGate {
  /// A lock that never moves.
  private struct Lock: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<pthread_rwlock_t>

    init() {
      pointer = .allocate(capacity: 1)
      pointer.initialize(to: pthread_rwlock_t())
      pthread_rwlock_init(pointer, nil)
    }
  }

  private struct WeakSession: Sendable {
    weak let session: Session?
  }

  private static let lock = Lock()
  private static let sessions = Mutex<[WeakSession]>([])

  /// Makes a session known, whose large launches go on after they are enqueued.
  static func watch(_ session: Session) {
    sessions.withLock { sessions in
      sessions.removeAll { $0.session == nil }
      sessions.append(WeakSession(session: session))
    }
  }

  /// Begins a launch, beside others.
  static func enter() { pthread_rwlock_rdlock(lock.pointer) }

  /// Ends a launch.
  static func leave() { pthread_rwlock_unlock(lock.pointer) }

  /// Runs what no launch may run beside.
  static func alone<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    pthread_rwlock_wrlock(lock.pointer)
    defer { pthread_rwlock_unlock(lock.pointer) }
    // A context beside this one may run code of the same program.
    for session in sessions.withLock({ $0.compactMap(\.session) }) {
      // What is wrong with a launch shows where its results are read.
      _ = try? session.settleWide()
    }
    return try body()
  }
}
