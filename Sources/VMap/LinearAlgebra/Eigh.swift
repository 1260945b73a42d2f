extension LinearAlgebra {
  /// The eigenvalues of a symmetric matrix in ascending order, and its eigenvectors as columns.
  ///
  ///     let (values, vectors) = LinearAlgebra.eigh(a)     // [n, n] → [n], [n, n]
  ///
  /// - Parameters:
  ///   - a: The matrix.
  ///   - symmetrizeInput: Whether the mean of the matrix and its transpose is meant; otherwise the lower
  ///     triangle alone is read.
  /// - Returns: The vectors are orthonormal; their signs are not specified, but the same in every batch.
  ///   An element that is not finite makes all results NaN.
  ///
  /// Each example ends when its elements beside the diagonal are below a unit of rounding of the
  /// greatest one, usually after 5 to 8 sweeps, at most after 30. `‖a V − V Λ‖` and `‖Vᵀ V − 1‖` are then
  /// a few n units of rounding of `‖a‖` and of 1. After `jnp.linalg.eigh`; GVL, algorithm 8.5.3: cyclic
  /// rotations of Jacobi, row by row.
  public static func eigh<Scalar: TensorFloatingPoint>(
    _ a: Tensor<Scalar>, symmetrizeInput: Bool = true
  ) -> (values: Tensor<Scalar>, vectors: Tensor<Scalar>) {
    let element = a.handle.element
    let results = perExample("eigh", [Operand(a.handle, rank: 2)], as: [element, element]) {
      terms throws(VMapError) in
      let n = try order(of: terms[0], for: "eigh")
      let a = terms[0]
      let shape = [n, n]
      let isUpper = Term.indices(shape, along: 0) .< Term.indices(shape, along: 1)
      let symmetric =
        symmetrizeInput
        ? (a + a.transposed) * a.constant(0.5) : Term.select(isUpper, a.transposed, a)
      guard n > 0 else { return [a.filled([0], 0), a] }
      return Rotations.eigenvalues(of: symmetric)
    }
    return (Tensor(handle: results[0]), Tensor(handle: results[1]))
  }
}

/// Rotations of pairs of columns, in sweeps over all pairs, until an example has converged.
struct Rotations {
  /// No example is known to need as many; one that does not converge ends all the same.
  private static let greatestSweeps = 30

  /// Sweeps over the pairs of columns of matrices.
  ///
  /// - Parameters:
  ///   - matrices: What is rotated.
  ///   - tolerance: What the greatest deviation of a sweep is to be below.
  ///   - rotate: The matrices after a pair is rotated, and how far it was from where it should be.
  static func sweep(
    _ matrices: [Term], columns: Int, to tolerance: Term,
    _ rotate: @escaping (_ matrices: [Term], _ p: Term, _ q: Term) -> (matrices: [Term], off: Term)
  ) -> [Term] {
    guard columns > 1 else { return matrices }
    let (zero, one, n) = (Term.index(0), Term.index(1), Term.index(columns))
    let count = matrices.count
    let isFirst = tolerance + tolerance + tolerance.constant(1)
    let results = Term.whileLoop(matrices + [isFirst, zero]) { state in
      state[count] .> tolerance .&& (state[count + 1] .< .index(greatestSweeps))
    } do: { state in
      let initial = state.prefix(count) + [tolerance.constant(0), zero, one]
      let swept = Term.whileLoop(Array(initial)) { $0[count + 1] .< .index(columns - 1) } do: {
        state in
        let (p, q) = (state[count + 1], state[count + 2])
        let (rotated, off) = rotate(Array(state.prefix(count)), p, q)
        let next = q + one
        let isInside = next .< n
        return rotated + [
          .max(state[count], off), .select(isInside, p, p + one),
          .select(isInside, next, p + .index(2)),
        ]
      }
      return swept.prefix(count + 1) + [state[count + 1] + one]
    }
    return Array(results.prefix(count))
  }

  /// The cosine and the sine that bring the middle element of a symmetric `[[a, b], [b, d]]` to zero,
  /// and the tangent; of the two angles the smaller one.
  static func angle(_ a: Term, _ b: Term, _ d: Term) -> (c: Term, s: Term, t: Term) {
    let (zero, one) = (b.constant(0), b.constant(1))
    let theta = (d - a) * b.constant(0.5) / b
    let root = Term.multiplyAdd(theta, theta, one).squareRoot
    let size = one / (theta.magnitude + root)
    let t = Term.select(b .== zero, zero, .select(theta .< zero, -size, size))
    let c = one / Term.multiplyAdd(t, t, one).squareRoot
    return (c, t * c, t)
  }

  /// Two columns rotated.
  static func rotate(
    _ x: Term, _ y: Term, _ c: Term, _ s: Term
  ) -> (Term, Term) {
    (.multiplyAdd(c, x, -(s * y)), .multiplyAdd(s, x, c * y))
  }

  /// The sorted eigenvalues and eigenvectors.
  static func eigenvalues(of a: Term) -> [Term] {
    let n = a.sizes[0]
    let greatest = a.magnitude.maximum
    let positions = Term.indices([n], along: 0)
    let tolerance = greatest * a.constant(a.unitRoundoff)
    let results = sweep(
      [a, .identity(n, n, a.element)], columns: n, to: tolerance
    ) { matrices, p, q in
      let (a, v) = (matrices[0], matrices[1])
      let off = a[p, q]
      let (c, s, t) = angle(a[p, p], off, a[q, q])
      let (first, second) = rotate(a.column(p), a.column(q), c, s)
      let (isP, isQ) = (positions .== p, positions .== q)
      let zero = a.constant(0)
      let (atP, atQ) = (
        Term.multiplyAdd(-t, off, a[p, p]), Term.multiplyAdd(t, off, a[q, q])
      )
      let newP = Term.select(isP, atP, .select(isQ, zero, first))
      let newQ = Term.select(isQ, atQ, .select(isP, zero, second))
      let (vp, vq) = rotate(v.column(p), v.column(q), c, s)
      return (
        [
          a.settingColumn(p, to: newP).settingColumn(q, to: newQ).settingRow(p, to: newP)
            .settingRow(q, to: newQ),
          v.settingColumn(p, to: vp).settingColumn(q, to: vq),
        ], off.magnitude
      )
    }
    let isFinite = (greatest - greatest) .== a.constant(0)
    let nan = a.constant(.nan)
    let values = Term.select(isFinite, results[0].diagonal, nan)
    let order = values.argsort(isDescending: false)
    return [
      values.taking(order, along: 0),
      Term.select(isFinite, results[1].taking(order, along: 1), nan),
    ]
  }
}

extension Term {
  /// Half the distance from 1 to the next number.
  var unitRoundoff: Double {
    element == .float64 ? 0x1p-53 : 0x1p-24
  }
}
