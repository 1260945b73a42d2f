import VMap

extension Rule {
  static let linearAlgebra: [String: Body] = [
    "stablehlo.cholesky": { application in
      let a = try application.operands(1)[0]
      let isLower = try application.operation.truth("lower", default: false)
      guard a.elementType.isInexact else {
        throw LoweringError.invalid("takes floating-point or complex numbers, got \(a.type)")
      }
      guard a.shape.count >= 2, a.shape[a.shape.count - 1] == a.shape[a.shape.count - 2] else {
        throw LoweringError.invalid("takes square matrices, got \(a.type)")
      }
      return [try a.choleskyFactor(isLower: isLower)]
    },
    "stablehlo.triangular_solve": { application in
      let operands = try application.alike(application.operands(2))
      let (a, b) = (operands[0].type, operands[1].type)
      let operation = application.operation
      let isLeft = try operation.truth("left_side")
      let word = try operation.word("transpose_a")
      guard ["NO_TRANSPOSE", "TRANSPOSE", "ADJOINT"].contains(word) else {
        throw LoweringError.invalid("there is no form \(word) of a matrix")
      }
      guard a.element.isInexact else {
        throw LoweringError.invalid("takes floating-point or complex numbers, got \(a)")
      }
      let rank = a.shape.count
      guard rank >= 2, a.shape[rank - 1] == a.shape[rank - 2], b.shape.count == rank,
        a.shape[..<(rank - 2)] == b.shape[..<(rank - 2)],
        b.shape[isLeft ? rank - 2 : rank - 1] == a.shape[rank - 1]
      else {
        throw LoweringError.invalid(
          "takes square matrices and as many unknowns, got \(application.operandText)")
      }
      return [
        try operands[0].triangularSolve(
          operands[1], isLeft: isLeft, isLower: try operation.truth("lower"),
          isTransposed: word != "NO_TRANSPOSE", isConjugated: word == "ADJOINT",
          isUnit: try operation.truth("unit_diagonal"))
      ]
    },
  ]
}

extension Operation {
  /// A truth value, which may be left out where there is one to stand for it.
  fileprivate func truth(
    _ name: String, default other: Bool? = nil
  ) throws(LoweringError) -> Bool {
    if attributes[name] == nil, let other { return other }
    guard case .bool(let value) = try attribute(name) else {
      throw .invalid("the attribute \(name) should be true or false")
    }
    return value
  }
}
