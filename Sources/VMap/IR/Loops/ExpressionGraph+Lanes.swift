extension ExpressionGraph {
  /// How an index moves from lane to lane of a vector, which begins at a multiple of its width.
  ///
  /// Within such a vector a quotient by a multiple of the width does not change, and a remainder
  /// moves like what it is a remainder of.
  func stride(
    _ expression: Expression, along variable: LoopVariable, ofVectors width: Int
  ) -> Stride {
    guard width > 1, variables[expression.id].contains(variable) else {
      return stride(expression, along: variable)
    }
    let atom = make(.variable(variable))
    var moving: [IndexTerm] = []
    for term in terms(expression) {
      var factors: [Expression] = []
      var fixed: [Expression] = []
      for factor in term.atoms {
        switch self[factor] {
        case .quotient(atom, let divisor) where isMultiple(divisor, of: width):
          fixed.append(factor)
        case .remainder(atom, let divisor) where isMultiple(divisor, of: width):
          factors.append(atom)
        default: factors.append(factor)
        }
      }
      let isMoving = factors.contains { dependencies($0).contains(variable) }
      // A moving factor times a quotient is not a distance that can be written down.
      if isMoving, !fixed.isEmpty { return .irregular }
      if isMoving {
        moving.append(IndexTerm(coefficient: term.coefficient, atoms: factors.sorted()))
      }
    }
    return stride(sum(moving), along: variable)
  }

  private func isMultiple(_ divisor: Expression, of width: Int) -> Bool {
    constant(divisor).map { $0 > 0 && $0 % width == 0 } ?? false
  }
}
