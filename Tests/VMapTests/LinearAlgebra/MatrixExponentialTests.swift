import Testing
import VMap

/// Exponentials of matrices, against JAX and by what they are known to be.
@Suite struct MatrixExponentialTests {
  private static let square: [Double] = [1, 2, 0.5, -1, 0.25, 1, 0.5, -2, 1]

  @Test func valuesOfJAX() throws {
    let a = try Tensor<Double>(shape: [3, 3], scalars: Self.square)
    // The condition of the exponential is about the norm, 4.25, and 9 times that, of as many units.
    try expectClose(
      LinearAlgebra.expm(a),
      [
        1.98218753164665, 1.32797357588696, 2.49950153869141, -0.663986787943483,
        -0.683310704030632, 0.663986787943483, 2.49950153869141, -1.32797357588696,
        1.98218753164665,
      ], within: 1e-14, ofAtLeast: 3)
    try expectClose(
      LinearAlgebra.expm(9 * a),
      [
        364716.733483185, -22.6567148558914, 364699.63636452, 11.32835742788, 19.9292080223902,
        -11.3283574279801, 364699.63636452, 22.6567148558286, 364716.733483185,
      ], within: 1e-13, ofAtLeast: 4e5)
    try expectClose(
      LinearAlgebra.expm(a.asType(Float.self)),
      [
        1.982187532, 1.327973576, 2.499501539, -0.663986788, -0.683310704, 0.663986788,
        2.499501539, -1.327973576, 1.982187532,
      ], within: 2e-6, ofAtLeast: 3)
  }

  /// `exp(a) exp(−a)` is 1: both have an error of a few n units for each squaring.
  @Test func inverses() throws {
    let batch = try MatrixKind.batch { $0.matrix(5, 5) }
    let exponential = vmap { (a: Tensor<Float>) in LinearAlgebra.expm(a) }
    let (there, back) = try (
      Matrix.examples(exponential(batch)), Matrix.examples(exponential(-batch))
    )
    for (number, a) in try Matrix.examples(batch).enumerated() {
      let size = there[number].norm * back[number].norm
      let bound = 100 * (1 + a.norm) * Float.unitRoundoff * size
      #expect((there[number] * back[number] - .identity(5)).norm <= bound)
    }
  }

  @Test func knownValues() throws {
    let shift = try Tensor<Float>(shape: [3, 3], scalars: [0, 1, 0, 0, 0, 1, 0, 0, 0])
    try expectClose(
      LinearAlgebra.expm(shift), [1, 1, 0.5, 0, 1, 1, 0, 0, 1], within: 1e-6, ofAtLeast: 1)
    #expect(try LinearAlgebra.expm(Tensor<Float>.zeros([2, 2])).scalars() == [1, 0, 0, 1])
    #expect(LinearAlgebra.expm(Tensor<Float>.zeros([0, 0])).shape == [0, 0])
    // One example is squared more often than another; a third one more often than is allowed.
    let sizes: [Float] = [0, 1, 20, -80, 1e6]
    let x = try Tensor<Float>(shape: [5, 1, 1], scalars: sizes)
    let results = try vmap({ LinearAlgebra.expm($0) })(x).scalars()
    // A few units of rounding of a number up to 80.
    try expectClose(
      Array(results[..<4]), exp(Tensor(Array(sizes[..<4]))).scalars(), within: 2e-5)
    #expect(results[4].isNaN)
    let few = LinearAlgebra.expm(Tensor<Float>([[20]]), maxSquarings: 1)
    #expect(try few.scalars()[0].isNaN)
    for value in [Float.nan, .infinity] {
      let result = LinearAlgebra.expm(Tensor<Float>([[1, value], [0, 1]]))
      #expect(try result.scalars().allSatisfy { $0.isNaN })
    }
  }
}
