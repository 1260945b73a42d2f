/// Views.
extension Term {
  func reshaped(to shape: [Int]) -> Term {
    Term([self], as: element) { try handle.reshaped(to: shape) }
  }

  func repeated(to shape: [Int]) -> Term {
    Term([self], as: element) { try handle.broadcast(to: shape) }
  }

  /// The matrix with rows and columns exchanged.
  var transposed: Term { Term([self], as: element) { try handle.transposed([1, 0]) } }

  func reversed(_ dimensions: [Int]) -> Term {
    Term([self], as: element) { try .step(Reverse(dimensions: dimensions), handle) }
  }

  /// The first elements along a dimension.
  func prefix(_ count: Int, along dimension: Int) -> Term {
    if sizes[dimension] == count { return self }
    return Term([self], as: element) { try handle.sliced(0, count, along: dimension) }
  }

  /// The elements along a dimension from an index on.
  func suffix(from start: Int, along dimension: Int) -> Term {
    Term([self], as: element) {
      try handle.sliced(start, sizes[dimension], along: dimension)
    }
  }

  /// A matrix with another one below it.
  func above(_ other: Term) -> Term {
    Term([self, other], as: element) {
      try .step(Concatenate(dimension: 0), handle, other.handle)
    }
  }

  /// A vector with zeros after it.
  func padded(to count: Int) -> Term {
    Term([self], as: element) {
      try .step(
        Pad(low: [0], high: [count - sizes[0]], interior: [0]), handle, constant(0).handle)
    }
  }

  /// The elements of the main diagonal.
  var diagonal: Term {
    let (rows, columns) = (sizes[0], sizes[1])
    let isDiagonal = Term.indices(sizes, along: 0) .== Term.indices(sizes, along: 1)
    let count = Swift.min(rows, columns)
    let other = rows > columns ? 0 : 1
    return Term.select(isDiagonal, self, constant(0)).sum(along: other).prefix(count, along: 0)
  }

  /// Elements along a dimension.
  func taking(_ indices: Term, along dimension: Int) -> Term {
    Term([self, indices], as: element) {
      try .step(Take(dimension: dimension), handle, indices.handle)
    }
  }
}
