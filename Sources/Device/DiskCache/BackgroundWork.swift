import Glibc
import Synchronization

/// A thread for what nobody waits for: compiling for the second device, and writing binaries.
///
/// Compiling holds locks that PoCL needs for every launch, so that most jobs wait for a moment
/// without launches. The thread ends when there is nothing left. What must not be lost is done at
/// the latest when the process exits.
///
/// At exit, handlers run in reverse order, and a driver's compiler adds its own when its parts are
/// first used: a job that still compiles after those have run ends in a crash. So that nothing
/// starts before a launch was done, which has used all of the compiler, and the module's handler
/// is added after that, and again whenever the compiler may have added more.
final class BackgroundWork: Sendable {
  struct Job: Sendable {
    /// Whether the job compiles nothing, so that it need not wait for a calm moment.
    var isCheap = false
    /// Whether the job is to be done before the process exits.
    var isDurable = false
    let session: Session
    let slot: BuildSlot
    let run: @Sendable () -> Void
  }

  private struct State {
    var jobs: [(job: Job, since: UInt64)] = []
    var hasThread = false
    var isBusy = false
    /// Whether a launch was done, so that the compiler is complete.
    var isReady = false
    var isExiting = false
    var seenLaunches = -1
    var calmSince: UInt64 = 0
  }

  static let shared = BackgroundWork()
  private let state = Mutex(State())

  private static let tickMicroseconds: UInt32 = 10_000
  private static let calmNanoseconds: UInt64 = 50_000_000
  private static let patienceNanoseconds: UInt64 = 5_000_000_000
  private static let exitBudgetNanoseconds: UInt64 = 5_000_000_000

  /// Adds a job.
  func add(_ job: Job) {
    let needsThread = state.withLock { state -> Bool in
      state.jobs.append((job, now()))
      return claimThread(&state)
    }
    if needsThread { startThread() }
  }

  /// Notes that a kernel's first launch on a device is done.
  func noteCompiled() {
    flushAtExit()
    let needsThread = state.withLock { state -> Bool in
      state.isReady = true
      return claimThread(&state)
    }
    if needsThread { startThread() }
  }

  /// Whether the caller is to start the thread.
  private func claimThread(_ state: inout State) -> Bool {
    guard state.isReady, !state.hasThread, !state.isExiting, !state.jobs.isEmpty else {
      return false
    }
    state.hasThread = true
    return true
  }

  /// Lets the jobs of a slot run at once, as all they need was compiled meanwhile.
  func makeCheap(_ slot: BuildSlot) {
    state.withLock { state in
      for index in state.jobs.indices where state.jobs[index].job.slot === slot {
        state.jobs[index].job.isCheap = true
      }
    }
  }

  /// Does, in the calling thread, the durable jobs that there are, and waits for the running one.
  ///
  /// - Parameter deadline: When to give up.
  func flush(until deadline: UInt64 = .max) {
    while now() < deadline {
      let (job, isBusy) = state.withLock { state -> (Job?, Bool) in
        guard !state.isBusy else { return (nil, true) }
        guard let index = state.jobs.firstIndex(where: { $0.job.isDurable }) else {
          return (nil, false)
        }
        state.isBusy = true
        return (state.jobs.remove(at: index).job, true)
      }
      if let job {
        job.run()
        state.withLock { $0.isBusy = false }
      } else if isBusy {
        usleep(1000)
      } else {
        return
      }
    }
  }

  /// Adds the handler once more, in front of all others; the first to run does the work.
  private func flushAtExit() {
    atexit {
      guard !Fork.happened else { return }
      BackgroundWork.shared.state.withLock { $0.isExiting = true }
      BackgroundWork.shared.flush(until: now() + BackgroundWork.exitBudgetNanoseconds)
    }
  }

  private func startThread() {
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // The driver's compiler recurses deeply.
    pthread_attr_setstacksize(&attributes, 8 << 20)
    let status = pthread_create(
      &thread, &attributes,
      { _ in
        BackgroundWork.shared.work()
        return nil
      }, nil)
    // Without a thread, durable jobs still run at exit.
    if status != 0 { state.withLock { $0.hasThread = false } }
  }

  private func work() {
    while true {
      let (job, isDone) = state.withLock { state -> (Job?, Bool) in
        if state.isExiting || (state.jobs.isEmpty && !state.isBusy) {
          state.hasThread = false
          return (nil, true)
        }
        guard !state.isBusy, let index = nextJob(&state) else { return (nil, false) }
        state.isBusy = true
        return (state.jobs.remove(at: index).job, false)
      }
      if isDone { return }
      if let job {
        job.run()
        flushAtExit()
        state.withLock { $0.isBusy = false }
      } else {
        usleep(BackgroundWork.tickMicroseconds)
      }
    }
  }

  /// The first job whose time has come.
  private func nextJob(_ state: inout State) -> Int? {
    let time = now()
    var launches = 0
    for entry in state.jobs { launches &+= entry.job.session.launchCount }
    if launches != state.seenLaunches {
      state.seenLaunches = launches
      state.calmSince = time
    }
    let isCalm = time - state.calmSince >= BackgroundWork.calmNanoseconds
    return state.jobs.firstIndex { entry in
      entry.job.isCheap || isCalm || time - entry.since > BackgroundWork.patienceNanoseconds
    }
  }
}

/// Nanoseconds of a clock that never goes back.
private func now() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
