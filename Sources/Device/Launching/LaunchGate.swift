import Glibc
import Synchronization

/// Keeps a program's launches apart from what makes PoCL load code of it.
///
/// PoCL before 6 puts new code of a kernel before the code that a launch may be running. When that
/// launch ends, PoCL gives back the wrong one, and an assertion ends the process. New code comes with
/// a wider grid (`LoadedCode`), and to give out a binary PoCL compiles all kernels once more.
final class LaunchGate: @unchecked Sendable {
  /// A lock that never moves.
  private let lock: UnsafeMutablePointer<pthread_rwlock_t>

  init() {
    lock = .allocate(capacity: 1)
    lock.initialize(to: pthread_rwlock_t())
    // Where many threads launch, there is no moment without a launch that would end by itself: who
    // wants to be alone goes before those that come later. No launch begins inside another one.
    var attributes = pthread_rwlockattr_t()
    pthread_rwlockattr_init(&attributes)
    defer { pthread_rwlockattr_destroy(&attributes) }
    pthread_rwlockattr_setkind_np(&attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
    pthread_rwlock_init(lock, &attributes)
  }

  deinit {
    pthread_rwlock_destroy(lock)
    lock.deallocate()
  }

  /// Begins a launch, beside others.
  func enter() { pthread_rwlock_rdlock(lock) }

  /// Ends a launch.
  func leave() { pthread_rwlock_unlock(lock) }

  /// Runs what no launch may be made beside; large launches may still be running.
  ///
  /// - Parameter deadline: When to give up waiting for the launches that there are.
  /// - Returns: What the closure returns; nil without running it after the deadline.
  @discardableResult
  func alone<R, E: Error>(
    until deadline: Deadline = .never, _ body: () throws(E) -> R?
  ) throws(E) -> R? {
    guard close(until: deadline) else { return nil }
    defer { leave() }
    return try body()
  }

  /// Waits until no launch is being made and keeps others from beginning.
  private func close(until deadline: Deadline) -> Bool {
    if deadline.isNever { return pthread_rwlock_wrlock(lock) == 0 }
    var time = deadline.timeOfDay
    return pthread_rwlock_timedwrlock(lock, &time) == 0
  }
}
