import Foundation
import Synchronization
import Testing

@testable import VMap

/// Tasks that a traced function starts are no part of it, though they inherit its task-local values.
@Suite struct TraceInheritanceTests {
  typealias F = Tensor<Float>

  /// Something that one thread waits for.
  private final class Signal: Sendable {
    private let isSet = Atomic<Bool>(false)

    func set() { isSet.store(true, ordering: .releasing) }

    /// - Returns: Whether it came within ten minutes.
    func wait() -> Bool {
      for _ in 0..<600_000 {
        if isSet.load(ordering: .acquiring) { return true }
        usleep(1000)
      }
      return false
    }
  }

  /// Runs tasks in threads of their own: those for all tasks may be busy with other tests.
  private final class ThreadExecutor: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
  }

  /// What outside of traces has an answer: a mapped function, a loop with a trace of its own, an
  /// operation by its name.
  private static func outsiders(_ g: Vectorized<F, F>) throws -> [Float] {
    let loop = fori(0, 3, [F([1, 2])]) { _, state in [state[0] * 2] }
    let sum = try AnyTensor.applying("add", to: [AnyTensor(F([1])), AnyTensor(F([2]))])
    return try g(F([1, 2])).scalars() + loop[0].scalars() + Tensor<Float>(sum).scalars()
  }

  /// Runs in a thread that nobody else needs, as the functions below block it.
  private func inOwnThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws
    -> R
  {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
  }

  @Test(arguments: [false, true]) func aTaskRunsForItself(duringTheTrace: Bool) async throws {
    let g = vmap { (x: F) in x * 2 }
    let (start, end) = (Signal(), Signal())
    let task = Mutex<Task<[Float], any Error>?>(nil)
    let results = try await inOwnThread {
      let f = vmap { (x: F) -> F in
        task.withLock {
          guard $0 == nil else { return }
          $0 = Task(executorPreference: ThreadExecutor()) {
            defer { end.set() }
            #expect(start.wait())
            return try Self.outsiders(g)
          }
        }
        if duringTheTrace {
          // In the body of a loop, where whatever is written belongs to the loop.
          return whileLoop([x], while: { $0[0] .< 10 }) { state in
            start.set()
            #expect(end.wait())
            return [state[0] + 5]
          }[0]
        }
        return x + 1
      }
      let result = try f(F([1, 2])).scalars()
      start.set()
      return result
    }
    #expect(results == (duringTheTrace ? [11, 12] : [2, 3]))
    let value = try #require(task.withLock { $0 })
    #expect(try await value.value == [2, 4, 8, 16, 3])
  }
}
