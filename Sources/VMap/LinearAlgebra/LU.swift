extension LinearAlgebra {
  /// The factors of a matrix with its rows in another order: `a[permutation] = L U`, where L has ones
  /// on its diagonal.
  ///
  ///     let (lu, pivots, permutation) = LinearAlgebra.lu(a)     // [m, n] → [m, n], [k], [m]
  ///
  /// - Returns: U with the elements of L below its diagonal; for each of the k = min(m, n) columns the
  ///   row that was exchanged with the one of its number; and the order of the rows after that. In a
  ///   column of zeros nothing is exchanged or divided.
  ///
  /// The greatest element left in a column becomes its pivot, the first of equals. `‖L U − P a‖` is at
  /// most about n units of rounding of `‖|L| |U|‖` (Higham, theorem 9.3). After `lax.linalg.lu`; GVL,
  /// section 3.4, column by column.
  public static func lu<Scalar: TensorFloatingPoint>(
    _ a: Tensor<Scalar>
  ) -> (lu: Tensor<Scalar>, pivots: Tensor<Int32>, permutation: Tensor<Int32>) {
    let results = perExample(
      "lu", [Operand(a.handle, rank: 2)], as: [a.handle.element, .int32, .int32]
    ) { terms throws(VMapError) in
      let factors = LUFactors(of: terms[0])
      return [factors.lu, factors.pivots, factors.permutation]
    }
    return (
      Tensor(handle: results[0]), Tensor(handle: results[1]), Tensor(handle: results[2])
    )
  }
}

/// A matrix taken apart by Gaussian elimination with partial pivoting.
struct LUFactors {
  let lu: Term
  let pivots: Term
  let permutation: Term

  /// The rows of one column after another are compared, exchanged and reduced.
  init(of a: Term) {
    let rank = Swift.min(a.sizes[0], a.sizes[1])
    let none = Term.index(0).repeated(to: [rank])
    let order = Term.indices([a.sizes[0]], along: 0)
    guard rank > 0 else {
      (lu, pivots, permutation) = (a, none, order)
      return
    }
    let results = Term.function(
      "lu", [a],
      tangents: { changes, site in
        let change = changes[0].map {
          LUFactors.tangent($0, site.results[0], site.results[1])
        }
        return [change, nil, nil]
      }, as: [a.element, .int32, .int32]
    ) { operands in
      let initial = [operands[0], order, none]
      let state =
        a.sizes[1] <= LUFactors.longestRow
        ? LUFactors.byRows(initial) : LUFactors.byElements(initial)
      return Array(state.prefix(3))
    }
    (lu, permutation, pivots) = (results[0], results[1], results[2])
  }

  /// The solution of the system for right-hand sides `[n]` or `[n, m]`.
  func solve(_ b: Term) -> Term {
    let sides = b.taking(permutation, along: 0)
    let y = TriangularForm(isUnit: true).solve(lu, sides)
    return TriangularForm(isLower: false).solve(lu, y)
  }

  /// The sign of the rows' order, 1 or −1, as a number.
  var sign: Term {
    let positions = Term.indices(pivots.sizes, along: 0)
    let isExchanged = Term.select(
      positions .== pivots, lu.constant(1), lu.constant(-1))
    return isExchanged.product
  }
}
