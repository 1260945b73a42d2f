extension LinearAlgebra {
  /// The solution of `a x = b` for a matrix with three diagonals.
  ///
  ///     let x = LinearAlgebra.tridiagonalSolve(lower, diagonal, upper, b)   // [n] each, b: [n, m] or [n]
  ///
  /// - Parameters:
  ///   - lower: What stands left of the diagonal in each row; the first element is not read.
  ///   - diagonal: The diagonal.
  ///   - upper: What stands right of the diagonal in each row; the last element is not read.
  ///   - b: The right-hand sides: a vector, or the columns of a matrix.
  ///
  /// Rows are not exchanged: the solution is good where the matrix is diagonally dominant or positive
  /// definite (Higham, section 9.6). After `lax.linalg.tridiagonal_solve`; GVL, algorithm 4.3.6.
  public static func tridiagonalSolve<Scalar: TensorFloatingPoint>(
    _ lower: Tensor<Scalar>, _ diagonal: Tensor<Scalar>, _ upper: Tensor<Scalar>,
    _ b: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let isVector = b.handle.shape.count == diagonal.handle.shape.count
    let operands = [lower, diagonal, upper].map { Operand($0.handle, rank: 1) }
    return Tensor(
      handle: perExample(
        "tridiagonalSolve", operands + [Operand(b.handle, rank: isVector ? 1 : 2)],
        as: [b.handle.element]
      ) { terms throws(VMapError) in
        guard terms.allSatisfy({ $0.sizes[0] == terms[0].sizes[0] }) else {
          throw mismatch("tridiagonalSolve", terms)
        }
        let (diagonals, b) = (Array(terms[..<3]), terms[3])
        guard b.sizes[0] > 0 else { return [b] }
        return [
          isVector
            ? tridiagonalSolve(diagonals, b)
            : b.mappingColumns { tridiagonalSolve(diagonals, $0) }
        ]
      }[0])
  }

  /// Elimination downwards, then substitution upwards.
  private static func tridiagonalSolve(_ diagonals: [Term], _ b: Term) -> Term {
    let n = b.sizes[0]
    let (lower, diagonal, upper) = (diagonals[0], diagonals[1], diagonals[2])
    let (zero, one) = (Term.index(0), Term.index(1))
    let first = diagonal[zero]
    let eliminated = Term.loop(
      one, .index(n),
      [
        upper.setting(zero, to: upper[zero] / first), b.setting(zero, to: b[zero] / first),
      ]
    ) { i, state in
      let (factors, x) = (state[0], state[1])
      let before = i - one
      let pivot = Term.multiplyAdd(-lower[i], factors[before], diagonal[i])
      return [
        factors.setting(i, to: factors[i] / pivot),
        x.setting(i, to: Term.multiplyAdd(-lower[i], x[before], x[i]) / pivot),
      ]
    }
    let factors = eliminated[0]
    return Term.loop(one, .index(n), [eliminated[1]]) { step, state in
      let i = Term.index(n - 1) - step
      let x = state[0]
      return [x.setting(i, to: Term.multiplyAdd(-factors[i], x[i + one], x[i]))]
    }[0]
  }
}
