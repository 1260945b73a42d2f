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

  /// Column by column the row of its greatest element is exchanged with that of the diagonal, and a
  /// multiple of it subtracted from each row below. The rows come one after another, whole ones: which
  /// of them is exchanged may differ from example to example, where they lie does not. The greatest
  /// element of the next column, and its row, are found on the way.
  init(of a: Term) {
    let (rows, columns) = (a.sizes[0], a.sizes[1])
    let rank = Swift.min(rows, columns)
    let none = Term.index(0).repeated(to: [rank])
    let order = Term.indices([rows], along: 0)
    guard rank > 0 else {
      (lu, pivots, permutation) = (a, none, order)
      return
    }
    let (zero, one, m) = (Term.index(0), Term.index(1), Term.index(rows))
    let places = Term.indices([columns], along: 0)
    // The rows are written although they stay the same: the matrix lies where it is worked on then.
    let found = Term.loop(zero, m, [a] + Candidates(none: a).state) { i, state in
      let (a, candidates) = (state[0], Candidates(state.dropFirst()))
      let row = Candidates.Row(elements: a.row(i), number: i)
      return [a.settingRow(i, to: row.elements)]
        + candidates.compared(with: row, at: i, a[i, zero], isFirst: i .== zero).state
    }
    let results = Term.loop(zero, .index(rank), [found[0], order, none] + found.dropFirst()) {
      k, state in
      let found = Candidates(state.dropFirst(3))
      let (first, pivot) = (found.first, found.greatest)
      let reciprocal = Term.select(
        found.value .== a.constant(0), a.constant(1), a.constant(1) / found.value)
      let (below, next) = (k + one, Term.min(k + one, .index(columns - 1)))
      let eliminated = Term.loop(below, m, Array(state[..<2]) + found.state) { i, state in
        let (lu, order) = (state[0], state[1])
        let isExchanged = i .== found.place
        func exchanged(_ own: Term, _ other: Term) -> Term { .select(isExchanged, other, own) }
        let row = exchanged(lu.row(i), first.elements)
        let factor = exchanged(lu[i, k], first.elements[k]) * reciprocal
        let rest = Term.multiplyAdd(-factor, pivot.elements, row)
        let left = Candidates.Row(
          elements: .select(places .< k, row, .select(places .== k, factor, rest)),
          number: exchanged(order[i], first.number))
        let value = Term.multiplyAdd(
          -factor, pivot.elements[next], exchanged(lu[i, next], first.elements[next]))
        let candidates = Candidates(state.dropFirst(2))
        return [lu.settingRow(i, to: left.elements), order.setting(i, to: left.number)]
          + candidates.compared(with: left, at: i, value, isFirst: i .== below).state
      }
      return [
        eliminated[0].settingRow(k, to: pivot.elements),
        eliminated[1].setting(k, to: pivot.number), state[2].setting(k, to: found.place),
      ] + eliminated.dropFirst(2)
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

/// The rows below a pivot: the first of them, and the one with the greatest element of the next column.
private struct Candidates {
  struct Row {
    let elements: Term
    /// Which row of the matrix it was.
    let number: Term

    func replaced(by other: Row, if condition: Term) -> Row {
      Row(
        elements: .select(condition, other.elements, elements),
        number: .select(condition, other.number, number))
    }
  }

  let first: Row
  let greatest: Row
  /// Where the greatest element is, and what.
  let place: Term
  let value: Term

  private init(first: Row, greatest: Row, place: Term, value: Term) {
    (self.first, self.greatest, self.place, self.value) = (first, greatest, place, value)
  }

  /// Before there is one.
  init(none matrix: Term) {
    let row = Row(elements: matrix.filled([matrix.sizes[1]], 0), number: .index(0))
    self.init(first: row, greatest: row, place: .index(0), value: matrix.constant(0))
  }

  init(_ state: ArraySlice<Term>) {
    let state = Array(state)
    self.init(
      first: Row(elements: state[0], number: state[1]),
      greatest: Row(elements: state[2], number: state[3]), place: state[4], value: state[5])
  }

  var state: [Term] {
    [first.elements, first.number, greatest.elements, greatest.number, place, value]
  }

  func compared(with row: Row, at i: Term, _ new: Term, isFirst: Term) -> Candidates {
    let isGreatest = Term("or", isFirst, new.magnitude .> value.magnitude, as: .bool)
    return Candidates(
      first: first.replaced(by: row, if: isFirst),
      greatest: greatest.replaced(by: row, if: isGreatest),
      place: .select(isGreatest, i, place), value: .select(isGreatest, new, value))
  }
}
