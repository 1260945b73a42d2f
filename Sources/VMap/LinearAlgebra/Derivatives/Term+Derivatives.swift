/// What the closed forms of derivatives are written with.
extension Term {
  typealias Tangents =
    @Sendable (_ changes: [Term?], DerivativeSite) throws(VMapError) -> [Term?]

  /// What a function gives, with a derivative of its own.
  static func function(
    _ name: String, _ operands: [Term], tangents: @escaping Tangents, cotangents: Tangents? = nil,
    as elements: [ElementType], _ body: ([Term]) -> [Term]
  ) -> [Term] {
    let handles = operands.map(\.handle)
    let results = runTraced(reading: handles, failing: elements) { trace throws(VMapError) in
      try trace.call(name, handles, rule: .init(tangents: tangents, cotangents: cotangents)) {
        body($0.map(Term.init)).map(\.handle)
      }
    }
    return results.map(Term.init)
  }

  /// The matrix with zeros above the diagonal, or with zeros below it.
  ///
  /// - Parameter diagonal: What the diagonal is multiplied by: 0, 1, or a half.
  func triangle(isLower: Bool, diagonal: Double = 1) -> Term {
    let (row, column) = (Term.indices(sizes, along: 0), Term.indices(sizes, along: 1))
    let strict = kept(where: isLower ? column .< row : row .< column)
    if diagonal == 0 { return strict }
    return .select(row .== column, diagonal == 1 ? self : scaled(by: diagonal), strict)
  }

  /// The conjugate transpose.
  var adjoint: Term { transposed.conjugate }

  /// A matrix with a vector as its diagonal.
  var asDiagonal: Term {
    let shape = [sizes[0], sizes[0]]
    let isDiagonal = Term.indices(shape, along: 0) .== Term.indices(shape, along: 1)
    return repeated(to: shape).kept(where: isDiagonal)
  }

  /// The vector as a column.
  var asColumn: Term { reshaped(to: [sizes[0], 1]) }

  /// A matrix with zeros right of it and below it.
  func padded(rows: Int, columns: Int) -> Term {
    Term([self], as: element) {
      try .step(
        Pad(
          low: [0, 0], high: [rows - sizes[0], columns - sizes[1]], interior: [0, 0]), handle,
        constant(0).handle)
    }
  }
}
