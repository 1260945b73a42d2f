import Glibc
import Synchronization

/// A thread for what nobody waits for: compiling for the second device, and writing binaries.
///
/// Compiling holds locks that PoCL needs for every launch, so that most jobs wait for a moment
/// without launches. The thread ends when there is nothing left that it may do. What must not be lost
/// is done at the latest when the process exits.
///
/// A driver's compiler adds handlers of its own to those that run at exit when its parts are first
/// used, and what compiles after they have run ends in a crash. So that nothing compiles in the
/// background before all of the compiler was used, by a launch of what was compiled from source, and
/// whoever uses it puts `ExitHandler` in front again.
final class BackgroundWork: Sendable {
  struct Job: Sendable {
    /// Whether the job compiles nothing, so that it need not wait for a calm moment.
    var isCheap = false
    /// Whether the job is to be done before the process exits.
    var isDurable = false
    let session: Session
    let slot: BuildSlot
    /// Does the job, if that can begin before a deadline.
    let run: @Sendable (Deadline) -> Void
  }

  private struct State {
    var jobs: [(job: Job, since: UInt64)] = []
    var hasThread = false
    var isBusy = false
    /// The thread that does a job.
    var worker = pthread_t()
    /// Whether a launch was done.
    var isReady = false
    /// Whether a launch of what was compiled from source was done, so that the compiler is complete.
    var isComplete = false
    /// How many threads of others compile just now.
    var compiling = 0
    /// When the process ends whatever is left to do, once it is about to.
    var end: Deadline?
    var seenLaunches = -1
    var calmSince: UInt64 = 0

    /// Whether a job may run in the background by now.
    func mayRun(_ job: Job) -> Bool { job.isCheap ? isReady : isComplete }
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
      state.jobs.append((job, Deadline.now()))
      return claimThread(&state)
    }
    if needsThread { startThread() }
  }

  /// Runs what uses the compiler, other than a launch.
  func compiling<R>(_ body: () -> R) -> R {
    let isJob = state.withLock { state -> Bool in
      let isJob = state.isBusy && pthread_equal(state.worker, pthread_self()) != 0
      if !isJob { state.compiling += 1 }
      return isJob
    }
    defer {
      ExitHandler.moveToFront()
      if !isJob { state.withLock { $0.compiling -= 1 } }
    }
    return body()
  }

  /// Notes that a kernel's first launch on a device is done.
  ///
  /// - Parameter fromSource: Whether the kernel was compiled in this process.
  func noteLaunch(fromSource: Bool) {
    ExitHandler.moveToFront()
    let needsThread = state.withLock { state -> Bool in
      state.isReady = true
      if fromSource { state.isComplete = true }
      return claimThread(&state)
    }
    if needsThread { startThread() }
  }

  /// Whether the caller is to start the thread.
  private func claimThread(_ state: inout State) -> Bool {
    guard !state.hasThread, state.end == nil, hasWork(state) else { return false }
    state.hasThread = true
    return true
  }

  private func hasWork(_ state: borrowing State) -> Bool {
    for entry in state.jobs where state.mayRun(entry.job) { return true }
    return false
  }

  /// Lets the jobs of a slot run at once, as all they need was compiled meanwhile.
  func makeCheap(_ slot: BuildSlot) {
    let needsThread = state.withLock { state -> Bool in
      for index in state.jobs.indices where state.jobs[index].job.slot === slot {
        state.jobs[index].job.isCheap = true
      }
      return claimThread(&state)
    }
    if needsThread { startThread() }
  }

  /// Does, in the calling thread, the durable jobs that there are, and waits for the running one.
  ///
  /// - Parameter deadline: When to give up.
  func flush(until deadline: Deadline = .never) {
    while !deadline.isOver {
      let (job, isBusy) = state.withLock { state -> (Job?, Bool) in
        guard !state.isBusy else { return (nil, true) }
        guard let index = state.jobs.firstIndex(where: { $0.job.isDurable }) else {
          return (nil, false)
        }
        state.isBusy = true
        state.worker = pthread_self()
        return (state.jobs.remove(at: index).job, true)
      }
      if let job {
        job.run(deadline)
        state.withLock { $0.isBusy = false }
      } else if isBusy {
        usleep(1000)
      } else {
        return
      }
    }
  }

  /// Does what must not be lost, and waits until nobody compiles; for the end of the process.
  ///
  /// Where another thread compiles just now, parts of the compiler that it used first may be gone, so
  /// that nothing is compiled any more. Called again, it waits no longer than the first time.
  func finish() {
    let (deadline, isIntact) = state.withLock { state -> (Deadline, Bool) in
      let end = state.end ?? Deadline(after: BackgroundWork.exitBudgetNanoseconds)
      state.end = end
      return (end, state.compiling == 0)
    }
    if !isIntact {
      state.withLock { $0.jobs.removeAll() }
      while !deadline.isOver, state.withLock({ $0.compiling != 0 }) { usleep(1000) }
    }
    flush(until: deadline)
  }

  private func startThread() {
    let isStarted = DetachedThread.start { BackgroundWork.shared.work() }
    // Without a thread, durable jobs still run at exit.
    if !isStarted { state.withLock { $0.hasThread = false } }
  }

  private func work() {
    while true {
      let (job, isDone) = state.withLock { state -> (Job?, Bool) in
        if state.end != nil || (!hasWork(state) && !state.isBusy) {
          state.hasThread = false
          return (nil, true)
        }
        guard !state.isBusy, let index = nextJob(&state) else { return (nil, false) }
        state.isBusy = true
        state.worker = pthread_self()
        return (state.jobs.remove(at: index).job, false)
      }
      if isDone { return }
      if let job {
        job.run(.never)
        ExitHandler.moveToFront()
        state.withLock { $0.isBusy = false }
      } else {
        usleep(BackgroundWork.tickMicroseconds)
      }
    }
  }

  /// The first job whose time has come.
  private func nextJob(_ state: inout State) -> Int? {
    let time = Deadline.now()
    var launches = 0
    for entry in state.jobs { launches &+= entry.job.session.launchCount }
    if launches != state.seenLaunches {
      state.seenLaunches = launches
      state.calmSince = time
    }
    let isCalm = time - state.calmSince >= BackgroundWork.calmNanoseconds
    return state.jobs.firstIndex { entry in
      let isTime = isCalm || time - entry.since > BackgroundWork.patienceNanoseconds
      return state.mayRun(entry.job) && (entry.job.isCheap || isTime)
    }
  }
}
