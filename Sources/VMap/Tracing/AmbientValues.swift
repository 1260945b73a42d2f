import Synchronization

/// Counts the task-local values that are set in any task: while there is none, as in every warm call,
/// nobody needs to look them up.
enum AmbientValues {
  private static let count = Atomic<Int>(0)

  /// Whether a task-local value may be set.
  static var areSet: Bool { count.load(ordering: .relaxed) != 0 }

  /// Runs what sets a task-local value.
  static func with<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    count.wrappingAdd(1, ordering: .relaxed)
    defer { count.wrappingSubtract(1, ordering: .relaxed) }
    return try body()
  }
}
