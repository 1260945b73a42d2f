import Testing

@testable import VMap
@testable import VMapTestSupport

/// The derivatives of incomplete functions, and of random numbers for the parameters of their
/// distributions, beside those of JAX 0.10.2.
@Suite struct DistributionDerivativeTests {
  typealias Reals = Tensor<Double>

  private let a = Reals([0.3, 0.7, 2, 5, 20, 20])
  private let x = Reals([0.1, 2, 1.5, 9, 12, 31])

  @Test func incompleteGamma() throws {
    let both: @Sendable (Reals, Reals) throws -> Tuple<Reals, Reals, Reals> = { a, x in
      let (da, dx) = try grad(ofAll: { igamma($0, $1) })(a, x)
      return Tuple(da, dx, try grad { (a: Reals) in igammac(a, x) }(a))
    }
    let (da, dx, upper) = try vmap(both)(a, x).elements
    let expected = [
      -1.1966608251292241, -0.17167839642772312, -0.3134886378250792, -0.04612267849903036,
      -0.012467078098053787, -0.00763742116116314,
    ]
    try expectClose(da, expected, within: 1e-12)
    try expectClose(upper, expected.map { -$0 }, within: 1e-12)
    try expectClose(
      dx,
      [
        1.5159034081925868, 0.08468545627887743, 0.33469524022264474, 0.03373715519219603,
        0.016136720280365464, 0.006132656257170344,
      ], within: 1e-12)
    let ends = try vmap(grad { (x: Reals) in igamma(Reals(1), x) })(Reals([0, .infinity]))
    try expect(ends, [2], [1, 0])
  }

  /// JAX has no derivatives for the orders: those are beside differences.
  @Test func incompleteBeta() throws {
    let t = Reals([0.1, 0.5, 0.9, 0.3, 0.6, 0.4])
    let slopes = try vmap(grad(ofAll: { betainc($0, $1, $2) }))(a, x, t)
    try expectClose(
      slopes.2,
      [
        0.4294719708406214, 0.7325309259402257, 1.0672687103068281, 3.0048160492349982,
        4.328177782865504, 5.727927641477093,
      ], within: 1e-12)
    let step = 1e-3
    func differences(_ f: (Double) -> Reals) throws -> [Double] {
      let at = [-2, -1, 1, 2].map { f($0 * step) }
      return try (((at[0] - at[3]) + (at[2] - at[1]) * 8) * (1 / (12 * step))).scalars()
    }
    let orders = try (
      differences { betainc(a + $0, x, t) }, differences { betainc(a, x + $0, t) }
    )
    for (found, wanted) in [(slopes.0, orders.0), (slopes.1, orders.1)] {
      for (found, wanted) in zip(try found.scalars(), wanted) {
        #expect(abs(found - wanted) < 1e-8)
      }
    }
  }

  /// As the distribution changes, not as the attempts do that a number is found by.
  @Test func gammaNumbers() throws {
    let key = Random.key(3)
    let a = Tensor<Float>([0.05, 0.5, 1, 2.5, 40])
    try expectClose(
      grad { (a: Tensor<Float>) in Random.gamma(key, a).sum() }(a),
      [0.002084773, 0.8818074, 2.1759183, 0.6657593, 0.825034], within: 1e-3)
    try expectClose(
      grad { (a: Tensor<Float>) in Random.logGamma(key, a).sum() }(a),
      [221.51715, 3.7057114, 0.5400004, 0.6401157, 0.030187374], within: 1e-3)
  }

  /// The mean of a gamma distribution is its parameter: so is that of the derivatives 1.
  @Test func meanOfDerivatives() throws {
    let slopes = grad { (a: Tensor<Double>) in
      Random.gamma(Random.key(7), a.broadcast(to: [20_000])).mean()
    }
    for a in [0.4, 1.5, 6] {
      // The derivatives' own deviation is below 1.5, over the root of their number.
      #expect(abs(try slopes(Tensor(a)).scalar() - 1) < 4 * 1.5 / 141)
    }
  }
}
