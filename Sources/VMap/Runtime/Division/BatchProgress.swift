import Synchronization

/// How far a call has come.
public struct BatchProgress: Sendable, Hashable {
  /// How many examples are computed.
  public let done: Int
  /// How many there are.
  public let count: Int

  /// Who is told.
  public typealias Report = @Sendable (BatchProgress) -> Void

  /// Who is told, and whether that is going on: calls that a report makes have nobody to tell.
  final class Listener: Sendable {
    private let report: Report
    private let telling = Atomic<Int>(0)

    init(_ report: @escaping Report) { self.report = report }

    var isTold: Bool { telling.load(ordering: .relaxed) > 0 }

    func tell(_ progress: BatchProgress) {
      telling.wrappingAdd(1, ordering: .relaxed)
      report(progress)
      telling.wrappingSubtract(1, ordering: .relaxed)
    }
  }

  @TaskLocal static var listener: Listener?

  /// Who is told of calls that are made now.
  static var report: Report? {
    guard let listener, !listener.isTold else { return nil }
    return { listener.tell($0) }
  }
}

/// Runs a closure whose calls of batched functions tell how far they have come.
///
///     let y = try withProgress({ print($0.done, "of", $0.count) }) { try f(xs) }
///
/// Batches are computed in at least 32 parts then, where they can be divided; the results have the same
/// bits. What has one part alone is told when it is done.
///
/// - Parameters:
///   - report: Told after each part, from any thread.
///   - body: What to run.
public func withProgress<R>(
  _ report: @escaping BatchProgress.Report, _ body: () throws -> R
) rethrows -> R {
  try AmbientValues.with {
    try BatchProgress.$listener.withValue(BatchProgress.Listener(report), operation: body)
  }
}
