import Testing
import VMap

/// Cholesky factors, by what they give when multiplied.
@Suite struct CholeskyTests {
  /// Higham, theorem 10.3: |L Lᵀ − a| ≤ γ(n+1) |L| |Lᵀ|, whose norm is at most n times a's, usually a's.
  func check<Scalar: TensorFloatingPoint>(_ a: Matrix, _ type: Scalar.Type) throws {
    let a = a.rounded(to: type)
    let l = try Matrix(LinearAlgebra.cholesky(a.tensor(type)))
    let size = (l.magnitudes * l.magnitudes.transposed).norm
    let bound = Double(a.rows + 2) * type.unitRoundoff * size
    #expect((l * l.transposed - a).norm <= bound)
    for row in 0..<a.rows {
      for column in row + 1..<max(row + 1, a.rows) { #expect(l[row, column] == 0) }
    }
    let u = try Matrix(LinearAlgebra.cholesky(a.tensor(type), upper: true))
    #expect(u.elements == l.transposed.elements)
  }

  @Test(arguments: [1, 2, 3, 5, 8, 16], [MatrixKind.random, .graded, .diagonal])
  func residuals(size: Int, kind: MatrixKind) throws {
    try check(kind.definite(size), Float.self)
    if size % 2 == 1 { try check(kind.definite(size), Double.self) }
  }

  /// State that is too large for a work-item lies in a buffer.
  @Test(arguments: [33, 64, 128]) func largeMatrices(size: Int) throws {
    let a = MatrixKind.random.definite(size).rounded(to: Float.self)
    let tensor = try a.tensor(Float.self)
    let l = try Matrix(LinearAlgebra.cholesky(tensor))
    let bound =
      Double(size + 2) * Float.unitRoundoff * (l.magnitudes * l.magnitudes.transposed).norm
    #expect((l * l.transposed - a).norm <= bound)
    guard size == 33 else { return }
    let x = try Matrix(LinearAlgebra.solve(tensor, tensor))
    // As in the tests of solutions.
    let wide = Double(3 * size * size) * Float.unitRoundoff * a.norm * x.norm
    #expect((a * x - a).norm <= wide)
  }
}
