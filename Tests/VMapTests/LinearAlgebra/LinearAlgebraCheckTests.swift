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
}
