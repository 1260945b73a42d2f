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

  /// A tensor whose making did not fail.
  private init(checked handle: TensorHandle) throws(VMapError) {
    if case .failed(let error) = handle.current { throw error }
    self.init(handle: handle)
  }
}
