/// Elimination element by element.
extension LUFactors {
  /// For each column first its elements, each a product of rows and columns that are there already,
  /// with the greatest one found on the way; then, column by column, its row is exchanged with that of
  /// the diagonal, and what is below the diagonal divided.
  ///
  /// - Parameter initial: The matrix, the order of its rows, and what becomes the pivots.
  static func byElements(_ initial: [Term]) -> [Term] {
    let a = initial[0]
    let (rows, columns) = (a.sizes[0], a.sizes[1])
    let (zero, one) = (Term.index(0), Term.index(1))
    let (m, n) = (Term.index(rows), Term.index(columns))
    let steps = Term.index(rows + Swift.max(rows, columns))
    let nothing = a.constant(0)
    return Term.whileLoop(initial + [zero, zero, zero, nothing, nothing]) {
      $0[3] .< n
    } do: { state in
      let (lu, j, i) = (state[0], state[3], state[4])
      let isElement = i .< m
      // The element of the column, and the row and value of the greatest one so far.
      let found = Term.when(isElement, else: [nothing, state[5], state[6]]) {
        let value = lu[i, j].subtracting(from: zero, to: .min(i, j)) { k in (lu[i, k], lu[k, j]) }
        let isFirst = i .== j
        let isGreater = value.pivotSize .> state[6].pivotSize .&& (j .< i)
        let isPivot = Term("or", isFirst, isGreater, as: .bool)
        return [value, .select(isPivot, i, state[5]), .select(isPivot, value, state[6])]
      }
      let (value, row, pivot) = (found[0], found[1], found[2])
      // Where there is no diagonal any more, nothing is exchanged.
      let c = i - m
      let isColumn = c .< n .&& (j .< .index(Swift.min(rows, columns)))
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
  }
}
