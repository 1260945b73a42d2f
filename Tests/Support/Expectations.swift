import Testing

/// Records what went wrong: the first few mismatches, and how many more there are.
func expectNone(
  _ mismatches: [Mismatch], sourceLocation: SourceLocation = #_sourceLocation
) {
  for mismatch in mismatches.prefix(3) {
    Issue.record("\(mismatch)", sourceLocation: sourceLocation)
  }
  if mismatches.count > 3 {
    Issue.record("and \(mismatches.count - 3) more", sourceLocation: sourceLocation)
  }
}
