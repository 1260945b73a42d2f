/// How far a call has come.
public struct BatchProgress: Sendable, Hashable {
  /// How many examples are computed.
  public let done: Int
  /// How many there are.
  public let count: Int

  /// Who is told.
  public typealias Report = @Sendable (BatchProgress) -> Void

  @TaskLocal static var report: Report?
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
  try AmbientValues.with { try BatchProgress.$report.withValue(report, operation: body) }
}
