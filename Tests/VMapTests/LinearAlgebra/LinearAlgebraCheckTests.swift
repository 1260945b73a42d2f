import Testing

@testable import VMap
@testable import VMapTestSupport

/// Every function against the interpreter, wherever the batch lies in its arguments.
@Suite struct LinearAlgebraCheckTests {
  /// Matrices whose diagonal is greater than their other elements, so that no choice of a pivot hangs
  /// on a rounding.
  static func matrices(_ size: Int, seed: Int = 0) -> BatchCheck.Input {
    BatchCheck.Input(.float32, [size, size]) { example, offset in
      let number = Samples.number(.float32, example * 613 + offset + seed * 7919, in: -0.5, 0.5)
      guard offset / size == offset % size else { return number }
      return ReferenceScalar(bits: ElementType.float32.bits(Double(3 + offset + example % 5)))
    }
  }

  /// Runs the whole check.
  ///
  /// - Parameter bound: The most that sums and products, which may be made in any order, let a result
  ///   differ from the interpreter's. All else is made by the program's own loops, in their order, and
  ///   is the same to the last bit.
  private func check(
    _ name: String, _ inputs: [BatchCheck.Input], within bound: Double = 0,
    sizes: [Int] = [0, 1, 3, 17], _ function: @escaping ([Tensor<Float>]) -> [TensorHandle]
  ) throws {
    var check = BatchCheck(name, inputs) { _, handles in
      function(handles.map(Tensor<Float>.init(handle:)))
    }
    check.sizes = sizes
    check.greatestBound = bound
    check.takesTurns = true
    expectNone(try check.mismatches())
  }

  @Test func factors() throws {
    try check("cholesky", [Self.matrices(3)]) { [LinearAlgebra.cholesky($0[0]).handle] }
    try check("lu", [Self.matrices(3)]) {
      let result = LinearAlgebra.lu($0[0])
      return [result.lu.handle, result.pivots.handle, result.permutation.handle]
    }
  }

  @Test func solutions() throws {
    let vector = BatchCheck.Input.moderate(.float32, [3])
    let columns = BatchCheck.Input.moderate(.float32, [3, 2])
    try check("triangularSolve", [Self.matrices(3), columns]) {
      [LinearAlgebra.triangularSolve($0[0], $0[1], leftSide: true).handle]
    }
    try check("solve", [Self.matrices(3), vector]) { [LinearAlgebra.solve($0[0], $0[1]).handle] }
  }

  @Test func tridiagonal() throws {
    let beside = BatchCheck.Input.numbers(.float32, [3], in: -1, 1)
    let diagonal = BatchCheck.Input.numbers(.float32, [3], in: 3, 5)
    let sides = BatchCheck.Input.moderate(.float32, [3, 2])
    try check("tridiagonalSolve", [beside, diagonal, beside, sides], sizes: [0, 3]) {
      [LinearAlgebra.tridiagonalSolve($0[0], $0[1], $0[2], $0[3]).handle]
    }
  }

  @Test func inverses() throws {
    try check("inverse", [Self.matrices(3)]) { [LinearAlgebra.inverse($0[0]).handle] }
    // Two products of the inverse, whose elements are below 0.5: a few of their units.
    try check("matrixPower", [Self.matrices(3)], within: 5e-8) {
      [LinearAlgebra.matrixPower($0[0], -3).handle]
    }
  }

  /// The pivots are below 20, so that their product has units of up to 4e-4, and each factor a few; the
  /// sign is made of ones.
  @Test func determinants() throws {
    try check("determinant", [Self.matrices(3)], within: 2e-3) {
      [LinearAlgebra.determinant($0[0]).handle]
    }
    try check("slogdet", [Self.matrices(3)], within: 1e-5) {
      let result = LinearAlgebra.slogdet($0[0])
      return [result.sign.handle, result.logarithm.handle]
    }
  }

  @Test func qr() throws {
    try check("qr", [Self.matrices(3)]) {
      let result = LinearAlgebra.qr($0[0])
      return [result.q.handle, result.r.handle]
    }
  }

  /// The values are read from a diagonal as sums with zeros, up to 20.
  @Test func eigh() throws {
    try check("eigh", [Self.matrices(3)], within: 4e-6) {
      let result = LinearAlgebra.eigh($0[0])
      return [result.values.handle, result.vectors.handle]
    }
  }

  /// The values, up to 20, are roots of sums of squares.
  @Test func svd() throws {
    try check("svd", [Self.matrices(3)], within: 1e-5) {
      let result = LinearAlgebra.svd($0[0])
      return [result.u.handle, result.s.handle, result.vt.handle]
    }
  }

  @Test func leastSquares() throws {
    let vector = BatchCheck.Input.moderate(.float32, [3])
    try check("choleskySolve", [Self.matrices(3), vector]) {
      [LinearAlgebra.choleskySolve($0[0], $0[1]).handle]
    }
    // The values, up to 20, are roots of sums of squares, and what is made of them has products.
    try check("pinv", [Self.matrices(3)], within: 1e-5) { [LinearAlgebra.pinv($0[0]).handle] }
    try check("lstsq", [Self.matrices(3), vector], within: 1e-3) {
      let result = LinearAlgebra.lstsq($0[0], $0[1])
      return [
        result.x.handle, result.residuals.handle, result.rank.handle, result.singularValues.handle,
      ]
    }
  }

  /// Sums of a few numbers up to 20, their powers, and products of those.
  @Test func norms() throws {
    let orders: [Double] = [0, 1, 2, 2.5, .infinity, -.infinity]
    try check("vectorNorm", [.moderate(.float32, [5])], within: 1e-4) { inputs in
      orders.map { LinearAlgebra.vectorNorm(inputs[0], ord: $0).handle }
    }
    try check("matrixNorm", [Self.matrices(3)], within: 1e-4) { inputs in
      let kinds: [LinearAlgebra.MatrixNorm] = [.frobenius, .nuclear, .l1, .l2, .infinity]
      return kinds.map { LinearAlgebra.matrixNorm(inputs[0], ord: $0).handle }
    }
    try check("cond", [Self.matrices(3)], within: 1e-4) {
      [LinearAlgebra.cond($0[0]).handle, LinearAlgebra.cond($0[0], p: .l1).handle]
    }
    try check("matrixRank", [Self.matrices(3)]) { [LinearAlgebra.matrixRank($0[0]).handle] }
  }

  /// Matrix products, a solution with them, and squarings, of numbers up to 1,000; the diagonal is
  /// greater than the rest, so that no choice of a pivot hangs on a rounding.
  @Test func exponentials() throws {
    let matrix = BatchCheck.Input(.float32, [3, 3]) { example, offset in
      if offset % 4 == 0 {
        return ReferenceScalar(bits: ElementType.float32.bits(Double(offset - example % 3)))
      }
      return Samples.number(.float32, example * 613 + offset, in: -0.05, 0.05)
    }
    try check("expm", [matrix], within: 10) { [LinearAlgebra.expm($0[0]).handle] }
  }
}
