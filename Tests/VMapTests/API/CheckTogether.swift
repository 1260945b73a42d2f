import Testing
import VMap

/// A result with the shape and the elements that it should have.
typealias Expected<Scalar: TensorScalar> = (result: Tensor<Scalar>, shape: [Int], scalars: [Scalar])

/// Checks several results that are read together, which compiles one program for all of them.
func expectAll<Scalar: TensorScalar>(
  _ expected: [Expected<Scalar>], at location: SourceLocation = #_sourceLocation,
  by isRight: (Scalar, Scalar) -> Bool = { $0 == $1 }
) throws {
  let all = concatenate(expected.map { $0.result.flattened() })
  var rest = try all.scalars()[...]
  for (number, (result, shape, scalars)) in expected.enumerated() {
    #expect(result.shape == shape, "result \(number)", sourceLocation: location)
    let actual = Array(rest.prefix(result.count))
    rest = rest.dropFirst(result.count)
    let isEqual = actual.count == scalars.count && zip(actual, scalars).allSatisfy(isRight)
    #expect(
      isEqual, "result \(number): \(actual), expected \(scalars)", sourceLocation: location)
  }
}

/// Checks several results to 1e-6 of their values plus 1e-6; NaN is NaN.
func expectAllClose(
  _ expected: [Expected<Float>], at location: SourceLocation = #_sourceLocation
) throws {
  try expectAll(expected, at: location) {
    $0.isNaN ? $1.isNaN : $0 == $1 || abs($0 - $1) <= 1e-6 + 1e-6 * abs($1)
  }
}
