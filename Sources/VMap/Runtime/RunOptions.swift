package import Device

/// What tests force on runs.
package struct RunOptions: Sendable {
  /// Where to run instead of where the estimate says.
  var placement: Placement?
  /// Whether to compute offsets in 64 bits whatever the sizes.
  var usesWideIndices = false

  /// Options that force what is not nil and not false.
  package init(placement: Placement? = nil, usesWideIndices: Bool = false) {
    self.placement = placement
    self.usesWideIndices = usesWideIndices
  }

  @TaskLocal static var forced: RunOptions?

  /// Runs a closure whose runs are done as these options say.
  package func forcing<R>(_ body: () throws -> R) rethrows -> R {
    try AmbientValues.with { try RunOptions.$forced.withValue(self, operation: body) }
  }
}
