import Testing
import VMap

/// The zeta and the polygamma function beside those of SciPy 1.17 and, where there is a pole, JAX.
@Suite struct ZetaTests {
  private static let x = [1, 0.5, 2, 2, 3, 1.5, 10, 40, 2, 3, 2, 3, 1.0001, 200, 2.5]
  private static let q = [2, 2, 1, 0.25, 7, 100, 0.5, 1.25, 0, 0, -1.5, -2, 3, 1.5, -1.5]
  private static let zetas: [Double] = [
    .infinity, .nan, 1.6449340668482266, 17.197329154507113, 0.011765236492927617,
    0.20050124998177188, 1024.0174503557578, 0.00013292279958667056, .infinity, .nan,
    9.379246644989124, .nan, 9999.077257603698, 6.049899898193749e-36, .nan,
  ]
  private static let orders: [Double] = [0, 1, 2, 3, 10, 1.5, -1, 1, 1]
  private static let places = [2.5, 1, 0.5, 7, 1.25, 2, 2, 0, -0.5]
  private static let polygammas: [Double] = [
    0.7031566406452432, 1.6449340668482266, -16.828796644234316, 0.007198198563125444,
    -312205.54998136853, .nan, .nan, .infinity, 8.934802200544679,
  ]

  /// Within 64 roundings: the logarithm of 10! is near 15, and four units in its last place are that
  /// many of its exponential's.
  private func check<S: TensorFloatingPoint>(_ actual: Tensor<S>, _ expected: [Double]) throws {
    try expectClose(actual, expected.map { S($0) }, within: 64 * S.ulpOfOne)
  }

  @Test func doubles() throws {
    let f = vmap { (x: Tensor<Double>, y: Tensor<Double>) in (zeta(x, y), polygamma(x, y)) }
    try check(f(Tensor(Self.x), Tensor(Self.q)).0, Self.zetas)
    try check(f(Tensor(Self.orders), Tensor(Self.places)).1, Self.polygammas)
  }

  /// Where the argument's own rounding decides, next to the pole at 1, nothing can be said.
  @Test func floats() throws {
    let f = vmap { (x: Tensor<Float>, y: Tensor<Float>) in (zeta(x, y), polygamma(x, y)) }
    let kept = Self.x.indices.filter { Self.x[$0] != 1.0001 }
    try check(
      f(Tensor(kept.map { Float(Self.x[$0]) }), Tensor(kept.map { Float(Self.q[$0]) })).0,
      kept.map { Self.zetas[$0] })
    let (orders, places) = (Self.orders.map(Float.init), Self.places.map(Float.init))
    try check(f(Tensor(orders), Tensor(places)).1, Self.polygammas)
  }
}
