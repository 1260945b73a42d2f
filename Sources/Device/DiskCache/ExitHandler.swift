import Glibc
import Synchronization

/// Ends the background work when the process exits, before a driver's compiler is taken down.
///
/// Handlers run in reverse order of their being added, and the parts of a compiler add theirs when they
/// are first used, also while the background work is using them. So that there are two: one that is
/// added again after each use of the compiler, and one that `exit` runs before all handlers, in the
/// main thread alone: that for the end of a thread's own variables.
enum ExitHandler {
  private typealias ThreadNumber = @convention(c) () -> pid_t
  private typealias ThreadEnd = @convention(c) (UnsafeMutableRawPointer?) -> Void
  private typealias Register =
    @convention(c) (ThreadEnd, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?) -> Int32

  private static let isInMainThread = Atomic<Bool>(false)

  /// Puts the handler in front of those that were added meanwhile.
  static func moveToFront() {
    addToMainThread()
    atexit { ExitHandler.run() }
  }

  private static func run() {
    guard !Fork.happened else { return }
    BackgroundWork.shared.finish()
  }

  private static func addToMainThread() {
    guard !isInMainThread.load(ordering: .relaxed),
      let threadNumber = dlsym(nil, "gettid"),
      unsafeBitCast(threadNumber, to: ThreadNumber.self)() == getpid(),
      let register = dlsym(nil, "__cxa_thread_atexit_impl")
    else { return }
    isInMainThread.store(true, ordering: .relaxed)
    // The last argument says which library must stay: that of C.
    _ = unsafeBitCast(register, to: Register.self)({ _ in ExitHandler.run() }, nil, register)
  }
}
