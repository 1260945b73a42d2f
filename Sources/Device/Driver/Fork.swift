import Glibc
import Synchronization

private let forks = Atomic<Int>(0)

/// Tells the child of a fork apart: the driver's threads do not survive a fork, and a lock that
/// another thread held stays locked, so that nothing of OpenCL may be used there.
enum Fork {
  /// Whether this process was forked from one that had used OpenCL.
  static var happened: Bool { forks.load(ordering: .relaxed) != 0 }

  /// Notes later forks; called before the first OpenCL call.
  static func watch() { _ = registration }

  private static let registration = pthread_atfork(nil, nil) {
    forks.add(1, ordering: .relaxed)
  }

  /// Throws in the child of a fork.
  static func check() throws(DeviceError) {
    guard happened else { return }
    throw DeviceError(
      .forked,
      """
      this process was forked after its parent had used OpenCL, whose threads do not survive a \
      fork; fork before the first use, or start a new program with posix_spawn or fork and exec
      """)
  }
}
