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
      Term.function(
        "svd", [terms[0]],
        tangents: { changes, site in
          guard let change = changes[0] else { return [nil, nil, nil] }
          return SingularValues.tangents(
            change, site.results[0], site.results[1], site.results[2])
        }, as: elements
      ) { operands in
        let parts = SingularValues(of: operands[0], isFull: fullMatrices)
        return [parts.u, parts.values, parts.vt]
      }
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
    let (scale, isFinite) = SingularValues.scale(of: a)
    let zero = a.constant(0)
    // V so far stands below the matrix: columns of both are rotated together.
    let swept = SingularValues.orthogonalized(
      (a / scale).above(.identity(columns, columns, a.element)), rows: rows)
    let rotated = swept.prefix(rows, along: 0)
    let right = swept.suffix(from: rows, along: 0)
    let lengths = SingularValues.lengths(of: rotated)
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

  /// The values alone.
  static func values(of a: Term) -> Term {
    Term.function(
      "singular_values", [a],
      tangents: { changes, site in
        let change = changes[0].map { change in
          let parts = SingularValues(of: site.operands[0], isFull: false)
          return tangents(change, parts.u, parts.values, parts.vt)[1]
        }
        return [change]
      }, as: [a.element]
    ) { [rotatedValues(of: $0[0])] }[0]
  }

  private static func rotatedValues(of a: Term) -> Term {
    if a.sizes[0] < a.sizes[1] { return rotatedValues(of: a.transposed) }
    guard a.sizes[1] > 0 else { return a.filled([0], 0) }
    let (scale, isFinite) = SingularValues.scale(of: a)
    let rotated = SingularValues.orthogonalized(a / scale, rows: a.sizes[0])
    let lengths = SingularValues.lengths(of: rotated)
    let order = lengths.argsort(isDescending: true)
    return Term.select(
      isFinite, lengths.taking(order, along: 0) * scale, a.constant(.nan))
  }

  /// What elements are divided by, so that their squares neither overflow nor vanish together; and
  /// whether all are finite.
  private static func scale(of a: Term) -> (scale: Term, isFinite: Term) {
    let greatest = a.magnitude.maximum
    let (zero, one) = (a.constant(0), a.constant(1))
    let isFinite = (greatest - greatest) .== zero
    return (.select(greatest .> zero .&& isFinite, greatest, one), isFinite)
  }

  /// Columns rotated in pairs until their first rows are orthogonal.
  private static func orthogonalized(_ columns: Term, rows: Int) -> Term {
    let zero = columns.constant(0)
    let (m, none) = (Term.index(rows), Term.index(0))
    let tolerance = Double(columns.sizes[1]) * columns.unitRoundoff
    return Rotations.sweep(columns, to: columns.constant(tolerance)) { matrix, p, q in
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
  }

  private static func lengths(of columns: Term) -> Term {
    (columns * columns).sum(along: 0).squareRoot
  }
}

/// What counts as zero.
extension SingularValues {
  var greatest: Term { values[.index(0)] }

  /// What the values of a matrix are known to, as a part of the greatest: as many times the distance from
  /// 1 to the next number as its greater dimension says.
  static func relativeError(_ a: Term) -> Double {
    Double(a.sizes.max() ?? 0) * 2 * a.unitRoundoff
  }
}
