import Testing

@testable import VMap
@testable import VMapTestSupport

/// Errors of long sums stay within what their trees allow: each addition that a term goes through rounds
/// once.
@Suite struct ReductionAccuracyTests {
  static let count = 1_000_000
  static let blocks = 245
  /// The additions of a term: in a block with partial results, or one after another, and of blocks.
  static let (interleaved, inOrder) = (64 + 6 + blocks, 4096 + blocks)
  static let rounding = 0x1p-24

  private func numbers(_ seed: UInt64, _ count: Int) -> [Float] {
    var generator = SplitMix(state: seed)
    return (0..<count).map { _ in Float.random(in: -0.5..<1, using: &generator) }
  }

  /// Checks one sum against the same terms in double precision.
  private func check(_ found: Float, _ terms: some Sequence<Double>, additions: Int) {
    var (sum, magnitudes) = (0.0, 0.0)
    for term in terms {
      sum += term
      magnitudes += term.magnitude
    }
    let bound = Double(additions) * Self.rounding * magnitudes
    #expect((Double(found) - sum).magnitude <= bound, "\(found), not \(sum), bound \(bound)")
  }

  @Test func row() throws {
    let x = numbers(1, Self.count)
    let sum = try Tensor<Float>(x).sum().scalar()
    check(sum, x.lazy.map(Double.init), additions: Self.interleaved)
  }

  @Test func vectors() throws {
    let (x, y) = (numbers(2, Self.count), numbers(3, Self.count))
    let sum = try dot(Tensor<Float>(x), Tensor<Float>(y)).scalar()
    check(sum, zip(x, y).lazy.map { Double($0) * Double($1) }, additions: Self.interleaved)
  }

  @Test func batch() throws {
    let x = numbers(4, Self.count)
    let mean = vmap(inAxes: 0, outAxes: nil, axisName: "b") { (x: Tensor<Float>) in
      x.sum(over: "b")
    }
    check(
      try mean(Tensor<Float>(x)).scalar(), x.lazy.map(Double.init), additions: Self.interleaved)
  }

  @Test func columns() throws {
    let x = numbers(5, 3 * Self.count)
    let sums = try Tensor<Float>(shape: [Self.count, 3], scalars: x).sum(axis: 0).scalars()
    for (column, sum) in sums.enumerated() {
      let terms = stride(from: column, to: x.count, by: 3).lazy.map { Double(x[$0]) }
      check(sum, terms, additions: Self.inOrder)
    }
  }

  @Test func matrices() throws {
    let (x, y) = (numbers(6, 2 * Self.count), numbers(7, 3 * Self.count))
    let product = try matmul(
      Tensor<Float>(shape: [2, Self.count], scalars: x),
      Tensor<Float>(shape: [Self.count, 3], scalars: y)
    ).scalars()
    for row in 0..<2 {
      for column in 0..<3 {
        let terms = (0..<Self.count).lazy.map {
          Double(x[row * Self.count + $0]) * Double(y[3 * $0 + column])
        }
        check(product[3 * row + column], terms, additions: Self.inOrder)
      }
    }
  }

  /// In a product every multiplication rounds all of it.
  @Test func product() throws {
    let factors = numbers(8, Self.count).map { 1 + $0 / 1_000_000 }
    let expected = factors.reduce(1.0) { $0 * Double($1) }
    let found = Double(try Tensor<Float>(factors).product().scalar())
    #expect(abs(found / expected - 1) <= Double(Self.count) * Self.rounding)
  }
}
