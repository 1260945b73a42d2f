import Glibc
import Synchronization

/// Keeps launches apart from what makes PoCL load code, over the whole process.
///
/// PoCL before 6 puts new code of a kernel before the code that a launch may be running. When that
/// launch ends, PoCL gives back the wrong one, and an assertion ends the process. New code comes with
/// a wider grid (`LoadedCode`), and to give out a binary PoCL compiles the kernel once more.
enum LaunchGate {
  /// A lock that never moves.
  private struct Lock: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<pthread_rwlock_t>

    init() {
      pointer = .allocate(capacity: 1)
      pointer.initialize(to: pthread_rwlock_t())
      // Where many threads launch, there is no moment without a launch that would end by itself: who
      // wants to be alone goes before those that come later. No launch begins inside another one.
      var attributes = pthread_rwlockattr_t()
      pthread_rwlockattr_init(&attributes)
      defer { pthread_rwlockattr_destroy(&attributes) }
      pthread_rwlockattr_setkind_np(
        &attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
      pthread_rwlock_init(pointer, &attributes)
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
  ///
  /// - Parameter deadline: When to give up waiting for the launches that there are.
  /// - Returns: What the closure returns; nil without running it after the deadline.
  @discardableResult
  static func alone<R, E: Error>(
    until deadline: Deadline = .never, _ body: () throws(E) -> R?
  ) throws(E) -> R? {
    guard close(until: deadline) else { return nil }
    defer { pthread_rwlock_unlock(lock.pointer) }
    return settle(until: deadline) ? try body() : nil
  }

  /// Makes a launch: beside others where its code is loaded, and else alone.
  ///
  /// - Parameters:
  ///   - code: What is known of the code; nil where launches never get in each other's way.
  ///   - grid: The sizes.
  ///   - body: Makes the launch, and waits for its end where it is told that it is alone.
  @inline(__always)
  static func launch(
    _ code: LoadedCode?, over grid: LaunchGrid,
    _ body: (_ isAlone: Bool) throws(DeviceError) -> Void
  ) throws(DeviceError) {
    do {
      enter()
      defer { leave() }
      if code?.covers(grid) ?? true { return try body(false) }
    }
    try alone { () throws(DeviceError) -> Void in
      try body(true)
      code?.note(grid)
    }
  }

  /// Waits until no launch is being made and keeps others from beginning.
  private static func close(until deadline: Deadline) -> Bool {
    if deadline.isNever { return pthread_rwlock_wrlock(lock.pointer) == 0 }
    var time = deadline.timeOfDay
    return pthread_rwlock_timedwrlock(lock.pointer, &time) == 0
  }

  /// Waits for the large launches of all contexts, as they may run code of the same program.
  private static func settle(until deadline: Deadline) -> Bool {
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
