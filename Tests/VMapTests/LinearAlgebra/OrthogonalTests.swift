import Testing
import VMap

/// Orthogonal factors: how orthogonal they are, and what they give when multiplied.
@Suite struct OrthogonalTests {
  /// Higham, theorem 19.4: √n γ(m n) of the norm, where the constant is pessimistic; here m + n for
  /// one rounding in each of the operations on an element.
  func checkQR<Scalar: TensorFloatingPoint>(_ a: Matrix, _ type: Scalar.Type) throws {
    let a = a.rounded(to: type)
    for mode in [LinearAlgebra.QRMode.reduced, .complete] {
      let result = LinearAlgebra.qr(try a.tensor(type), mode: mode)
      let (q, r) = (try Matrix(result.q), try Matrix(result.r))
      let count = mode == .complete ? a.rows : min(a.rows, a.columns)
      #expect(result.q.shape == [a.rows, count] && result.r.shape == [count, a.columns])
      let bound = 4 * Double(a.rows + a.columns) * type.unitRoundoff
      #expect((q * r - a).norm <= bound * a.norm)
      #expect(q.deviation <= bound * Double(count).squareRoot())
      for row in 0..<r.rows {
        for column in 0..<min(row, r.columns) { #expect(r[row, column] == 0) }
      }
    }
  }

  @Test(arguments: MatrixKind.allCases)
  func qr(kind: MatrixKind) throws {
    for size in [1, 2, 3, 5, 8] { try checkQR(kind.matrix(size, size), Float.self) }
    for (rows, columns) in [(3, 5), (6, 2), (1, 4), (4, 1)] {
      try checkQR(kind.matrix(rows, columns), Double.self)
    }
  }

  /// Each rotation of a sweep rounds an element a few times, and about ten sweeps of n are made.
  func bound<Scalar: TensorFloatingPoint>(_ size: Int, _: Scalar.Type) -> Double {
    20 * Double(size) * Scalar.unitRoundoff
  }

  func checkEigh<Scalar: TensorFloatingPoint>(_ a: Matrix, _ type: Scalar.Type) throws {
    let a = a.rounded(to: type)
    let result = LinearAlgebra.eigh(try a.tensor(type))
    let values = try result.values.scalars().map { Double($0) }
    let vectors = try Matrix(result.vectors)
    #expect(values == values.sorted())
    let bound = bound(a.rows, type)
    #expect((a * vectors - vectors * .diagonal(values)).norm <= bound * a.norm)
    #expect(vectors.deviation <= bound * Double(a.rows).squareRoot())
  }

  @Test(arguments: MatrixKind.allCases)
  func eigh(kind: MatrixKind) throws {
    for size in [1, 2, 3, 5, 8] { try checkEigh(kind.symmetric(size), Float.self) }
    try checkEigh(kind.symmetric(4), Double.self)
  }

  func checkSVD<Scalar: TensorFloatingPoint>(
    _ a: Matrix, _ type: Scalar.Type, isFull: Bool
  ) throws {
    let a = a.rounded(to: type)
    let result = LinearAlgebra.svd(try a.tensor(type), fullMatrices: isFull)
    let count = min(a.rows, a.columns)
    let values = try result.s.scalars().map { Double($0) }
    #expect(values == values.sorted(by: >) && values.allSatisfy { $0 >= 0 })
    let (u, vt) = (try Matrix(result.u), try Matrix(result.vt))
    #expect(u.columns == (isFull ? a.rows : count) && vt.rows == (isFull ? a.columns : count))
    let scaled = Matrix(a.rows, count) { u[$0, $1] * values[$1] }
    let bound = bound(max(a.rows, a.columns), type)
    #expect((scaled * vt.rows(Array(0..<count)) - a).norm <= bound * a.norm)
    #expect(u.deviation <= bound * Double(u.columns).squareRoot())
    #expect(vt.transposed.deviation <= bound * Double(vt.rows).squareRoot())
  }

  @Test(arguments: MatrixKind.allCases)
  func svd(kind: MatrixKind) throws {
    for size in [1, 2, 3, 5] { try checkSVD(kind.matrix(size, size), Float.self, isFull: true) }
    try checkSVD(kind.matrix(3, 5), Double.self, isFull: false)
    try checkSVD(kind.matrix(3, 5), Double.self, isFull: true)
    try checkSVD(kind.matrix(6, 2), Float.self, isFull: false)
    try checkSVD(kind.matrix(6, 2), Float.self, isFull: true)
  }

  /// No loop waits for what is no number.
  @Test func notFinite() throws {
    for value in [Float.nan, .infinity] {
      let a = Tensor<Float>([[1, value, 2], [value, 3, 1], [2, 1, 1]])
      #expect(try LinearAlgebra.eigh(a).values.scalars().allSatisfy(\.isNaN))
      let svd = LinearAlgebra.svd(a)
      #expect(try svd.s.scalars().allSatisfy(\.isNaN))
      #expect(try svd.u.scalars().allSatisfy(\.isNaN))
      _ = try LinearAlgebra.qr(a).q.scalars()
      _ = try LinearAlgebra.lu(a).lu.scalars()
    }
  }
}
