import Testing
import VMap

/// Orders and samples beside those of `jax.random` of JAX 0.10.2.
@Suite struct SamplingTests {
  typealias F = Tensor<Float>
  static let key = Random.key(42)

  @Test func permutations() throws {
    let key = Self.key
    #expect(try Random.permutation(key, 10).scalars() == [7, 4, 2, 5, 3, 6, 8, 9, 0, 1])
    #expect(try Random.permutation(key, 0).scalars() == [])
    #expect(try Random.permutation(key, 1).scalars() == [0])
    // Two rounds of sorting, in passes.
    let many = try Random.permutation(key, 5000).scalars()
    #expect(many[..<6] == [3825, 3150, 2972, 2921, 1203, 2981])
    #expect(many.enumerated().reduce(0) { $0 + $1.offset * Int($1.element) } == 31_262_781_809)
    let x = Tensor<Int32>.iota([12]).reshaped(to: [4, 3])
    #expect(
      try Random.permutation(key, x).scalars() == [6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5])
    #expect(
      try Random.permutation(key, x, axis: 1).scalars()
        == [2, 0, 1, 5, 3, 4, 8, 6, 7, 11, 9, 10])
    #expect(
      try Random.permutation(key, x, axis: -1, independent: true).scalars()
        == [2, 0, 1, 4, 5, 3, 7, 6, 8, 10, 11, 9])
    let batch = vmap { (key: Random.Key) in Random.permutation(key, 4) }
    #expect(
      try batch(key.split(5)).scalars()
        == [1, 3, 0, 2, 2, 0, 3, 1, 0, 1, 2, 3, 3, 2, 0, 1, 1, 3, 2, 0])
    #expect(throws: VMapError.self) { try Random.permutation(key, x, axis: 2).scalars() }
    #expect(throws: VMapError.self) { try Random.permutation(key, -1).scalars() }
  }

  @Test func choices() throws {
    let key = Self.key
    let weights = F([0.1, 0.2, 0.3, 0.4])
    #expect(try Random.choice(key, 10, [5]).scalars() == [4, 4, 1, 9, 9])
    #expect(try Random.choice(key, 10, [5], replace: false).scalars() == [7, 4, 2, 5, 3])
    #expect(
      try Random.choice(key, 4, [8], probabilities: weights).scalars()
        == [2, 2, 2, 2, 2, 2, 3, 1])
    #expect(
      try Random.choice(key, 4, [3], replace: false, probabilities: weights).scalars()
        == [3, 2, 1])
    let x = Tensor<Int32>.iota([12]).reshaped(to: [3, 4])
    #expect(try Random.choice(key, x, [2], axis: 1).scalars() == [0, 2, 4, 6, 8, 10])
    expectError(.invalidArgument, naming: "choice", "5 of 4") {
      try Random.choice(key, 4, [5], replace: false).scalars()
    }
    expectError(.invalidArgument, naming: "choice", "1 of 0") {
      try Random.choice(key, 0).scalars()
    }
    expectError(.shapeMismatch, naming: "choice", "4 probabilities", "[3]") {
      try Random.choice(key, 4, probabilities: F([1, 2, 3])).scalars()
    }
  }

  /// An accepted number is a few roundings of its normal number away from JAX's, which takes other
  /// functions for its logarithms, powers and roots: 2⁻²⁰ is 8 units in the last place.
  @Test func gamma() throws {
    let key = Self.key
    let a = F([0, 0.01, 0.3, 1, 1.5, 4, 100, -1])
    try expectClose(
      Random.gamma(key, a),
      [
        0, 3.3854661296572885e-08, 1.038469910621643, 0.3602393567562103, 0.5694453120231628,
        3.000124454498291, 94.01882934570312, .nan,
      ], within: 1e-5)
    try expectClose(
      Random.logGamma(key, a),
      [
        -.infinity, -17.201189041137695, 0.03774839639663696, -1.020986557006836,
        -0.5630925297737122, 1.098653793334961, 4.543495178222656, .nan,
      ], within: 1e-5)
    try expectClose(
      Random.gamma(key, F(2.5), [2, 3]),
      [
        4.378075122833252, 1.5007864236831665, 4.194111347198486, 1.564313530921936,
        1.3024322986602783, 1.6644099950790405,
      ], within: 1e-6)
    try expectClose(Random.gamma(key, F(2.5)), [4.378075122833252], within: 1e-6)
    try expectClose(
      Random.gamma(key, Tensor<Double>([0.3, 2.5])), [0.04064462722988022, 1.8851142907505218],
      within: 1e-12)
    #expect(try Random.gamma(key, F.zeros([0])).scalars() == [])
  }

  /// Each example makes its own attempts, and has the bits that it has alone.
  @Test func gammaOfABatch() throws {
    let f = vmap { (key: Random.Key, a: F) in Random.gamma(key, a) }
    let (keys, a) = (Self.key.split(5), F([0.5, 1, 2, 3, 50]))
    let batch = try f(keys, a)
    try expectClose(
      batch,
      [
        0.5883029699325562, 0.5946474671363831, 2.531351327896118, 3.1658754348754883,
        51.498233795166016,
      ], within: 1e-6)
    for example in 0..<5 {
      let own = try jit { (key: Random.Key, a: F) in Random.gamma(key, a) }(
        keys[example], a[example])
      #expect(try own.scalar() == batch[example].scalar())
    }
  }

  @Test func distributionsOfGammas() throws {
    let key = Self.key
    try expectClose(
      Random.beta(key, F(0.5), F([0.5, 2, 9])),
      [0.8508639335632324, 0.15737295150756836, 0.1292087584733963], within: 1e-5)
    // The logarithms' last places count as much as those of numbers near 17.
    try expectClose(
      Random.dirichlet(key, F([0.1, 1, 5]), [2]),
      [
        0.0013593834592029452, 0.042650237679481506, 0.9559903740882874, 4.2102854536096856e-08,
        0.059539686888456345, 0.940460205078125,
      ], within: 1e-5)
    expectError(.shapeMismatch, naming: "dirichlet") {
      try Random.dirichlet(key, F(1)).scalars()
    }
  }

  @Test func poisson() throws {
    let key = Self.key
    #expect(
      try Random.poisson(key, F([0, 0.5, 3, 9.9, 10, 40, 1e4])).scalars()
        == [0, 1, 2, 7, 5, 34, 9946])
    #expect(try Random.poisson(key, F(3), [6]).scalars() == [6, 2, 2, 1, 5, 2])
    #expect(try Random.poisson(key, F(30), [6]).scalars() == [34, 35, 24, 26, 22, 25])
  }

  @Test func inversions() throws {
    let key = Self.key
    try expectClose(
      Random.laplace(key, [4]),
      [0.022839652374386787, -0.4456535577774048, -0.2646729052066803, -0.1301453858613968],
      within: 1e-6)
    // The tangent is taken near 0, where the argument's last place is that of 1/2.
    try expectClose(
      Random.cauchy(key, [4]),
      [-0.03548463061451912, 0.6337261199951172, 0.38244056701660156, 0.1940706968307495],
      within: 1e-5)
    try expectClose(
      Random.logistic(key, [4]),
      [-0.0451694130897522, 0.7528398036956787, 0.47375231981277466, 0.245286762714386],
      within: 1e-5)
    try expectClose(
      Random.truncatedNormal(key, F(-1), F([0, 1, 5, 100])),
      [-0.45244649052619934, 0.3126998543739319, 0.4597492516040802, 0.33361032605171204],
      within: 1e-5)
  }
}
