import Glibc

extension Trace {
  /// A trace, and the thread that runs the traced function.
  private struct Writing: Sendable {
    let trace: Trace
    let thread: pthread_t
  }

  @TaskLocal private static var writing: Writing?

  /// The trace that the calling thread is writing.
  ///
  /// A task that is started in a traced function inherits what is set there, but it is no part of the
  /// function: it runs beside it, in another thread, or after it.
  static var current: Trace? {
    guard let writing, pthread_equal(writing.thread, pthread_self()) != 0,
      !writing.trace.isFinished
    else { return nil }
    return writing.trace
  }

  /// Runs what the trace writes down.
  func beingCurrent<R>(_ body: () throws -> R) rethrows -> R {
    let writing = Writing(trace: self, thread: pthread_self())
    return try AmbientValues.with { try Trace.$writing.withValue(writing, operation: body) }
  }
}
