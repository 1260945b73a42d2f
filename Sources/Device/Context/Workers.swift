import Glibc
import Synchronization

/// Threads that work on one thing together.
package enum Workers {
  /// How many threads are not done, which can be waited for.
  private final class Countdown: @unchecked Sendable {
    private var count: Int
    private var mutex = pthread_mutex_t()
    private var condition = pthread_cond_t()

    init(_ count: Int) {
      self.count = count
      pthread_mutex_init(&mutex, nil)
      pthread_cond_init(&condition, nil)
    }

    deinit {
      pthread_cond_destroy(&condition)
      pthread_mutex_destroy(&mutex)
    }

    func finishOne() {
      pthread_mutex_lock(&mutex)
      count -= 1
      pthread_cond_broadcast(&condition)
      pthread_mutex_unlock(&mutex)
    }

    func wait() {
      pthread_mutex_lock(&mutex)
      while count > 0 { pthread_cond_wait(&condition, &mutex) }
      pthread_mutex_unlock(&mutex)
    }
  }

  /// Runs a closure for each of several numbers at once, the first one in the calling thread, and waits
  /// until all are done; where there are no more threads, one after another.
  package static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    guard count > 1 else { return body(0) }
    let countdown = Countdown(count - 1)
    var left: [Int] = []
    for number in 1..<count {
      let hasStarted = DetachedThread.start {
        body(number)
        countdown.finishOne()
      }
      if !hasStarted { left.append(number) }
    }
    body(0)
    for number in left {
      body(number)
      countdown.finishOne()
    }
    countdown.wait()
  }

  /// Runs a closure in a thread of its own, for those who do not wait.
  package static func start(_ body: @escaping @Sendable () -> Void) {
    if !DetachedThread.start(body) { body() }
  }
}
