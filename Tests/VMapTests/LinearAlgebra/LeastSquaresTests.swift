import Testing
import VMap

/// Pseudo-inverses and least squares, by what defines them, and against JAX.
@Suite struct LeastSquaresTests {
  private static let tall = Matrix(4, 3, [2, -1, 0.5, 1, 3, -2, 0, 1, 4, 1, -1, 1])
  /// Of rank 2.
  private static let singular = Matrix(3, 3, [1, 2, 3, 2, 4, 6, 1, 0, 1])

  /// The first of Penrose's conditions, with the error of the singular values, a few (m + n) units of
  /// rounding of the norm, or what counts as zero beside it.
  @Test func pseudoInverses() throws {
    for (rows, columns) in [(3, 3), (5, 3), (2, 5)] {
      let batch = try MatrixKind.batch { $0.matrix(rows, columns) }
      let inverses = try vmap({ LinearAlgebra.pinv($0) })(batch)
      for (a, p) in zip(try Matrix.examples(batch), try Matrix.examples(inverses)) {
        #expect(p.rows == columns && p.columns == rows && p.isFinite)
        let bound = 20 * Double(rows + columns) * Float.unitRoundoff * a.norm
        #expect((a * p * a - a).norm <= bound * max(1, a.norm * p.norm))
      }
    }
  }

  @Test func pseudoInversesOfJAX() throws {
    try expectClose(
      LinearAlgebra.pinv(Self.tall.tensor(Double.self)),
      [
        0.333333333333333, 0.166666666666667, 0, 0.166666666666667, -0.0803295571575695,
        0.233779608650875, 0.145211122554068, -0.0731204943357363, 0.0102986611740474,
        -0.0556127703398558, 0.212152420185376, 0.0350154479917611,
      ], within: 1e-14, ofAtLeast: 1)
    try expectClose(
      LinearAlgebra.pinv(Self.singular.tensor(Double.self)),
      [
        -1.0 / 30, -1.0 / 15, 5.0 / 6, 1.0 / 15, 2.0 / 15, -2.0 / 3, 1.0 / 30, 1.0 / 15, 1.0 / 6,
      ], within: 1e-14, ofAtLeast: 1)
    #expect(LinearAlgebra.pinv(Tensor<Float>.zeros([0, 2])).shape == [2, 0])
  }

  /// What is left is orthogonal to the columns, but for the singular values that count as zero.
  @Test func leastSquares() throws {
    for (rows, columns) in [(5, 3), (2, 5)] {
      let batch = try MatrixKind.batch { $0.matrix(rows, columns) }
      let b = MatrixKind.random.matrix(rows, 2, seed: 4).rounded(to: Float.self)
      let results = try vmap(
        { (a: Tensor<Float>, b: Tensor<Float>) in
          let result = LinearAlgebra.lstsq(a, b)
          return [result.x, result.residuals.reshaped(to: [1, 2])]
        }, inAxes: [0, nil])(batch, b.tensor(Float.self))
      let (solutions, residuals) = try (
        Matrix.examples(results[0]), Matrix.examples(results[1])
      )
      for (number, a) in try Matrix.examples(batch).enumerated() {
        let x = solutions[number]
        #expect(x.rows == columns && x.columns == 2 && x.isFinite)
        let rest = b - a * x
        let bound = 20 * Double(rows + columns) * Float.unitRoundoff
        let size = a.norm * x.norm + b.norm
        #expect((a.transposed * rest).norm <= bound * a.norm * size)
        let left = residuals[number].elements.reduce(0, +)
        #expect(abs(left - rest.norm * rest.norm) <= bound * size * size)
      }
    }
  }

  @Test func leastSquaresOfJAX() throws {
    let a = try Self.tall.tensor(Double.self)
    let b = Tensor<Double>([1, 2, -1, 0.5])
    let result = LinearAlgebra.lstsq(a, b)
    #expect(result.x.shape == [3] && result.residuals.shape == [1])
    try expectClose(
      result.x, [0.75, 0.205458290422245, -0.295571575695159], within: 1e-14, ofAtLeast: 1)
    try expectClose(result.residuals, [0.0868949536560247], within: 1e-13)
    #expect(try result.rank.scalar() == 3)
    try expectClose(
      result.singularValues, [4.73550988585813, 3.29012858729563, 2.44948974278318], within: 1e-14)
    let wide = LinearAlgebra.lstsq(a.transposed(), b[0..<3])
    try expectClose(
      wide.x, [0.162375557844147, 0.689838654308274, 0.07826982492276, -0.0145897699965672],
      within: 1e-14, ofAtLeast: 1)
    let singular = LinearAlgebra.lstsq(try Self.singular.tensor(Double.self), b[0..<3])
    try expectClose(singular.x, [-1, 1, 0], within: 1e-14, ofAtLeast: 1)
    #expect(try singular.rank.scalar() == 2)
    let none = LinearAlgebra.lstsq(Tensor<Float>.zeros([2, 0]), Tensor<Float>([3, 4]))
    #expect(try none.x.shape == [0] && none.residuals.scalars() == [25])
  }

  /// Higham, theorem 10.4: the solution is exact for a matrix that differs by γ(3n + 1) |L| |Lᵀ|.
  @Test func choleskySolutions() throws {
    for kind in [MatrixKind.random, .graded, .diagonal] {
      let a = kind.definite(5).rounded(to: Float.self)
      let b = MatrixKind.random.matrix(5, 3, seed: 5).rounded(to: Float.self)
      for isLower in [true, false] {
        let factor = LinearAlgebra.cholesky(try a.tensor(Float.self), upper: !isLower)
        let x = try Matrix(
          LinearAlgebra.choleskySolve(factor, b.tensor(Float.self), lower: isLower))
        let f = try Matrix(factor).magnitudes
        let size = (isLower ? f * f.transposed : f.transposed * f).norm
        let bound = Double(3 * a.rows + 2) * Float.unitRoundoff * size * x.norm
        #expect((a * x - b).norm <= bound)
      }
    }
  }

  @Test func choleskySolutionsOfComplexMatrices() throws {
    typealias C = Complex<Double>
    let half = try Tensor<C>(
      shape: [2, 2], scalars: [C(1, 2), C(0, -1), C(0.5, 0.5), C(3, 1)])
    let a = matmul(half, conj(half).transposed()) + Tensor<C>.eye(2)
    let b = Tensor<C>([C(1, 1), C(-2, 0.5)])
    for isUpper in [false, true] {
      let factor = LinearAlgebra.cholesky(a, upper: isUpper)
      let x = LinearAlgebra.choleskySolve(factor, b, lower: !isUpper)
      // As for real ones; the sizes are below 20.
      #expect(try abs(matmul(a, x) - b).max().scalar() <= 100 * 20 * Double.unitRoundoff)
    }
  }

  /// An example that is no number makes no other one so.
  @Test func failures() throws {
    let good: [Float] = [2, 1, 1, 3]
    let bad: [Float] = [.nan, 1, 1, 3]
    let x = try Tensor<Float>(shape: [3, 2, 2], scalars: good + bad + good)
    let b = Tensor<Float>([1, 2])
    let results = try vmap({ (a: Tensor<Float>) in
      [
        LinearAlgebra.pinv(a), LinearAlgebra.lstsq(a, b).x, LinearAlgebra.expm(a),
        LinearAlgebra.choleskySolve(LinearAlgebra.cholesky(a), b), LinearAlgebra.cond(a),
        LinearAlgebra.matrixNorm(a, ord: .l2),
      ]
    })(x)
    for result in results {
      let scalars = try result.scalars()
      let size = scalars.count / 3
      #expect(scalars[..<size].allSatisfy { $0.isFinite })
      #expect(scalars[size..<2 * size].allSatisfy { $0.isNaN })
      #expect(Array(scalars[(2 * size)...]) == Array(scalars[..<size]))
    }
  }

  @Test func errors() {
    let (wide, square) = (Tensor<Float>.zeros([2, 3]), Tensor<Float>.zeros([2, 2]))
    let vector = Tensor<Float>([1, 2, 3])
    expectError(.shapeMismatch, naming: "pinv", "[3]") {
      try LinearAlgebra.pinv(vector).scalars()
    }
    expectError(.shapeMismatch, naming: "lstsq", "[2,3]", "[3]") {
      try LinearAlgebra.lstsq(wide, vector).x.scalars()
    }
    expectError(.shapeMismatch, naming: "choleskySolve", "[2,2]", "[3]") {
      try LinearAlgebra.choleskySolve(square, vector).scalars()
    }
    expectError(.shapeMismatch, naming: "choleskySolve", "square", "[2,3]") {
      try LinearAlgebra.choleskySolve(wide, vector).scalars()
    }
    expectError(.shapeMismatch, naming: "expm", "square", "[2,3]") {
      try LinearAlgebra.expm(wide).scalars()
    }
    expectError(.shapeMismatch, naming: "cond", "square", "[2,3]") {
      try LinearAlgebra.cond(wide, p: .l1).scalars()
    }
    expectError(.shapeMismatch, naming: "cond", "[0,3]") {
      try LinearAlgebra.cond(Tensor<Float>.zeros([0, 3])).scalars()
    }
    expectError(.shapeMismatch, naming: "matrixNorm", "[3]") {
      try LinearAlgebra.matrixNorm(vector).scalars()
    }
    expectError(.shapeMismatch, naming: "vectorNorm") {
      try LinearAlgebra.vectorNorm(Tensor<Float>(1)).scalars()
    }
    expectError(.shapeMismatch, naming: "matrixRank") {
      try LinearAlgebra.matrixRank(vector).scalars()
    }
  }
}
