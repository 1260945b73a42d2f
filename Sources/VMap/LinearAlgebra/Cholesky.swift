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
      let factor = Term.function(
        "cholesky", [a],
        tangents: { changes, site in
          let change = changes[0].map { change in
            let adjoint = change.adjoint
            let triangle = (upper ? adjoint : change).triangle(isLower: true, diagonal: 0.5)
            return CholeskyDerivative.tangent(
              site.results[0],
              symmetrizeInput ? (change + adjoint).scaled(by: 0.5) : triangle + triangle.adjoint)
          }
          return [change]
        }, as: [a.element]
      ) { operands in
        let factor = choleskyFactor(operands[0]) { a, i, j in
          let adjoint = a[j, i].conjugate
          return symmetrizeInput ? (a[i, j] + adjoint) * a.constant(0.5) : upper ? adjoint : a[i, j]
        }
        return [factor]
      }[0]
      return [upper ? factor.transposed.conjugate : factor]
    }[0]
  }

  /// The lower factor of a matrix.
  ///
  /// - Parameter element: Its elements below the diagonal and on it, from those of `a`.
  private static func choleskyFactor(
    _ a: Term, _ element: @escaping (_ a: Term, _ row: Term, _ column: Term) -> Term
  ) -> Term {
    let n = a.sizes[0]
    if n == 0 { return a }
    let zero = a.constant(0)
    let size = Term.index(n)
    let rows = Swift.min(n, 4)
    // For each column its elements from the diagonal down, several rows at a time (of those that do not
    // exist, the last one again), and the reciprocal of the one on the diagonal. The other triangle
    // stays as it is.
    let results = Term.whileLoop([a, .index(0), .index(0), zero]) { state in
      state[2] .< size
    } do: { state in
      let (l, i, j) = (state[0], state[1], state[2])
      let own = (0..<rows).map { Term.min(i + .index($0), .index(n - 1)) }
      let rest = Term.loop(.index(0), j, own.map { element(l, $0, j) }) { k, rest in
        let factor = l[j, k].conjugate
        return zip(own, rest).map { .multiplyAdd(-l[$0, k], factor, $1) }
      }
      let isDiagonal = i .== j
      let pivot = Term.when(isDiagonal, else: [zero, state[3]]) {
        let square = rest[0].real
        let positive = Term.select(
          square .> square.constant(0), square, square.constant(.nan))
        let root = positive.squareRoot
        return [
          root.asNumber(a.element), (square.constant(1) / root).asNumber(a.element),
        ]
      }
      var values = rest.map { $0 * pivot[1] }
      values[0] = .select(isDiagonal, pivot[0], values[0])
      let next = i + .index(rows)
      let isInside = next .< size
      return [
        zip(own, values).reversed().reduce(l) { $0.setting($1.0, j, to: $1.1) },
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
