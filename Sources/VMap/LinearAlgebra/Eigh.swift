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
    let results = eigh(a.handle, symmetrizeInput: symmetrizeInput)
    return (Tensor(handle: results[0]), Tensor(handle: results[1]))
  }

  static func eigh(_ a: TensorHandle, symmetrizeInput: Bool) -> [TensorHandle] {
    perExample("eigh", [Operand(a, rank: 2)], as: [a.element, a.element]) {
      terms throws(VMapError) in
      let n = try order(of: terms[0], for: "eigh")
      let a = terms[0]
      let shape = [n, n]
      let isUpper = Term.indices(shape, along: 0) .< Term.indices(shape, along: 1)
      let symmetric =
        symmetrizeInput
        ? (a + a.transposed) * a.constant(0.5) : Term.select(isUpper, a.transposed, a)
      guard n > 0 else { return [a.filled([0], 0), a] }
      return Term.function(
        "eigh", [symmetric],
        tangents: { changes, site in
          guard let change = changes[0] else { return [nil, nil] }
          return Rotations.tangents(change, site.results[0], site.results[1])
        }, as: [a.element, a.element]
      ) { Rotations.eigenvalues(of: $0[0]) }
    }
  }
}

/// Rotations of pairs of columns, in sweeps over all pairs, until an example has converged.
struct Rotations {
  /// No example is known to need as many; one that does not converge ends all the same.
  private static let greatestSweeps = 30

  /// Sweeps over the pairs of columns of a matrix.
  ///
  /// - Parameters:
  ///   - matrix: What is rotated.
  ///   - tolerance: What the greatest deviation of a sweep is to be below.
  ///   - rotate: The matrix after a pair is rotated, and how far it was from where it should be.
  static func sweep(
    _ matrix: Term, to tolerance: Term,
    _ rotate: @escaping (_ matrix: Term, _ p: Term, _ q: Term) -> (matrix: Term, off: Term)
  ) -> Term {
    let columns = matrix.sizes[1]
    guard columns > 1 else { return matrix }
    let (zero, one, n) = (Term.index(0), Term.index(1), Term.index(columns))
    let isFirst = tolerance + tolerance + tolerance.constant(1)
    return Term.whileLoop([matrix, isFirst, zero]) { state in
      state[1] .> tolerance .&& (state[2] .< .index(greatestSweeps))
    } do: { state in
      let initial = [state[0], tolerance.constant(0), zero, one]
      let swept = Term.whileLoop(initial) {
        $0[2] .< .index(columns - 1)
      } do: { state in
        let (p, q) = (state[2], state[3])
        let (rotated, off) = rotate(state[0], p, q)
        let next = q + one
        let isInside = next .< n
        return [
          rotated, .max(state[1], off), .select(isInside, p, p + one),
          .select(isInside, next, p + .index(2)),
        ]
      }
      return [swept[0], swept[1], state[2] + one]
    }[0]
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
    let places = Term.indices([2 * n], along: 0)
    let results = sweep(
      // The eigenvectors so far are rows below the matrix: columns of both are rotated together.
      a.above(.identity(n, n, a.element)), to: tolerance
    ) { matrix, p, q in
      let (first, middle, last) = (matrix[p, p], matrix[p, q], matrix[q, q])
      let (c, s, t) = angle(first, middle, last)
      let (atP, atQ) = (
        Term.multiplyAdd(-t, middle, first), Term.multiplyAdd(t, middle, last)
      )
      let zero = a.constant(0)
      func rotated(_ x: Term, _ y: Term, _ positions: Term) -> (Term, Term) {
        let (newX, newY) = rotate(x, y, c, s)
        let (isP, isQ) = (positions .== p, positions .== q)
        return (
          .select(isP, atP, .select(isQ, zero, newX)),
          .select(isQ, atQ, .select(isP, zero, newY))
        )
      }
      let (columnP, columnQ) = rotated(matrix.column(p), matrix.column(q), places)
      // The matrix is symmetric.
      let (rowP, rowQ) = rotated(matrix.row(p), matrix.row(q), positions)
      return (
        matrix.settingColumn(p, to: columnP).settingColumn(q, to: columnQ)
          .settingRow(p, to: rowP).settingRow(q, to: rowQ), middle.magnitude
      )
    }
    let isFinite = (greatest - greatest) .== a.constant(0)
    let nan = a.constant(.nan)
    let values = Term.select(isFinite, results.prefix(n, along: 0).diagonal, nan)
    let order = values.argsort(isDescending: false)
    return [
      values.taking(order, along: 0),
      Term.select(isFinite, results.suffix(from: n, along: 0).taking(order, along: 1), nan),
    ]
  }
}

extension Term {
  /// Half the distance from 1 to the next number.
  var unitRoundoff: Double {
    element == .float64 ? 0x1p-53 : 0x1p-24
  }
}
