/// Elimination by whole rows.
extension LUFactors {
  /// How long rows may be: each iteration makes three of them anew, and those of longer ones would be
  /// run by the host.
  static var longestRow: Int { HostLoops.privateState / 4 }

  /// Column by column the row of the greatest element is exchanged with that of the diagonal, and a
  /// multiple of it subtracted from each row below.
  ///
  /// The rows come one after another, whole ones: which of them is exchanged may differ from example to
  /// example, where they lie does not. The greatest element of the next column, and its row, are found
  /// on the way.
  ///
  /// - Parameter initial: The matrix, the order of its rows, and what becomes the pivots.
  static func byRows(_ initial: [Term]) -> [Term] {
    let a = initial[0]
    let (rows, columns) = (a.sizes[0], a.sizes[1])
    let (zero, one, m) = (Term.index(0), Term.index(1), Term.index(rows))
    let places = Term.indices([columns], along: 0)
    // The rows are written although they stay the same: the matrix lies where it is worked on then.
    let found = Term.loop(zero, m, [a] + Candidates(none: a).state) { i, state in
      let (a, candidates) = (state[0], Candidates(state.dropFirst()))
      let row = Candidates.Row(elements: a.row(i), number: i)
      return [a.settingRow(i, to: row.elements)]
        + candidates.compared(with: row, at: i, a[i, zero], isFirst: i .== zero).state
    }
    let rank = Term.index(Swift.min(rows, columns))
    let start = [found[0], initial[1], initial[2]] + found.dropFirst()
    return Term.loop(zero, rank, start) { k, state in
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
    let isGreatest = Term("or", isFirst, new.pivotSize .> value.pivotSize, as: .bool)
    return Candidates(
      first: first.replaced(by: row, if: isFirst),
      greatest: greatest.replaced(by: row, if: isGreatest),
      place: .select(isGreatest, i, place), value: .select(isGreatest, new, value))
  }
}
