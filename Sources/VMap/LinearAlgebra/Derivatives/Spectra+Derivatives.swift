/// The derivative of an eigenvalue decomposition.
///
/// `a V = V Λ` changes as `dΛ = diag(Vᵀ da V)` and `dV = V (F ∘ Vᵀ da V)`, with the reciprocals of the
/// differences of eigenvalues as F. Vectors of equal eigenvalues are not determined: there F is 0. M. B.
/// Giles, *Collected matrix derivative results* (2008), section 3.1.
extension Rotations {
  static func tangents(_ change: Term, _ values: Term, _ vectors: Term) -> [Term] {
    let inner = Term.product(vectors.transposed, .product(change, vectors))
    let differences = values.reshaped(to: [1, values.sizes[0]]) - values.asColumn
    return [inner.diagonal, .product(vectors, inner * differences.reciprocalOrZero)]
  }
}

/// The derivative of a singular value decomposition.
///
/// `U S Vᵀ = a` changes as `dS = diag(Uᵀ da V)`; `Uᵀ dU` and `Vᵀ dV` are skew. J. Townsend,
/// *Differentiating the singular value decomposition* (2016). Vectors of equal values are not
/// determined, nor those that complete U or V: among themselves they do not change here.
extension SingularValues {
  static func tangents(
    _ change: Term, _ u: Term, _ values: Term, _ vt: Term
  ) -> [Term] {
    let (rank, rows, columns) = (values.sizes[0], u.sizes[1], vt.sizes[0])
    let v = vt.transposed
    let inner = Term.product(u.transposed, .product(change, v))
    let core = inner.prefix(rank, along: 0).prefix(rank, along: 1)
    let (row, column) = (values.reshaped(to: [1, rank]), values.asColumn)
    let factor = ((row - column) * (row + column)).reciprocalOrZero
    let (right, left) = (core * row, core * column)
    let skew = (core - core.transposed).scaled(by: 0.5) * values.reciprocalOrZero.asDiagonal
    var du = Term.product(
      u.prefix(rank, along: 1), factor * (right + right.transposed) + skew)
    var dv = Term.product(v.prefix(rank, along: 1), factor * (left + left.transposed))
    let reciprocals = values.reciprocalOrZero
    // What leaves the space of the first vectors.
    let changeV = Term.product(change, v.prefix(rank, along: 1))
    let changeU = Term.product(change.transposed, u.prefix(rank, along: 1))
    du = du + outside(changeV, of: u.prefix(rank, along: 1)) * reciprocals
    dv = dv + outside(changeU, of: v.prefix(rank, along: 1)) * reciprocals
    return [
      completed(du, u, rows), core.diagonal, completed(dv, v, columns).transposed,
    ]
  }

  /// What of some columns is orthogonal to those of a matrix.
  private static func outside(_ columns: Term, of basis: Term) -> Term {
    columns - .product(basis, .product(basis.transposed, columns))
  }

  /// The change of the first columns, and that of the others, which stay orthogonal to them.
  private static func completed(_ change: Term, _ basis: Term, _ count: Int) -> Term {
    let rank = change.sizes[1]
    if rank == count { return change }
    let others = basis.suffix(from: rank, along: 1)
    let inner = Term.product(change.transposed, others)
    return change.transposed.above(
      (-Term.product(basis.prefix(rank, along: 1), inner)).transposed
    ).transposed
  }
}

extension Term {
  /// 1 over each number; of zeros 0.
  fileprivate var reciprocalOrZero: Term {
    let isZero = self .== constant(0)
    return (constant(1) / .select(isZero, constant(1), self)).kept(where: .!isZero)
  }
}
