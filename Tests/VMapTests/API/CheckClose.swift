import Testing
import VMap

/// Checks elements to a tolerance relative to what they should be; infinities must be the same, and
/// NaN is NaN.
///
/// - Parameter scale: What the tolerance is relative to where an element should be smaller than that.
func expectClose<Scalar: FloatingPoint>(
  _ actual: [Scalar], _ expected: [Scalar], within tolerance: Scalar, ofAtLeast scale: Scalar = 0,
  at location: SourceLocation = #_sourceLocation
) {
  #expect(actual.count == expected.count, sourceLocation: location)
  let wrong = zip(actual, expected).enumerated().first { _, pair in
    let (a, e) = pair
    let isClose = e.isFinite && abs(a - e) <= tolerance * max(scale, abs(e))
    return a != e && !isClose && !(a.isNaN && e.isNaN)
  }
  if let (number, (a, e)) = wrong {
    Issue.record("element \(number): \(a), expected \(e)", sourceLocation: location)
  }
}

/// Checks the elements of a tensor in the same way.
func expectClose<Scalar: TensorFloatingPoint>(
  _ actual: Tensor<Scalar>, _ expected: [Scalar], within tolerance: Scalar,
  ofAtLeast scale: Scalar = 0, at location: SourceLocation = #_sourceLocation
) throws {
  expectClose(
    try actual.scalars(), expected, within: tolerance, ofAtLeast: scale, at: location)
}
