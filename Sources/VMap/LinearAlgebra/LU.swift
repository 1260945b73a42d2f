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

  /// For each column first its elements, each a product of rows and columns that are there already,
  /// with the greatest one found on the way; then, column by column, its row is exchanged with that of
  /// the diagonal, and what is below the diagonal divided.
  init(of a: Term) {
    let (rows, columns) = (a.sizes[0], a.sizes[1])
    let rank = Swift.min(rows, columns)
    let none = Term.index(0).repeated(to: [rank])
    let order = Term.indices([rows], along: 0)
    guard rank > 0 else {
      (lu, pivots, permutation) = (a, none, order)
      return
    }
    let (zero, one) = (Term.index(0), Term.index(1))
    let (m, n) = (Term.index(rows), Term.index(columns))
    let steps = Term.index(rows + Swift.max(rows, columns))
    let nothing = a.constant(0)
    let initial = [a, order, none, zero, zero, zero, nothing, nothing]
    let results = Term.whileLoop(initial) {
      $0[3] .< n
    } do: { state in
      let (lu, j, i) = (state[0], state[3], state[4])
      let isElement = i .< m
      // The element of the column, and the row and value of the greatest one so far.
      let found = Term.when(isElement, else: [nothing, state[5], state[6]]) {
        let value = lu[i, j].subtracting(from: zero, to: .min(i, j)) { k in (lu[i, k], lu[k, j]) }
        let isFirst = i .== j
        let isGreater = value.magnitude .> state[6].magnitude .&& (j .< i)
        let isPivot = Term("or", isFirst, isGreater, as: .bool)
        return [value, .select(isPivot, i, state[5]), .select(isPivot, value, state[6])]
      }
      let (value, row, pivot) = (found[0], found[1], found[2])
      // Where there is no diagonal any more, nothing is exchanged.
      let c = i - m
      let isColumn = c .< n .&& (j .< .index(rank))
      let other = Term.select(isColumn, row, j)
      let isBelow = j .< c .&& (c .< m)
      let reciprocal = Term.when(c .== zero, else: [state[7]]) {
        [.select(pivot .== nothing, a.constant(1), a.constant(1) / pivot)]
      }[0]
      let moved = Term.when(.!isElement, else: [value, value, value]) {
        let (upper, lower) = (lu[other, c], lu[j, c])
        return [upper, lower, .select(isBelow, lu[c, j] * reciprocal, upper)]
      }
      let (first, firstColumn) = (Term.select(isElement, i, j), Term.select(isElement, j, c))
      let second = Term.select(isElement, i, other)
      let (third, thirdColumn) = (
        Term.select(isBelow, c, first), Term.select(isBelow, j, firstColumn)
      )
      // The order of the rows changes once for each column.
      let exchanged = Term.select(c .== zero, other, j)
      let order = state[1]
      let next = i + one
      let isInside = next .< steps
      return [
        lu.setting(first, firstColumn, to: moved[0]).setting(second, firstColumn, to: moved[1])
          .setting(third, thirdColumn, to: moved[2]),
        order.setting(j, to: order[exchanged]).setting(exchanged, to: order[j]),
        state[2].setting(j, to: row),
        .select(isInside, j, j + one), .select(isInside, next, zero), row, pivot, reciprocal,
      ]
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
