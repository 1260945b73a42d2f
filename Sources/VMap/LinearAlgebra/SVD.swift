extension LinearAlgebra {
  /// The singular values of a matrix in descending order, with orthonormal U and Vᵀ:
  /// `U diag(s) Vᵀ = a`.
  ///
  ///     let (u, s, vt) = LinearAlgebra.svd(a, fullMatrices: false)   // [m, n] → [m, k], [k], [k, n]
  ///
  /// - Parameters:
  ///   - a: The matrix.
  ///   - fullMatrices: Whether U and Vᵀ are square, `[m, m]` and `[n, n]`, instead of having as many
  ///     vectors as there are values, k = min(m, n).
  /// - Returns: The signs of the vectors are not specified, but the same in every batch. An element that
  ///   is not finite makes all results NaN.
  ///
  /// Each example ends when all pairs of columns are orthogonal to n units of rounding, at most after
  /// 30 sweeps. Values and `‖U diag(s) Vᵀ − a‖` have an error of a few n units of rounding of `‖a‖`.
  /// After `jnp.linalg.svd`; GVL, section 8.6.3: one-sided rotations of Jacobi, then reflections that
  /// complete U where values are zero.
  public static func svd<Scalar: TensorFloatingPoint>(
    _ a: Tensor<Scalar>, fullMatrices: Bool = true
  ) -> (u: Tensor<Scalar>, s: Tensor<Scalar>, vt: Tensor<Scalar>) {
    let results = svd(a.handle, fullMatrices: fullMatrices)
    return (
      Tensor(handle: results[0]), Tensor(handle: results[1]), Tensor(handle: results[2])
    )
  }

  static func svd(_ a: TensorHandle, fullMatrices: Bool) -> [TensorHandle] {
    let elements = [a.element, a.element, a.element]
    return perExample("svd", [Operand(a, rank: 2)], as: elements) { terms in
      let parts = SingularValues(of: terms[0], isFull: fullMatrices)
      return [parts.u, parts.values, parts.vt]
    }
  }
}

/// A matrix as `U diag(s) Vᵀ`.
struct SingularValues {
  let u: Term
  let values: Term
  let vt: Term

  init(of a: Term, isFull: Bool) {
    if a.sizes[0] < a.sizes[1] {
      let other = SingularValues(of: a.transposed, isFull: isFull)
      (u, values, vt) = (other.vt.transposed, other.values, other.u.transposed)
      return
    }
    let (rows, columns) = (a.sizes[0], a.sizes[1])
    guard columns > 0 else {
      (values, vt) = (a.filled([0], 0), a.filled([0, 0], 0))
      u = .identity(rows, isFull ? rows : 0, a.element)
      return
    }
    let greatest = a.magnitude.maximum
    let (zero, one) = (a.constant(0), a.constant(1))
    let isFinite = (greatest - greatest) .== zero
    // Squares of elements divided by the greatest neither overflow nor vanish together.
    let scale = Term.select(greatest .> zero .&& isFinite, greatest, one)
    let (m, none) = (Term.index(rows), Term.index(0))
    let swept = Rotations.sweep(
      // V so far stands below the matrix: columns of both are rotated together.
      (a / scale).above(.identity(columns, columns, a.element)),
      to: a.constant(Double(columns) * a.unitRoundoff)
    ) { matrix, p, q in
      let sums = Term.loop(none, m, [zero, zero, zero]) { i, sums in
        let (x, y) = (matrix[i, p], matrix[i, q])
        return [
          .multiplyAdd(x, x, sums[0]), .multiplyAdd(x, y, sums[1]), .multiplyAdd(y, y, sums[2]),
        ]
      }
      let (c, s, _) = Rotations.angle(sums[0], sums[1], sums[2])
      let (newP, newQ) = Rotations.rotate(matrix.column(p), matrix.column(q), c, s)
      let product = sums[0].squareRoot * sums[2].squareRoot
      // A column of zeros is orthogonal to all.
      let cosine = Term.select(product .> zero, sums[1].magnitude / product, zero)
      return (matrix.settingColumn(p, to: newP).settingColumn(q, to: newQ), cosine)
    }
    let rotated = swept.prefix(rows, along: 0)
    let right = swept.suffix(from: rows, along: 0)
    let lengths = (rotated * rotated).sum(along: 0).squareRoot
    let order = lengths.argsort(isDescending: true)
    let nan = a.constant(.nan)
    values = Term.select(isFinite, lengths.taking(order, along: 0) * scale, nan)
    vt = Term.select(isFinite, right.taking(order, along: 1).transposed, nan)
    // The columns are orthogonal: reflections bring them to the axes, up to signs.
    let reflections = Reflections(of: rotated.taking(order, along: 1))
    let count = isFull ? rows : columns
    let signs = reflections.triangular(rows: columns).diagonal
    let q = reflections.orthogonal(columns: count)
    let isOwn = Term.indices([count], along: 0) .< .index(columns)
    let padded = count == columns ? signs : signs.padded(to: count)
    let isNegative = isOwn .&& (padded .< zero)
    u = Term.select(isFinite, .select(isNegative, -q, q), nan)
  }
}
