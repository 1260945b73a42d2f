extension LinearAlgebra {
  /// The solution of `a x = b` for a matrix with three diagonals, with rows exchanged, and whether the
  /// matrix is singular: 1, otherwise 0.
  ///
  /// As ``tridiagonalSolve(_:_:_:_:)``, for matrices that need not be diagonally dominant. After `gtsv`
  /// of LAPACK: of two neighbouring rows the one with the greater element is the pivot, by which a third
  /// diagonal may arise.
  ///
  /// - Parameters:
  ///   - diagonals: The lower one, whose first element is not read, the diagonal, and the upper one,
  ///     whose last element is not read.
  ///   - b: The columns of a matrix.
  static func pivotedTridiagonalSolve(
    _ diagonals: [TensorHandle], _ b: TensorHandle
  ) -> [TensorHandle] {
    let operands = diagonals.map { Operand($0, rank: 1) } + [Operand(b, rank: 2)]
    return perExample("tridiagonalSolve", operands, as: [b.element, .int32]) {
      terms throws(VMapError) in
      guard terms.allSatisfy({ $0.sizes[0] == terms[0].sizes[0] }) else {
        throw mismatch("tridiagonalSolve", terms)
      }
      let (diagonals, b) = (Array(terms[..<3]), terms[3])
      guard b.sizes[0] > 0, b.sizes[1] > 0 else { return [b, .index(0)] }
      let first = b.column(.index(0))
      let pivots = TridiagonalElimination(of: diagonals, first).diagonal
      let isSingular = Term.loop(.index(0), .index(b.sizes[0]), [.index(0)]) { i, state in
        [.select(pivots[i] .== pivots.constant(0), .index(1), state[0])]
      }[0]
      let x = b.mappingColumns { TridiagonalElimination(of: diagonals, $0).solution }
      return [x, isSingular]
    }
  }
}

/// A matrix with three diagonals, made upper triangular by elimination with pivoting.
private struct TridiagonalElimination {
  let diagonal: Term
  /// The diagonal next to it, and the one that exchanges make.
  private let upper: Term
  private let second: Term
  private let sides: Term

  init(of diagonals: [Term], _ b: Term) {
    let n = b.sizes[0]
    let (one, lower) = (Term.index(1), diagonals[0])
    let zero = b.constant(0)
    let initial = [diagonals[1], diagonals[2], b.filled([n], 0), b]
    let results = Term.loop(.index(0), .index(n - 1), initial) { i, state in
      let (d, u, x) = (state[0], state[1], state[3])
      let next = i + one
      let (pivot, below) = (d[i], lower[next])
      let isExchanged = below.magnitude .> pivot.magnitude
      func first(_ own: Term, _ other: Term) -> Term { .select(isExchanged, other, own) }
      let (top, bottom) = (first(pivot, below), first(below, pivot))
      let factor = Term.select(top .== zero, zero, bottom / top)
      // What stands in the two rows: in the diagonals from the next one on, and on the right.
      let isLast = .index(n - 2) .== i
      let beyond = Term.select(isLast, zero, u[next])
      let (nearTop, nearBottom) = (first(u[i], d[next]), first(d[next], u[i]))
      let (farTop, farBottom) = (first(zero, beyond), first(beyond, zero))
      let (sideTop, sideBottom) = (first(x[i], x[next]), first(x[next], x[i]))
      func rest(_ own: Term, _ above: Term) -> Term { .multiplyAdd(-factor, above, own) }
      let newUpper = u.setting(next, to: .select(isLast, u[next], rest(farBottom, farTop)))
      return [
        d.setting(i, to: top).setting(next, to: rest(nearBottom, nearTop)),
        newUpper.setting(i, to: nearTop), state[2].setting(i, to: farTop),
        x.setting(i, to: sideTop).setting(next, to: rest(sideBottom, sideTop)),
      ]
    }
    (diagonal, upper, second, sides) = (results[0], results[1], results[2], results[3])
  }

  var solution: Term {
    let n = sides.sizes[0]
    let last = Term.index(n - 1)
    return Term.loop(.index(0), .index(n), [sides]) { step, state in
      let x = state[0]
      let i = last - step
      let (one, two) = (Term.min(i + .index(1), last), Term.min(i + .index(2), last))
      let zero = x.constant(0)
      let near = Term.select(i .== last, zero, upper[i])
      let far = Term.select(last .< i + .index(2), zero, second[i])
      let rest = Term.multiplyAdd(-far, x[two], Term.multiplyAdd(-near, x[one], x[i]))
      return [x.setting(i, to: rest / diagonal[i])]
    }[0]
  }
}
