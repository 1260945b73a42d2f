import Testing
import VMap

/// Factors and solutions by what they give when multiplied.
@Suite struct SolveTests {
  private let sizes = [1, 2, 3, 5, 8, 16]

  /// Higham, theorem 9.3: |L U − P a| ≤ γ(n) |L| |U|.
  func checkLU<Scalar: TensorFloatingPoint>(_ a: Matrix, _ type: Scalar.Type) throws {
    let a = a.rounded(to: type)
    let results = LinearAlgebra.lu(try a.tensor(type))
    let packed = try Matrix(results.lu)
    let order = try results.permutation.scalars().map(Int.init)
    #expect(order.sorted() == Array(0..<a.rows))
    let count = min(a.rows, a.columns)
    let l = Matrix(a.rows, count) { $0 == $1 ? 1 : $0 > $1 ? packed[$0, $1] : 0 }
    let u = Matrix(count, a.columns) { $0 <= $1 ? packed[$0, $1] : 0 }
    #expect(l.elements.allSatisfy { $0.magnitude <= 1 + 2 * type.unitRoundoff })
    // One more for the rounding of the reciprocal.
    let bound = Double(count + 2) * type.unitRoundoff * (l.magnitudes * u.magnitudes).norm
    #expect((l * u - a.rows(order)).norm <= bound)
    var exchanged = Array(0..<a.rows)
    for (row, pivot) in try results.pivots.scalars().enumerated() {
      exchanged.swapAt(row, Int(pivot))
    }
    #expect(exchanged == order)
  }

  @Test(arguments: MatrixKind.allCases)
  func factors(kind: MatrixKind) throws {
    for size in sizes { try checkLU(kind.matrix(size, size), Float.self) }
    for (rows, columns) in [(3, 5), (5, 3), (1, 4), (4, 1), (8, 8), (5, 65), (66, 66)] {
      try checkLU(kind.matrix(rows, columns), Double.self)
    }
  }

  /// Higham, theorem 9.4: the solution is exact for a matrix that differs by γ(3n) |L| |U|, and
  /// |L| |U| is at most n² times the greatest element where pivoting does not let it grow.
  @Test(arguments: [1, 2, 3, 5, 8, 16])
  func solutions(size: Int) throws {
    for columns in [0, 1, 3] {
      let a = MatrixKind.random.matrix(size, size).rounded(to: Float.self)
      let b = MatrixKind.random.matrix(size, max(1, columns), seed: 5).rounded(to: Float.self)
      let sides = try b.tensor(Float.self).reshaped(to: columns == 0 ? [size] : [size, columns])
      let solution = LinearAlgebra.solve(try a.tensor(Float.self), sides)
      #expect(solution.shape == sides.shape)
      let x = try Matrix(solution)
      let bound = Double(3 * size * size) * Float.unitRoundoff * a.norm * x.norm
      #expect((a * x - b).norm <= bound)
    }
    let a = MatrixKind.random.matrix(size, size)
    let inverse = try Matrix(LinearAlgebra.inverse(a.tensor(Double.self)))
    let bound = Double(3 * size * size) * Double.unitRoundoff * a.norm * inverse.norm
    #expect((a * inverse - .identity(size)).norm <= bound)
  }

  @Test func triangularForms() throws {
    let n = 5
    let full = MatrixKind.random.matrix(n, n)
    let diagonal = Matrix(n, n) { full[$0, $1] + ($0 == $1 ? 4 : 0) }
    let tensor = try diagonal.tensor(Double.self)
    for number in 0..<16 {
      let (isLeft, isLower) = (number & 1 == 0, number & 2 == 0)
      let (isTransposed, isUnit) = (number & 4 == 0, number & 8 == 0)
      let triangle = Matrix(n, n) { row, column in
        if row == column { return isUnit ? 1 : diagonal[row, column] }
        return (row > column) == isLower ? diagonal[row, column] : 0
      }
      let a = isTransposed ? triangle.transposed : triangle
      let b = MatrixKind.random.matrix(isLeft ? n : 3, isLeft ? 3 : n, seed: 3)
      let x = try Matrix(
        LinearAlgebra.triangularSolve(
          tensor, b.tensor(Double.self), leftSide: isLeft, lower: isLower,
          transposeA: isTransposed, unitDiagonal: isUnit))
      let rest = isLeft ? a * x - b : x * a - b
      // Higham, theorem 8.5.
      #expect(rest.norm <= Double(n + 1) * Double.unitRoundoff * a.norm * x.norm)
    }
    let vector = try MatrixKind.random.matrix(n, 1).tensor(Double.self).reshaped(to: [n])
    let x = LinearAlgebra.triangularSolve(tensor, vector, leftSide: true)
    #expect(x.shape == [n])
  }

  @Test func complexNumbers() throws {
    typealias C = Complex<Double>
    func number(_ row: Int, _ column: Int) -> C {
      let place = Double(row * 7 + column * 3 + 1)
      return C((place * place).truncatingRemainder(dividingBy: 3) - 1, 1 / place)
    }
    let n = 4
    let half = try Tensor(shape: [n, n], scalars: (0..<n * n).map { number($0 / n, $0 % n) })
    let a = matmul(half, conj(half).transposed()) + Tensor<C>.eye(n)
    let l = LinearAlgebra.cholesky(a)
    let rest = abs(matmul(l, conj(l).transposed()) - a).max()
    #expect(try rest.scalar() <= 30 * Double.unitRoundoff * abs(a).max().scalar())
    let sides = half[.all, 0..<2]
    for isConjugated in [false, true] {
      let x = LinearAlgebra.triangularSolve(
        l, sides, leftSide: true, lower: true, transposeA: true, conjugateA: isConjugated)
      let matrix = isConjugated ? conj(l).transposed() : l.transposed()
      let rest = try abs(matmul(matrix, x) - sides).max().scalar()
      #expect(try rest <= 30 * Double.unitRoundoff * (abs(l).max() * abs(x).max()).scalar())
    }
  }

  @Test func determinants() throws {
    let a = Matrix(3, 3, [0, 2, 1, 1, 1, 0, 2, 0, 3])
    let exact = -8.0
    let tensor = try a.tensor(Float.self)
    let bound = 20 * Float.unitRoundoff * 8
    #expect(abs(Double(try LinearAlgebra.determinant(tensor).scalar()) - exact) <= bound)
    let (sign, logarithm) = LinearAlgebra.slogdet(tensor)
    #expect(try sign.scalar() == -1)
    #expect(abs(Double(try logarithm.scalar()) - 2.0794415416798357) <= bound)
    let singular = try MatrixKind.zero.matrix(3, 3).tensor(Float.self)
    #expect(try LinearAlgebra.determinant(singular).scalar() == 0)
    #expect(try LinearAlgebra.slogdet(singular).logarithm.scalar() == -.infinity)
    #expect(try LinearAlgebra.determinant(Tensor<Float>.zeros([0, 0])).scalar() == 1)
  }

  @Test func powers() throws {
    let a = Tensor<Double>([[1, 1], [0, 2]])
    func power(_ exponent: Int) throws -> [Double] {
      try LinearAlgebra.matrixPower(a, exponent).scalars()
    }
    #expect(try power(0) == [1, 0, 0, 1])
    #expect(try power(1) == [1, 1, 0, 2])
    #expect(try power(5) == [1, 31, 0, 32])
    #expect(try power(-2) == [1, -0.75, 0, 0.25])
  }

  @Test func threeDiagonals() throws {
    for n in [1, 2, 7] {
      let full = MatrixKind.random.matrix(n, n)
      let a = Matrix(n, n) { row, column in
        row == column ? 5 : abs(row - column) == 1 ? full[row, column] : 0
      }
      let b = MatrixKind.random.matrix(n, 2, seed: 2)
      func diagonal(_ offset: Int) -> Tensor<Double> {
        Tensor((0..<n).map { (0..<n).contains($0 + offset) ? a[$0, $0 + offset] : .nan })
      }
      let x = try Matrix(
        LinearAlgebra.tridiagonalSolve(
          diagonal(-1), diagonal(0), diagonal(1), b.tensor(Double.self)))
      // Higham, theorem 9.13: a few units of rounding where rows are dominated by their diagonal.
      #expect((a * x - b).norm <= 10 * Double.unitRoundoff * a.norm * x.norm)
    }
  }
}
