/// All elements along some dimensions combined by an associative function.
struct Reduce: Operation {
  enum Kind: String, CaseIterable, Sendable {
    case sum = "reduce_sum"
    case product = "reduce_prod"
    case maximum = "reduce_max"
    case minimum = "reduce_min"
    case and = "reduce_and"
    case or = "reduce_or"

    var function: ScalarFunction {
      switch self {
      case .sum: .add
      case .product: .multiply
      case .maximum: .maximum
      case .minimum: .minimum
      case .and: .and
      case .or: .or
      }
    }

    func identity(_ type: ElementType) -> ScalarLiteral {
      switch self {
      case .sum, .or: .zero(type)
      case .product: .one(type)
      case .maximum: .lowest(type)
      case .minimum: .highest(type)
      case .and: type == .bool ? .one(type) : ScalarLiteral(integer: -1, as: type)
      }
    }

    /// Whether rounding depends on the order.
    var addsUp: Bool { self == .sum || self == .product }

    /// Whether every order gives the same bits: extremes of zeros and of NaNs depend on it, too.
    func isExact(_ type: ElementType) -> Bool { !type.part.isFloating }

    func accepts(_ type: ElementType) -> Bool {
      switch self {
      case .sum, .product: type != .bool
      case .maximum, .minimum: !type.isComplex
      case .and, .or: !type.isInexact
      }
    }
  }

  let kind: Kind
  let dimensions: [Int]

  var name: String { kind.rawValue }
  var addsUp: Bool { kind.addsUp }

  func checkRagged(_ operands: [TensorType]) {}
  var attributes: [Attribute] { [Attribute("axes", .integers(dimensions), .removedDimensions)] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    guard let kind = Kind(rawValue: name) else { throw VMapError(.parse, "no reduction \(name)") }
    return Reduce(kind: kind, dimensions: try attributes.integers("axes"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let operand = operands[0]
    guard kind.accepts(operand.element) else {
      throw VMapError(.typeMismatch, "\(name): does not take \(operand.element.rawValue)")
    }
    return [
      TensorType(
        element: operand.element, shape: try operand.shape.dropping(dimensions, for: name))
    ]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let type = operands[0].type
    let dimensions = dimensions.sorted()
    let extents = dimensions.map { type.shape[$0] }
    let reading = operands[0].layout.reading(along: dimensions.map(ElementLoop.dimension))
    return loops.reduce(
      over: extents, ReductionTree(over: extents, reading), isExact: kind.isExact(type.element),
      initial: [kind.identity(type.element)],
      step: { sums, reduced in
        let element = operands[0][index.inserting(reduced, at: dimensions)]
        return [loops.apply(kind.function, [sums[0], element], type.element)]
      },
      merge: { a, b in [loops.apply(kind.function, [a[0], b[0]], type.element)] })
  }
}

extension [Int] {
  /// A shape without some of its dimensions.
  func dropping(_ dimensions: [Int], for operation: String) throws(VMapError) -> [Int] {
    guard dimensions.allSatisfy(indices.contains), Set(dimensions).count == dimensions.count else {
      throw VMapError(
        .invalidArgument,
        "\(operation): axes \(dimensions.shapeText) are not distinct dimensions of shape \(shapeText)"
      )
    }
    return indices.filter { !dimensions.contains($0) }.map { self[$0] }
  }
}

extension [Expression] {
  /// An index with others put in at the given, ascending positions of the result.
  func inserting(_ others: [Expression], at positions: [Int]) -> [Expression] {
    var result = self
    for (other, position) in zip(others, positions) { result.insert(other, at: position) }
    return result
  }
}

extension Reduce: Differentiable {
  var choosesElements: Bool { kind == .maximum || kind == .minimum }

  func tangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil] }
    return try site.apply(
      Reduce(kind: .sum, dimensions: dimensions), [try weighted(change, at: site)])
  }

  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil] }
    let shape = site.operands[0].sizes
    return [try weighted(change.repeated(to: shape, along: dimensions), at: site)]
  }

  /// What counts of a change of each element: the transpose of itself.
  private func weighted(_ change: Term, at site: DerivativeSite) throws(VMapError) -> Term {
    let operand = site.operands[0]
    switch kind {
    case .sum: return change
    case .product: return change * (try others(operand, at: site))
    case .maximum, .minimum:
      let result = site.results[0].repeated(to: operand.sizes, along: dimensions)
      let isChosen = operand .== result
      let count = isChosen.converted(to: operand.element).reduced(.sum, over: dimensions)
      return (change / count.repeated(to: operand.sizes, along: dimensions)).kept(where: isChosen)
    case .and, .or:
      throw VMapError(.notDifferentiable, "\(name): has no derivative")
    }
  }

  /// For each element the product of the others: no quotient, which 0 would spoil.
  private func others(_ operand: Term, at site: DerivativeSite) throws(VMapError) -> Term {
    let shape = operand.sizes
    let reduced = dimensions.sorted()
    let kept = shape.indices.filter { !reduced.contains($0) }
    let count = reduced.reduce(1) { $0 * shape[$1] }
    if shape.contains(0) { return operand }
    let flat = operand.transposed(kept + reduced)
    let rows = flat.reshaped(to: kept.map { shape[$0] } + [count])
    let last = kept.count
    func before(isReversed: Bool) throws(VMapError) -> Term {
      var (low, high) = ([Int](repeating: 0, count: last), [Int](repeating: 0, count: last))
      low.append(isReversed ? -1 : 1)
      high.append(isReversed ? 1 : -1)
      let shifted = try site.apply(
        Pad(low: low, high: high, interior: low.map { _ in 0 }), rows, operand.constant(1))
      return try site.apply(
        Cumulative(kind: .product, dimension: last, isReversed: isReversed), shifted)
    }
    let products = try before(isReversed: false) * (try before(isReversed: true))
    var inverse = shape
    for (position, dimension) in (kept + reduced).enumerated() { inverse[dimension] = position }
    return products.reshaped(to: flat.sizes).transposed(inverse)
  }
}
