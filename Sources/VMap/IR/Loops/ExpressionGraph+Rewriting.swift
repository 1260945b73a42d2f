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

  /// An expression with some of what it is made of replaced, from the innermost outwards: what a
  /// replacement makes is looked up again, and what loops make stays as it is.
  func substituting(
    _ replacements: [Expression: Expression], in expression: Expression
  ) -> Expression {
    var memo: [Expression: Expression] = [:]
    func image(_ expression: Expression) -> Expression {
      if let known = memo[expression] { return known }
      let made = rebuilt(expression)
      let result = replacements[made] ?? made
      memo[expression] = result
      return result
    }
    func rebuilt(_ expression: Expression) -> Expression {
      switch self[expression] {
      case .sum(let terms):
        return terms.reduce(index(0)) { total, term in
          add(total, term.atoms.reduce(index(term.coefficient)) { multiply($0, image($1)) })
        }
      case .quotient(let a, let b):
        guard let divisor = constant(b) else { return make(.quotient(image(a), image(b))) }
        return divide(image(a), by: divisor)
      case .remainder(let a, let b):
        guard let divisor = constant(b) else { return make(.remainder(image(a), image(b))) }
        return remainder(image(a), by: divisor)
      case .minimum(let a, let b): return minimum(image(a), image(b))
      case .maximum(let a, let b): return maximum(image(a), image(b))
      case .index(let element): return make(.index(of: image(element)))
      case .element(let type, let index): return make(.element(type, of: image(index)))
      case .less(let a, let b): return make(.less(image(a), image(b)))
      case .load(let buffer, let offset, let type):
        return make(.load(buffer: buffer, offset: image(offset), type))
      case .apply(let function, let operands, let type):
        return make(.apply(function, operands.map(image), type))
      default: return expression
      }
    }
    return image(expression)
  }
}
