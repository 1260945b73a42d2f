import Device

/// What tests force on runs.
struct RunOptions: Sendable {
  /// Where to run instead of where the estimate says.
  var placement: Placement?
  /// Whether to compute offsets in 64 bits whatever the sizes.
  var usesWideIndices = false

  @TaskLocal static var forced: RunOptions?

  /// Runs a closure whose runs are done as these options say.
  func forcing<R>(_ body: () throws -> R) rethrows -> R {
    try AmbientValues.with { try RunOptions.$forced.withValue(self, operation: body) }
  }
}
