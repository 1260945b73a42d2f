extension ExpressionGraph {
  /// Whether an index depends on loops and extents alone, not on elements.
  func isPlainIndex(_ expression: Expression) -> Bool {
    switch self[expression] {
    case .variable, .extent: true
    case .sum, .quotient, .remainder, .minimum, .maximum:
      operands(of: self[expression]).allSatisfy(isPlainIndex)
    default: false
    }
  }

  /// A plain index of another graph, over other loops.
  func translated(
    _ expression: Expression, from other: ExpressionGraph, _ loops: [LoopVariable: LoopVariable]
  ) -> Expression {
    func image(_ expression: Expression) -> Expression {
      translated(expression, from: other, loops)
    }
    switch other[expression] {
    case .variable(let variable): return loops[variable].map(index) ?? index(0)
    case .extent(let extent): return index(extent)
    case .sum(let terms):
      return terms.reduce(index(0)) { total, term in
        add(
          total, term.atoms.reduce(index(term.coefficient)) { multiply($0, image($1)) })
      }
    case .quotient(let a, let b): return make(.quotient(image(a), image(b)))
    case .remainder(let a, let b): return make(.remainder(image(a), image(b)))
    case .minimum(let a, let b): return minimum(image(a), image(b))
    case .maximum(let a, let b): return maximum(image(a), image(b))
    default: return index(0)
    }
  }

  /// What the functions of some expressions load.
  func loads(in expressions: [Expression]) -> Set<Expression> {
    var found: Set<Expression> = []
    var seen: Set<Expression> = []
    func visit(_ expression: Expression) {
      guard seen.insert(expression).inserted else { return }
      switch self[expression] {
      case .load: found.insert(expression)
      case .apply(_, let operands, _): operands.forEach(visit)
      default: break
      }
    }
    expressions.forEach(visit)
    return found
  }

  /// An expression with some operands of its functions replaced.
  func replacing(
    _ replacements: [Expression: Expression], in expression: Expression
  ) -> Expression {
    if let replacement = replacements[expression] { return replacement }
    guard case .apply(let function, let operands, let type) = self[expression] else {
      return expression
    }
    return make(.apply(function, operands.map { replacing(replacements, in: $0) }, type))
  }
}
