extension LinearAlgebra {
  /// The lower triangular L with `L Lᴴ = a` for a Hermitian matrix that is positive definite, or the
  /// upper triangular U with `Uᴴ U = a`.
  ///
  ///     let l = LinearAlgebra.cholesky(a)     // [n, n] → [n, n]
  ///
  /// - Parameters:
  ///   - a: The matrix.
  ///   - upper: Whether U is wanted.
  ///   - symmetrizeInput: Whether the mean of the matrix and its conjugate transpose is decomposed;
  ///     otherwise the lower triangle alone is read, or the upper one.
  /// - Returns: The factor, with zeros in the other triangle. Where the matrix is not positive definite
  ///   its triangle is NaN.
  ///
  /// `‖L Lᴴ − a‖` is at most about (n + 1) units of rounding of the diagonal's sum (Higham, theorem
  /// 10.3). After `jnp.linalg.cholesky`; GVL, algorithm 4.2.1, column by column.
  public static func cholesky<Scalar: TensorInexact>(
    _ a: Tensor<Scalar>, upper: Bool = false, symmetrizeInput: Bool = true
  ) -> Tensor<Scalar> {
    Tensor(
      handle: cholesky(a.handle, upper: upper, symmetrizeInput: symmetrizeInput))
  }

  static func cholesky(
    _ a: TensorHandle, upper: Bool, symmetrizeInput: Bool
  ) -> TensorHandle {
    perExample("cholesky", [Operand(a, rank: 2)], as: [a.element]) { terms throws(VMapError) in
      let a = terms[0]
      _ = try order(of: a, for: "cholesky")
      let adjoint = a.transposed.conjugate
      let lower =
        symmetrizeInput ? (a + adjoint) * a.constant(0.5) : upper ? adjoint : a
      let factor = choleskyFactor(lower)
      return [upper ? factor.transposed.conjugate : factor]
    }[0]
  }

  /// The lower factor, from the lower triangle.
  static func choleskyFactor(_ a: Term) -> Term {
    let n = a.sizes[0]
    if n == 0 { return a }
    let zero = a.constant(0)
    let size = Term.index(n)
    // For each column its elements from the diagonal down, and the reciprocal of the one there.
    let results = Term.whileLoop([a, .index(0), .index(0), zero]) { state in
      state[2] .< size
    } do: { state in
      let (l, i, j) = (state[0], state[1], state[2])
      let rest = l[i, j].subtracting(from: .index(0), to: j) { k in
        (l[i, k], l[j, k].conjugate)
      }
      let isDiagonal = i .== j
      let pivot = Term.when(isDiagonal, else: [zero, state[3]]) {
        let square = rest.real
        let positive = Term.select(
          square .> square.constant(0), square, square.constant(.nan))
        let root = positive.squareRoot
        return [
          root.asNumber(a.element), (square.constant(1) / root).asNumber(a.element),
        ]
      }
      let value = Term.select(isDiagonal, pivot[0], rest * pivot[1])
      let next = i + .index(1)
      let isInside = next .< size
      return [
        l.setting(i, j, to: value),
        .select(isInside, next, j + .index(1)),
        .select(isInside, j, j + .index(1)), pivot[1],
      ]
    }
    // What is NaN somewhere is so in the last element.
    let last = results[0][.index(n - 1), .index(n - 1)].real
    let factor = Term.select(last .== last, results[0], a.constant(.nan))
    let isUpper = Term.indices([n, n], along: 0) .< Term.indices([n, n], along: 1)
    return .select(isUpper, zero, factor)
  }
}
