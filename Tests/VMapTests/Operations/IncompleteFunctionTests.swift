import Testing
import VMap

/// Incomplete gamma and beta functions and a Bessel function beside values of mpmath 1.4 at 40 digits.
@Suite struct IncompleteFunctionTests {
  private static let a = [0.5, 0.5, 1, 2, 2, 5, 10, 30, 0.1, 3.5, 100, 100, 1e-3, 7, 1, 2.5]
  private static let x = [0.2, 3, 1, 3, 0.01, 5, 20, 12, 0.001, 40, 90, 130, 2, 7.5, 0.5, 1e-8]
  private static let lower = [
    0.4729107431344619, 0.9856941215645704, 0.6321205588285577, 0.8008517265285442,
    4.966791334026589e-05, 0.5595067149347875, 0.9950045876916924, 8.870138799144693e-06,
    0.5267685683924451, 0.9999999999999862, 0.15822098918643016, 0.9972495916326934,
    0.999951023082169, 0.6218453056765307, 0.3934693402873666, 3.009011090761764e-21,
  ]
  private static let upper = [
    0.5270892568655381, 0.01430587843542964, 0.36787944117144233, 0.19914827347145578,
    0.9999503320866597, 0.4404932850652124, 0.004995412308307587, 0.9999911298612009,
    0.4732314316075549, 1.377501829742615e-14, 0.8417790108135699, 0.002750408367306526,
    4.897691783098148e-05, 0.3781546943234693, 0.6065306597126334, 1.0,
  ]
  private static let betaA = [0.5, 2, 5, 1, 30, 0.1, 100, 3.5, 1, 2, 2, 12.5]
  private static let betaB = [0.5, 3, 1, 4, 20, 0.2, 150, 0.25, 1, 60, 2, 7]
  private static let betaX = [
    0.25, 0.5, 0.75, 0.125, 0.625, 0.0625, 0.375, 0.96875, 0.5, 0.03125, 0.9990234375, 0.5,
  ]
  private static let betas = [
    0.3333333333333333, 0.6875, 0.2373046875, 0.413818359375, 0.6340036961637244,
    0.5215353229000245, 0.2108007436205705, 0.3921715605493403, 0.5, 0.5721014844108259,
    0.9999971408396959, 0.0999049713697422,
  ]
  private static let places = [0, 0.25, 1, -1, 4, 7.75, 8, 8.25, 20, -100, 1e5]
  private static let bessels = [
    1.0, 0.7910171621397194, 0.46575960759364043, 0.46575960759364043, 0.2070019212239867,
    0.1458122743089143, 0.14343178185685032, 0.1411645506329935, 0.08978031188482602,
    0.03994437929909668, 0.0012615678379767768,
  ]

  /// The error is relative to the value, or to 1 where it is the difference from 1 that is computed.
  private func expectClose<S: TensorFloatingPoint>(
    _ actual: Tensor<S>, _ expected: [Double], roundings: [S], of unit: [S]? = nil
  ) throws {
    let scalars = try actual.scalars()
    #expect(scalars.count == expected.count)
    for (index, (a, e)) in zip(scalars, expected).enumerated() {
      let bound = roundings[index] * S.ulpOfOne * (unit?[index] ?? abs(S(e)))
      #expect(abs(a - S(e)) <= bound, "\(a), expected \(e), element \(index)")
    }
  }

  private func numbers<S: TensorFloatingPoint>(_ values: [Double]) -> [S] { values.map { S($0) } }

  /// The terms of the logarithm of `x^a exp(-x) / gamma(a)` are rounded, by four units for the
  /// logarithm of gamma, and so is x: a relative change of `abs(a - x)`; forty more for the sums.
  private func checkGamma<S: TensorFloatingPoint>(_: S.Type) throws {
    let f = vmap { (a: Tensor<S>, x: Tensor<S>) in (igamma(a, x), igammac(a, x)) }
    let (p, q) = try f(Tensor(numbers(Self.a)), Tensor(numbers(Self.x)))
    let pairs = Array(zip(Self.a, Self.x))
    let roundings: [S] = pairs.map { a, x in
      let terms = abs(a * logarithm(x)) + x + abs(a * logarithm(a)) + a
      return S(40 + 4 * terms)
    }
    let isUpper = pairs.map { a, x in x >= 1 && x > a }
    func units(_ values: [Double], _ isOther: (Bool) -> Bool) -> [S] {
      zip(values, isUpper).map { S(isOther($1) ? max(1 - $0, $0) : $0) }
    }
    try expectClose(p, Self.lower, roundings: roundings, of: units(Self.lower) { $0 })
    try expectClose(q, Self.upper, roundings: roundings, of: units(Self.upper) { !$0 })
  }

  private func logarithm(_ x: Double) -> Double {
    // Of 2, by the exponent and the significand: near enough for a bound.
    (Double(x.exponent) + x.significand - 1) * 0.6931471805599453
  }

  @Test func gammaFunctions() throws {
    try checkGamma(Double.self)
    try checkGamma(Float.self)
  }

  private func checkBeta<S: TensorFloatingPoint>(_: S.Type) throws {
    let f = vmap { (a: Tensor<S>, b: Tensor<S>, x: Tensor<S>) in betainc(a, b, x) }
    let values = try f(
      Tensor(numbers(Self.betaA)), Tensor(numbers(Self.betaB)), Tensor(numbers(Self.betaX)))
    let roundings: [S] = zip(Self.betaA, Self.betaB).map { a, b in
      let sum = a + b
      return S(60 + 4 * (sum * abs(logarithm(sum)) + sum))
    }
    try expectClose(values, Self.betas, roundings: roundings)
  }

  @Test func betaFunction() throws {
    try checkBeta(Double.self)
    try checkBeta(Float.self)
  }

  private func checkBessel<S: TensorFloatingPoint>(_: S.Type) throws {
    let values = try vmap { (x: Tensor<S>) in besselI0e(x) }(Tensor(numbers(Self.places)))
    let roundings = [S](repeating: 8, count: Self.places.count)
    try expectClose(values, Self.bessels, roundings: roundings)
  }

  @Test func besselFunction() throws {
    try checkBessel(Double.self)
    try checkBessel(Float.self)
    let values = try besselI0e(Tensor<Float>([.infinity, -.infinity, .nan])).scalars()
    #expect(values[..<2] == [0, 0] && values[2].isNaN)
  }

  @Test func edges() throws {
    let inf = Float.infinity
    let a = Tensor<Float>([0, 0, 2, 2, -1, 1, .nan])
    let x = Tensor<Float>([0, 1, 0, inf, 1, -1, 1])
    let (p, q) = (try igamma(a, x).scalars(), try igammac(a, x).scalars())
    #expect(p[1...3] == [1, 0, 1] && q[1...3] == [0, 1, 0])
    for index in [0, 4, 5, 6] { #expect(p[index].isNaN && q[index].isNaN) }

    let b = try betainc(
      Tensor<Float>([0, 0, 2, 2, inf, 2, 3, 3, -1, 0, 1, .nan]),
      Tensor<Float>([2, 2, 0, inf, 2, inf, 2, 2, 1, 0, 1, 1]),
      Tensor<Float>([0, 0.5, 0.5, 0.5, 0.5, 0, 0, 1, 0.5, 0.5, 2, 0.5])
    ).scalars()
    #expect(b[..<8] == [0, 1, 0, 1, 0, 0, 0, 1])
    for value in b[8...] { #expect(value.isNaN) }
  }

  /// Operands broadcast; 16-bit numbers are rounded once.
  @Test func shapesAndNarrowTypes() throws {
    let rows = igamma(Tensor<Float>([[1], [2]]), Tensor<Float>([0.5, 1, 2]))
    #expect(rows.shape == [2, 3])
    let single = try (0..<6).map {
      try igamma(Tensor(Float($0 / 3 + 1)), Tensor([0.5, 1, 2][$0 % 3])).scalar()
    }
    #expect(try rows.scalars() == single)
    let narrow = try betainc(
      Tensor<Float16>([2, 5]), Tensor<Float16>([3, 1]), Tensor<Float16>([0.5, 0.75])
    ).scalars()
    #expect(narrow == [0.6875, Float16(0.2373046875)])
  }
}
