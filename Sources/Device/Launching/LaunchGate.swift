import Glibc

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

  private static let lock = Lock()

  /// Begins a launch, beside others.
  static func enter() { pthread_rwlock_rdlock(lock.pointer) }

  /// Ends a launch.
  static func leave() { pthread_rwlock_unlock(lock.pointer) }

  /// Runs what no launch may run beside.
  static func alone<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    pthread_rwlock_wrlock(lock.pointer)
    defer { pthread_rwlock_unlock(lock.pointer) }
    return try body()
  }
}
