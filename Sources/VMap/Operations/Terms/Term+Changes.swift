/// What rules of derivatives are written with.
extension Term {
  /// Zeros of the same type.
  var zeros: Term { filled(sizes, 0) }

  /// Twice as much, half as much: the product with a number.
  func scaled(by factor: Double) -> Term { self * constant(factor) }

  /// The sum over what repeating a tensor of a shape added, as NumPy broadcasts.
  func summed(to shape: [Int]) -> Term {
    let own = sizes
    if own == shape { return self }
    let added = own.count - shape.count
    let repeated = own.indices.filter { $0 < added || shape[$0 - added] != own[$0] }
    return Term([self], as: element) {
      try .step(Reduce(kind: .sum, dimensions: repeated), handle).reshaped(to: shape)
    }
  }

  func reduced(_ kind: Reduce.Kind, over dimensions: [Int]) -> Term {
    dimensions.isEmpty
      ? self
      : Term([self], as: element) { try .step(Reduce(kind: kind, dimensions: dimensions), handle) }
  }

  /// A tensor that lacks some dimensions repeated along them.
  func repeated(to shape: [Int], along dimensions: [Int]) -> Term {
    Term([self], as: element) {
      try .step(
        Broadcast(shape: shape, dimensions: shape.indices.filter { !dimensions.contains($0) }),
        handle)
    }
  }

  /// The elements where a condition holds, and zeros elsewhere.
  func kept(where condition: Term) -> Term { .select(condition, self, constant(0)) }

  func transposed(_ permutation: [Int]) -> Term {
    if permutation == Array(permutation.indices) { return self }
    return Term([self], as: element) { try .step(Transpose(permutation: permutation), handle) }
  }

  /// The sum of two changes of which either may be none.
  static func sum(_ a: Term?, _ b: Term?) -> Term? {
    guard let a, let b else { return a ?? b }
    return a + b
  }
}

extension Term {
  /// An integer of the same element type, as a scalar.
  func integer(_ value: Int) -> Term { Term(.integer(value, element)) }
}

extension DerivativeSite {
  /// Updates added to a tensor.
  func scatterAdding(
    _ scatter: Scatter, _ tensor: Term, _ indices: Term, _ updates: Term
  ) throws(VMapError) -> Term {
    try scattering(scatter, tensor, indices, updates) { $0 + $1 }
  }

  /// Updates combined with the elements of a tensor.
  func scattering(
    _ scatter: Scatter, _ tensor: Term, _ indices: Term, _ updates: Term,
    _ combine: @escaping (_ element: Term, _ update: Term) -> Term
  ) throws(VMapError) -> Term {
    let results = try trace.emit(
      scatter, [tensor.handle, indices.handle, updates.handle],
      elementRegions: [{ [combine(Term($0[0]), Term($0[1])).handle] }])
    if case .failed(let error) = results[0].current { throw error }
    return Term(results[0])
  }
}
