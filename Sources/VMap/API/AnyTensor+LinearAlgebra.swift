// Linear algebra of matrices whose element type is known at run time.

extension AnyTensor {
  /// The Cholesky factor of matrices, from the triangle it has.
  package func choleskyFactor(isLower: Bool) throws(VMapError) -> AnyTensor {
    try AnyTensor(
      checked: LinearAlgebra.cholesky(handle, upper: !isLower, symmetrizeInput: false))
  }

  /// What triangular matrices give when they are solved for right-hand sides, which are matrices.
  package func triangularSolve(
    _ sides: AnyTensor, isLeft: Bool, isLower: Bool, isTransposed: Bool, isConjugated: Bool,
    isUnit: Bool
  ) throws(VMapError) -> AnyTensor {
    let form = TriangularForm(
      isLeft: isLeft, isLower: isLower, isTransposed: isTransposed, isConjugated: isConjugated,
      isUnit: isUnit)
    return try AnyTensor(checked: LinearAlgebra.triangularSolve(handle, sides.handle, form))
  }

  /// The Cholesky factor from the triangle that matrices have, and 1 where there is none, otherwise 0.
  package func packedCholesky(isLower: Bool) throws(VMapError) -> [AnyTensor] {
    try AnyTensor.all(LinearAlgebra.packedCholesky(handle, upper: !isLower))
  }

  /// The factors of matrices by elimination, packed into one, the rows of the pivots and the order of
  /// the rows, both counted from 0, and the number of a pivot that is zero, counted from 1, or 0.
  package func packedLU() throws(VMapError) -> [AnyTensor] {
    try AnyTensor.all(LinearAlgebra.packedLU(handle))
  }

  /// The order of so many rows after exchanges, each with the row that an element says.
  package func rowOrder(of size: Int) throws(VMapError) -> AnyTensor {
    try AnyTensor(checked: LinearAlgebra.rowOrder(handle, of: size))
  }

  /// R with the vectors of reflections below its diagonal, and τ for each reflection.
  package func packedQR() throws(VMapError) -> [AnyTensor] {
    try AnyTensor.all(LinearAlgebra.packedQR(handle))
  }

  /// The first columns of the product of the reflections that are packed into matrices.
  package func householderProduct(_ factors: AnyTensor) throws(VMapError) -> AnyTensor {
    try AnyTensor(checked: LinearAlgebra.householderProduct(handle, factors.handle))
  }

  /// The products of other matrices with the reflections that are packed into these.
  package func householderMultiply(
    _ factors: AnyTensor, _ other: AnyTensor, isLeft: Bool, isTransposed: Bool
  ) throws(VMapError) -> AnyTensor {
    try AnyTensor(
      checked: LinearAlgebra.householderMultiply(
        handle, factors.handle, other.handle, isLeft: isLeft, isTransposed: isTransposed))
  }

  /// The eigenvalues of symmetric matrices, ascending, and the eigenvectors, from the lower triangle.
  package func eigh() throws(VMapError) -> [AnyTensor] {
    try AnyTensor.all(LinearAlgebra.eigh(handle, symmetrizeInput: false))
  }

  /// U, the singular values, descending, and Vᵀ.
  package func svd(isFull: Bool) throws(VMapError) -> [AnyTensor] {
    try AnyTensor.all(LinearAlgebra.svd(handle, fullMatrices: isFull))
  }

  /// The solutions for matrices with three diagonals, and 1 where one is singular, otherwise 0.
  package static func tridiagonalSolve(
    _ diagonals: [AnyTensor], _ sides: AnyTensor
  ) throws(VMapError) -> [AnyTensor] {
    try all(LinearAlgebra.pivotedTridiagonalSolve(diagonals.map(\.handle), sides.handle))
  }

  private static func all(_ handles: [TensorHandle]) throws(VMapError) -> [AnyTensor] {
    try handles.map { handle throws(VMapError) in try AnyTensor(checked: handle) }
  }

  /// A tensor whose making did not fail.
  private init(checked handle: TensorHandle) throws(VMapError) {
    if case .failed(let error) = handle.current { throw error }
    self.init(handle: handle)
  }
}
