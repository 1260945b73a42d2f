/// How far the indices of a kernel go for given sizes: whether an `int` holds all of them, with room for
/// the lanes and copies at the end of a loop.
struct IndexBounds {
  /// The largest number that is left to an `int`.
  static let limit = Int(Int32.max) / 2

  private let graph: ExpressionGraph
  private let sizes: [Symbol: Int]
  private var known: [Expression: ClosedRange<Double>?] = [:]
  private var open: [Expression: Bool] = [:]
  /// The largest number on the way to any of the indices that were looked at.
  private var largest = 0.0

  /// - Parameter sizes: Sizes that are not among them are taken to be the least there are.
  init(_ graph: ExpressionGraph, _ sizes: [Symbol: Int]) {
    self.graph = graph
    self.sizes = sizes
  }

  /// Whether computing some indices needs no number beyond the limit.
  mutating func hold(_ indices: some Sequence<Expression>) -> Bool {
    for index in indices { _ = bounds(index) }
    return largest <= Double(IndexBounds.limit)
  }

  /// Whether an index differs with the sizes.
  mutating func isOpen(_ index: Expression) -> Bool {
    if let known = open[index] { return known }
    var result = false
    switch graph[index] {
    case .extent(let extent): result = !extent.symbols.isEmpty
    case .variable(let variable): result = !graph.extent(of: variable).symbols.isEmpty
    case let node:
      for operand in graph.operands(of: node) where isOpen(operand) { result = true }
    }
    open[index] = result
    return result
  }

  /// The bounds of an index and all that it is made of; nil where they are not known: what is read from
  /// memory has been brought into bounds, or they would not be known then, either.
  private mutating func bounds(_ index: Expression) -> ClosedRange<Double>? {
    if let known = known[index] { return known }
    let found = found(index)
    if let found { largest = max(largest, found.magnitude) }
    known[index] = found
    return found
  }

  private mutating func found(_ index: Expression) -> ClosedRange<Double>? {
    switch graph[index] {
    case .sum(let terms): return sum(terms)
    case .variable(let variable): return 0...Double(max(0, value(graph.extent(of: variable)) - 1))
    case .extent(let extent): return 0...Double(value(extent))
    case .quotient(let a, let b):
      _ = bounds(b)
      return bounds(a)
    case .remainder(let a, let b):
      _ = bounds(a)
      return bounds(b)
    case .minimum(let a, let b): return least(bounds(a), bounds(b))
    case .maximum(let a, let b): return greatest(bounds(a), bounds(b))
    case .index(let element), .within(let element, _): return bounds(element)
    case .element(_, let index): return bounds(index)
    case .literal(let value), .argument(let value):
      guard value.type.isInteger else { return nil }
      return Double(value.integer)...Double(value.integer)
    case .apply(.minimum, let operands, _): return least(bounds(operands[0]), bounds(operands[1]))
    case .apply(.maximum, let operands, _):
      return greatest(bounds(operands[0]), bounds(operands[1]))
    default: return nil
    }
  }

  /// All that a sum is on the way, whichever terms come first.
  private mutating func sum(_ terms: [IndexTerm]) -> ClosedRange<Double>? {
    var (low, high, isKnown) = (0.0, 0.0, true)
    for term in terms {
      var product: ClosedRange<Double>? = 1...1
      for atom in term.atoms { product = times(product, bounds(atom)) }
      // The factor is written even where it meets nothing but zeros.
      largest = max(largest, Double(term.coefficient.magnitude))
      guard let all = times(product, Double(term.coefficient)...Double(term.coefficient)) else {
        isKnown = false
        continue
      }
      low += min(0, all.lowerBound)
      high += max(0, all.upperBound)
    }
    largest = max(largest, -low, high)
    return isKnown ? low...high : nil
  }

  private func times(
    _ a: ClosedRange<Double>?, _ b: ClosedRange<Double>?
  ) -> ClosedRange<Double>? {
    guard let a, let b else { return nil }
    let ends = [
      a.lowerBound * b.lowerBound, a.lowerBound * b.upperBound, a.upperBound * b.lowerBound,
      a.upperBound * b.upperBound,
    ].map { max(-1e100, min(1e100, $0)) }
    return (ends.min() ?? 0)...(ends.max() ?? 0)
  }

  private func least(
    _ a: ClosedRange<Double>?, _ b: ClosedRange<Double>?
  ) -> ClosedRange<Double>? {
    guard let a, let b else {
      return (a ?? b).map { min(0, $0.upperBound)...$0.upperBound }
    }
    return min(a.lowerBound, b.lowerBound)...min(a.upperBound, b.upperBound)
  }

  private func greatest(
    _ a: ClosedRange<Double>?, _ b: ClosedRange<Double>?
  ) -> ClosedRange<Double>? {
    guard let a, let b else { return nil }
    return max(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
  }

  private func value(_ extent: Extent) -> Int { extent.value(sizes) }
}

extension ClosedRange<Double> {
  fileprivate var magnitude: Double { Swift.max(-lowerBound, upperBound) }
}
