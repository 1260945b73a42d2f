extension LinearAlgebra {
  /// The solution of `op(a) x = b`, or of `x op(a) = b`, for a triangular matrix.
  ///
  ///     let x = LinearAlgebra.triangularSolve(l, b, leftSide: true, lower: true)   // [n, n], [n, m]
  ///
  /// - Parameters:
  ///   - a: The matrix; its other triangle is not read.
  ///   - b: The right-hand sides: columns of `[n, m]` on the left side, rows of `[m, n]` on the right.
  ///     With one dimension less than `a` it is one vector.
  ///   - leftSide: Whether the matrix stands left of the unknowns.
  ///   - lower: Whether the matrix is lower triangular.
  ///   - transposeA: Whether its transpose is meant.
  ///   - conjugateA: Whether its complex conjugate is meant.
  ///   - unitDiagonal: Whether ones are meant on the diagonal, which is not read then.
  /// - Returns: The unknowns, of the shape of `b`; where an element of the diagonal is 0, what
  ///   dividing by it gives.
  ///
  /// Each solution is the exact one of a matrix whose elements differ from those of `a` by at most
  /// about n units of rounding (Higham, theorem 8.5). After `lax.linalg.triangular_solve`; GVL,
  /// algorithm 3.1.1.
  public static func triangularSolve<Scalar: TensorInexact>(
    _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, leftSide: Bool = false, lower: Bool = false,
    transposeA: Bool = false, conjugateA: Bool = false, unitDiagonal: Bool = false
  ) -> Tensor<Scalar> {
    let form = TriangularForm(
      isLeft: leftSide, isLower: lower, isTransposed: transposeA, isConjugated: conjugateA,
      isUnit: unitDiagonal)
    return Tensor(handle: triangularSolve(a.handle, b.handle, form))
  }

  static func triangularSolve(
    _ a: TensorHandle, _ b: TensorHandle, _ form: TriangularForm
  ) -> TensorHandle {
    let isVector = b.shape.count == a.shape.count - 1
    return perExample(
      "triangularSolve", [Operand(a, rank: 2), Operand(b, rank: isVector ? 1 : 2)],
      as: [a.element]
    ) { terms throws(VMapError) in
      let (a, b) = (terms[0], terms[1])
      let n = try order(of: a, for: "triangularSolve")
      let unknowns = isVector || form.isLeft ? 0 : 1
      guard b.sizes[unknowns] == n else { throw mismatch("triangularSolve", terms) }
      return [form.solve(a, b)]
    }[0]
  }
}

/// How a triangular matrix stands in a system of equations.
struct TriangularForm {
  var isLeft = true
  var isLower = true
  var isTransposed = false
  var isConjugated = false
  var isUnit = false

  /// The unknowns, by steps.
  ///
  /// Every form is the lower one of a view of the matrix: rows and columns are exchanged
  /// where the unknowns stand on the left, and both reversed where it is upper.
  func substituted(_ a: Term, _ b: Term) -> Term {
    let isExchanged = isTransposed == isLeft
    var matrix = isExchanged ? a.transposed : a
    if isConjugated { matrix = matrix.conjugate }
    let isUpper = isExchanged == isLower
    if isUpper { matrix = matrix.reversed([0, 1]) }
    let isVector = b.sizes.count == 1
    var sides = isVector || isLeft ? b : b.transposed
    if isUpper { sides = sides.reversed([0]) }
    var x: Term
    if isVector {
      x = substitute(matrix, sides)
    } else if sides.sizes[1] == 1 {
      x = substitute(matrix, sides.reshaped(to: [sides.sizes[0]])).reshaped(to: sides.sizes)
    } else {
      x = sides.mappingColumns { substitute(matrix, $0) }
    }
    if isUpper { x = x.reversed([0]) }
    return isVector || isLeft ? x : x.transposed
  }

  /// Forward substitution: the solution for one right-hand side.
  private func substitute(_ l: Term, _ b: Term) -> Term {
    let n = b.sizes[0]
    if n == 0 { return b }
    return Term.loop(.index(0), .index(n), [b]) { i, state in
      let x = state[0]
      let rest = x[i].subtracting(from: .index(0), to: i) { k in (l[i, k], x[k]) }
      return [x.setting(i, to: isUnit ? rest : rest / l[i, i])]
    }[0]
  }
}
