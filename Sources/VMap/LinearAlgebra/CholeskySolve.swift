extension LinearAlgebra {
  /// The solution of `a x = b` by the factor of `a` that ``cholesky(_:upper:symmetrizeInput:)`` gives.
  ///
  ///     let x = LinearAlgebra.choleskySolve(LinearAlgebra.cholesky(a), b)     // [n, n], [n] → [n]
  ///
  /// - Parameters:
  ///   - factor: L with `L Lᴴ = a`, or U with `Uᴴ U = a`; its other triangle is not read.
  ///   - b: The right-hand sides: a vector, or the columns of `[n, m]`.
  ///   - lower: Whether the factor is the lower one.
  /// - Returns: The unknowns, of the shape of `b`; NaN where the factor is.
  ///
  /// Each solution is the exact one of a matrix that differs from `a` by about 3 n units of rounding of
  /// `|L| |Lᴴ|` (Higham, theorem 10.4). After `jax.scipy.linalg.cho_solve`; GVL, section 4.2.
  public static func choleskySolve<Scalar: TensorInexact>(
    _ factor: Tensor<Scalar>, _ b: Tensor<Scalar>, lower: Bool = true
  ) -> Tensor<Scalar> {
    let rank = b.handle.shape.count == 1 ? 1 : 2
    let operands = [Operand(factor.handle, rank: 2), Operand(b.handle, rank: rank)]
    return Tensor(
      handle: perExample("choleskySolve", operands, as: [factor.handle.element]) {
        terms throws(VMapError) in
        let n = try order(of: terms[0], for: "choleskySolve")
        guard n == terms[1].sizes[0] else { throw mismatch("choleskySolve", terms) }
        func solve(_ b: Term, isAdjoint: Bool) -> Term {
          TriangularForm(isLower: lower, isTransposed: isAdjoint, isConjugated: isAdjoint)
            .solve(terms[0], b)
        }
        return [solve(solve(terms[1], isAdjoint: !lower), isAdjoint: lower)]
      }[0])
  }
}
