/// Index arithmetic: sums of products, simplified as they are made.
extension ExpressionGraph {
  func index(_ value: Int) -> Expression {
    make(.sum(value == 0 ? [] : [IndexTerm(coefficient: value, atoms: [])]))
  }

  func index(_ extent: Extent) -> Expression {
    if let value = extent.constant { return index(value) }
    return make(.extent(extent))
  }

  func index(_ variable: LoopVariable) -> Expression {
    if extent(of: variable) == .constant(1) { return index(0) }
    return make(.variable(variable))
  }

  /// The summands of an index.
  func terms(_ expression: Expression) -> [IndexTerm] {
    if case .sum(let terms) = self[expression] { return terms }
    return [IndexTerm(coefficient: 1, atoms: [expression])]
  }

  func constant(_ expression: Expression) -> Int? {
    guard case .sum(let terms) = self[expression] else { return nil }
    if terms.isEmpty { return 0 }
    return terms.count == 1 && terms[0].atoms.isEmpty ? terms[0].coefficient : nil
  }

  func sum(_ terms: [IndexTerm]) -> Expression {
    var coefficients: [[Expression]: Int] = [:]
    for term in terms { coefficients[term.atoms, default: 0] &+= term.coefficient }
    let kept = coefficients.filter { $0.value != 0 }
      .map { IndexTerm(coefficient: $0.value, atoms: $0.key) }
      .sorted { $0.atoms.lexicographicallyPrecedes($1.atoms) }
    if kept.count == 1, kept[0].coefficient == 1, kept[0].atoms.count == 1 {
      return kept[0].atoms[0]
    }
    return make(.sum(kept))
  }

  func add(_ a: Expression, _ b: Expression) -> Expression { sum(terms(a) + terms(b)) }

  func subtract(_ a: Expression, _ b: Expression) -> Expression {
    add(a, multiply(b, index(-1)))
  }

  func multiply(_ a: Expression, _ b: Expression) -> Expression {
    var products: [IndexTerm] = []
    for x in terms(a) {
      for y in terms(b) {
        products.append(
          IndexTerm(
            coefficient: x.coefficient &* y.coefficient, atoms: (x.atoms + y.atoms).sorted()))
      }
    }
    return sum(products)
  }

  func multiply(_ a: Expression, _ factor: Int) -> Expression { multiply(a, index(factor)) }

  /// The floor of a quotient of non-negative indices.
  func divide(_ a: Expression, by divisor: Int) -> Expression {
    split(a, by: divisor).quotient
  }

  /// The remainder of non-negative indices.
  func remainder(_ a: Expression, by divisor: Int) -> Expression {
    split(a, by: divisor).remainder
  }

  /// Quotient and remainder by a constant: multiples of the divisor leave whole.
  private func split(
    _ a: Expression, by divisor: Int
  ) -> (quotient: Expression, remainder: Expression) {
    if divisor == 1 { return (a, index(0)) }
    var whole: [IndexTerm] = []
    var rest: [IndexTerm] = []
    for term in terms(a) {
      if term.coefficient % divisor == 0 {
        whole.append(IndexTerm(coefficient: term.coefficient / divisor, atoms: term.atoms))
      } else {
        rest.append(term)
      }
    }
    let remaining = sum(rest)
    // What is left may be negative when a multiple was taken from it: then nothing is split.
    guard let bounds = range(remaining), bounds.lowerBound >= 0 else {
      let d = index(divisor)
      return (make(.quotient(a, d)), make(.remainder(a, d)))
    }
    if bounds.upperBound < divisor { return (sum(whole), remaining) }
    let d = index(divisor)
    return (add(sum(whole), make(.quotient(remaining, d))), make(.remainder(remaining, d)))
  }

  /// Bounds of an index, both inclusive, where they are known constants.
  func range(_ expression: Expression) -> ClosedRange<Int>? {
    switch self[expression] {
    case .variable(let variable):
      guard let n = extent(of: variable).constant else { return nil }
      return 0...Swift.max(0, n - 1)
    case .quotient(let a, let b):
      guard let bounds = range(a), bounds.lowerBound >= 0, let d = constant(b) else { return nil }
      return bounds.lowerBound / d...bounds.upperBound / d
    case .remainder(_, let b):
      return constant(b).map { 0...Swift.max(0, $0 - 1) }
    case .minimum(let a, let b):
      if let x = range(a), let y = range(b) {
        return Swift.min(x.lowerBound, y.lowerBound)...Swift.min(x.upperBound, y.upperBound)
      }
      // An index that is brought into a range is in it, whatever it was.
      guard case .maximum(_, let lowest) = self[a], let low = constant(lowest),
        let high = constant(b), low <= high
      else { return nil }
      return low...high
    case .maximum(let a, let b):
      guard let x = range(a), let y = range(b) else { return nil }
      return Swift.max(x.lowerBound, y.lowerBound)...Swift.max(x.upperBound, y.upperBound)
    case .sum(let terms):
      var low = 0
      var high = 0
      for term in terms {
        var bounds = 1...1
        for atom in term.atoms {
          guard let factor = range(atom), factor.lowerBound >= 0 else { return nil }
          bounds = bounds.lowerBound * factor.lowerBound...bounds.upperBound * factor.upperBound
        }
        let ends = [bounds.lowerBound * term.coefficient, bounds.upperBound * term.coefficient]
        low += Swift.min(ends[0], ends[1])
        high += Swift.max(ends[0], ends[1])
      }
      return low...high
    default: return nil
    }
  }

  func minimum(_ a: Expression, _ b: Expression) -> Expression {
    if let x = constant(a), let y = constant(b) { return index(Swift.min(x, y)) }
    if let x = range(a), let y = constant(b), x.upperBound <= y { return a }
    return make(.minimum(a, b))
  }

  func maximum(_ a: Expression, _ b: Expression) -> Expression {
    if let x = constant(a), let y = constant(b) { return index(Swift.max(x, y)) }
    if let x = range(a), let y = constant(b), x.lowerBound >= y { return a }
    return make(.maximum(a, b))
  }

  /// An index brought into `0 ..< extent`.
  func clamp(_ a: Expression, below extent: Extent) -> Expression {
    minimum(maximum(a, index(0)), add(index(extent), index(-1)))
  }

  /// How an index moves with a loop variable.
  enum Stride: Hashable { case none, by(Expression), irregular }

  func stride(_ expression: Expression, along variable: LoopVariable) -> Stride {
    guard dependencies(expression).contains(variable) else { return .none }
    let atom = make(.variable(variable))
    var stride: [IndexTerm] = []
    for term in terms(expression) {
      let others = term.atoms.filter { $0 != atom }
      if others.contains(where: { dependencies($0).contains(variable) }) { return .irregular }
      switch term.atoms.count - others.count {
      case 0: continue
      case 1: stride.append(IndexTerm(coefficient: term.coefficient, atoms: others))
      default: return .irregular
      }
    }
    return .by(sum(stride))
  }
}
