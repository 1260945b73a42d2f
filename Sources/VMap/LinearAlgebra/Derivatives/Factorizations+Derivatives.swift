/// The derivative of a Cholesky decomposition.
///
/// `L Lᴴ = a` changes as `dL = L Φ(L⁻¹ da L⁻ᴴ)`, where Φ takes the lower triangle and half of the
/// diagonal. I. Murray, *Differentiation of the Cholesky decomposition* (2016), equation 8.
enum CholeskyDerivative {
  /// - Parameter change: How the Hermitian matrix changes.
  static func tangent(_ factor: Term, _ change: Term) -> Term {
    let half = TriangularForm().solve(factor, change)
    let whole = TriangularForm(isLeft: false, isTransposed: true, isConjugated: true)
      .solve(factor, half)
    return .product(factor, whole.triangle(isLower: true, diagonal: 0.5))
  }
}

extension LUFactors {
  /// The change of both factors, packed.
  ///
  /// `P a = L U` changes as `L⁻¹ P da U⁻¹ = L⁻¹ dL + dU U⁻¹`, of which the terms are triangles. After
  /// `lax.linalg.lu`.
  static func tangent(_ change: Term, _ lu: Term, _ permutation: Term) -> Term {
    let (rows, columns) = (lu.sizes[0], lu.sizes[1])
    let rank = Swift.min(rows, columns)
    // L and U as square matrices, continued by ones.
    let lower =
      lu.prefix(rank, along: 1).triangle(isLower: true, diagonal: 0)
      .padded(rows: rows, columns: rows) + .identity(rows, rows, lu.element)
    let own = Term.indices([columns, columns], along: 0) .< .index(rank)
    let upper = Term.select(
      own,
      lu.prefix(rank, along: 0).triangle(isLower: false)
        .padded(rows: columns, columns: columns),
      .identity(columns, columns, lu.element))
    let left = TriangularForm(isUnit: true).solve(lower, change.taking(permutation, along: 0))
    let whole = TriangularForm(isLeft: false, isLower: false).solve(upper, left)
    return .product(lower, whole.triangle(isLower: true, diagonal: 0))
      + .product(whole.triangle(isLower: false), upper)
  }
}

/// The derivative of a QR decomposition.
///
/// `Q R = a` of at least as many rows as columns changes as `da R⁻¹ = dQ + Q dR R⁻¹`, where `Qᵀ dQ` is
/// skew and `dR R⁻¹` upper triangular. After `jnp.linalg.qr`.
enum QRDerivative {
  static func tangents(_ change: Term, _ q: Term, _ r: Term) -> [Term] {
    let scaled = TriangularForm(isLeft: false, isLower: false).solve(r, change)
    let inner = Term.product(q.transposed, scaled)
    let lower = inner.triangle(isLower: true, diagonal: 0)
    let skew = lower - lower.transposed
    return [.product(q, skew - inner) + scaled, .product(inner - skew, r)]
  }
}
