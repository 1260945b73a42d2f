/// The derivative of a triangular solve.
///
/// `op(a) x = b` changes as `op(a) dx = db − op(da) x`. M. B. Giles, *Collected matrix derivative results
/// for forward and reverse mode algorithmic differentiation* (2008), section 2.3.1.
extension TriangularForm {
  /// The unknowns, with the derivative of the whole in place of that of each step.
  func solve(_ a: Term, _ b: Term) -> Term {
    Term.function(
      "triangular_solve", [a, b], tangents: { changes, site in [tangent(changes, site)] },
      cotangents: { changes, site in cotangents(changes[0], site) }, as: [b.element]
    ) { [substituted($0[0], $0[1])] }[0]
  }

  private func tangent(_ changes: [Term?], _ site: DerivativeSite) -> Term? {
    let (a, x) = (site.operands[0], site.results[0])
    var right = changes[1]
    if let change = changes[0] {
      let matrix = applied(masked(change))
      let product: Term =
        isLeft || x.sizes.count == 1 ? .product(matrix, x) : .product(x, matrix)
      right = right.map { $0 - product } ?? -product
    }
    return right.map { solve(a, $0) }
  }

  private func cotangents(_ change: Term?, _ site: DerivativeSite) -> [Term?] {
    guard let change else { return [nil, nil] }
    let (a, x) = (site.operands[0], site.results[0])
    var other = self
    other.isTransposed.toggle()
    let right = other.solve(a, change)
    guard site.wanted[0] else { return [nil, right] }
    let isVector = x.sizes.count == 1
    let outer: Term =
      isVector
      ? .product(right.asColumn, x.reshaped(to: [1, x.sizes[0]]))
      : isLeft ? .product(right, x.transposed) : .product(x.transposed, right)
    return [masked(applied(-outer)), right]
  }

  /// The matrix as it is meant: the transpose of itself as a function, too.
  private func applied(_ matrix: Term) -> Term {
    let other = isTransposed ? matrix.transposed : matrix
    return isConjugated ? other.conjugate : other
  }

  /// What is read of a matrix.
  private func masked(_ matrix: Term) -> Term {
    matrix.triangle(isLower: isLower, diagonal: isUnit ? 0 : 1)
  }
}
