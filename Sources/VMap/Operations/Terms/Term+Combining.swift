/// Elements combined, and in other orders.
extension Term {
  func sum(along dimension: Int) -> Term { reduced(.sum, along: [dimension]) }
  var sum: Term { reduced(.sum, along: Array(sizes.indices)) }
  var product: Term { reduced(.product, along: Array(sizes.indices)) }
  var maximum: Term { reduced(.maximum, along: Array(sizes.indices)) }
  var minimum: Term { reduced(.minimum, along: Array(sizes.indices)) }

  private func reduced(_ kind: Reduce.Kind, along dimensions: [Int]) -> Term {
    Term([self], as: element) { try .step(Reduce(kind: kind, dimensions: dimensions), handle) }
  }

  /// The product of matrices.
  static func product(_ a: Term, _ b: Term) -> Term {
    Term([a, b], as: a.element) {
      try .contraction("matmul", a.handle, b.handle, over: ([1], [0]))
    }
  }

  /// The positions of a vector's elements in ascending or descending order.
  func argsort(isDescending: Bool) -> Term {
    Term([self], as: .int32) {
      let positions = Term.indices(sizes, along: 0)
      let operands = [self, positions].map { AnyTensor(handle: $0.handle) }
      return try AnyTensor.sorted(operands, along: 0) { elements in
        [try .applying(isDescending ? "gt" : "lt", to: Array(elements[..<2]))]
      }[1].handle
    }
  }
}
