/// The elements along a dimension combined up to each position, from the first on or, in reverse, from
/// the last.
///
/// One after another, but for sums of floating-point numbers: those run over blocks of 16 elements, the
/// sums of blocks again over blocks of 16, and so on, so that errors grow with the logarithm of the
/// number of elements.
struct Cumulative: Operation {
  enum Kind: String, CaseIterable, Sendable {
    case sum = "cumsum"
    case product = "cumprod"
    case maximum = "cummax"
    case minimum = "cummin"
    case logSumExp = "cumlogsumexp"
  }

  let kind: Kind
  let dimension: Int
  let isReversed: Bool

  var name: String { kind.rawValue }
  var wholeDimension: Int? { dimension }
  var addsUp: Bool { kind == .sum || kind == .product }

  func checkRagged(_ operands: [TensorType]) {}
  var attributes: [Attribute] {
    [
      Attribute("axis", .integer(dimension), .dimensions),
      Attribute("reverse", .literal(ScalarLiteral(isReversed ? 1 : 0, as: .bool))),
    ]
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    guard let kind = Kind(rawValue: name) else { throw VMapError(.parse, "no operation \(name)") }
    return Cumulative(
      kind: kind, dimension: try attributes.integer("axis"),
      isReversed: try attributes.literal("reverse") == .one(.bool))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let operand = operands[0]
    let accepts: Bool
    switch kind {
    case .sum, .product: accepts = operand.element != .bool
    case .maximum, .minimum: accepts = !operand.element.isComplex
    case .logSumExp: accepts = operand.element.isFloating
    }
    guard accepts else {
      throw VMapError(.typeMismatch, "\(name): does not take \(operand.element.rawValue)")
    }
    guard operand.shape.indices.contains(dimension) else {
      throw VMapError(
        .invalidArgument,
        "\(name): axis \(dimension) is not one of shape \(operand.shape.shapeText)")
    }
    return [operand]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let type = operands[0].type.element
    let extent = operands[0].type.shape[dimension]
    var levels = 1
    if kind == .sum, type.part.isFloating {
      var reach = Cumulative.block
      while reach < extent.constant ?? Cumulative.longestRagged {
        reach = reach.multipliedReportingOverflow(by: Cumulative.block).partialValue
        levels += 1
        if reach <= 0 { break }
      }
    }
    let types = [ElementType](repeating: type, count: levels)
    let identity = loops.literal(identity(type))
    let sums = loops.scan(
      over: extent, at: index[dimension], isReversed ? .backward : .forward, types,
      from: types.map { _ in identity }
    ) { sums, position, number in
      var source = index
      source[dimension] = position
      var sums = sums
      var size = Cumulative.block
      // A block that is full goes to the next level.
      for level in sums.indices.dropLast() {
        let isFull = loops.less(loops.graph.remainder(number, by: size), loops.graph.index(1))
        let next = combine(sums[level + 1], sums[level], type, loops)
        sums[level + 1] = loops.apply(.select, [isFull, next, sums[level + 1]], type)
        sums[level] = loops.apply(.select, [isFull, identity, sums[level]], type)
        size = size.multipliedReportingOverflow(by: Cumulative.block).partialValue
      }
      sums[0] = combine(sums[0], operands[0][source], type, loops)
      return sums
    }
    // From the largest blocks to the smallest.
    var result = sums[levels - 1]
    for level in sums.indices.dropLast().reversed() {
      result = combine(result, sums[level], type, loops)
    }
    return [result]
  }

  private static let block = 16
  /// Up to here the sums of a ragged dimension have an order that depends on its length alone.
  private static let longestRagged = 1 << 20

  private func identity(_ type: ElementType) -> ScalarLiteral {
    switch kind {
    case .sum: .zero(type)
    case .product: .one(type)
    case .maximum, .logSumExp: .lowest(type)
    case .minimum: .highest(type)
    }
  }

  private func combine(
    _ a: Expression, _ b: Expression, _ type: ElementType, _ loops: LoopBuilder
  ) -> Expression {
    switch kind {
    case .sum: loops.apply(.add, [a, b], type)
    case .product: product(a, b, type, loops)
    case .maximum: loops.apply(.maximum, [a, b], type)
    case .minimum: loops.apply(.minimum, [a, b], type)
    case .logSumExp: logAddExp(a, b, type, loops)
    }
  }

  /// The product; the parts of a complex one by fused multiply-adds, whose errors add up less.
  private func product(
    _ a: Expression, _ b: Expression, _ type: ElementType, _ loops: LoopBuilder
  ) -> Expression {
    guard type.isComplex else { return loops.apply(.multiply, [a, b], type) }
    let (x, y) = (loops.graph.parts(of: a), loops.graph.parts(of: b))
    func apply(_ function: ScalarFunction, _ operands: Expression...) -> Expression {
      loops.apply(function, operands, type.part)
    }
    let squares = apply(.negate, apply(.multiply, x[1], y[1]))
    let real = apply(.fusedMultiplyAdd, x[0], y[0], squares)
    let imaginary = apply(.fusedMultiplyAdd, x[1], y[0], apply(.multiply, x[0], y[1]))
    return loops.graph.element(type, from: [real, imaginary])
  }

  /// max(a, b) + log1p(exp(−|a − b|)); the sum where the difference has no value, of equal infinities
  /// and NaN.
  private func logAddExp(
    _ a: Expression, _ b: Expression, _ type: ElementType, _ loops: LoopBuilder
  ) -> Expression {
    func apply(_ function: ScalarFunction, _ operands: Expression...) -> Expression {
      loops.apply(function, operands, type)
    }
    let difference = apply(.subtract, a, b)
    let distance = apply(.negate, apply(.absolute, difference))
    let log = apply(.library("log1p"), apply(.library("exp"), distance))
    let isNaN = loops.apply(.notEqual, [difference, difference], .bool)
    return apply(
      .select, isNaN, apply(.add, a, b), apply(.add, apply(.maximum, a, b), log))
  }
}

extension Cumulative: LinearOperation, Expandable {
  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil] }
    return [
      try site.apply(
        Cumulative(kind: .sum, dimension: dimension, isReversed: !isReversed), change)
    ]
  }

  /// What is no sum as a loop over the elements.
  func expanded(at site: DerivativeSite) throws(VMapError) -> [Term]? {
    let operand = site.operands[0]
    guard kind != .sum, !operand.sizes.contains(0) else { return nil }
    return try site.mappingVectors([operand], along: dimension) { vectors throws(VMapError) in
      let scan = ScanDescription(
        name: name, paths: ["the result"], length: operand.sizes[dimension],
        isReversed: isReversed, rows: [vectors[0].handle])
      let first = Term(.apply(Literal(value: identity(operand.element)), []))
      let results = try site.trace.scan(scan, from: [first.handle]) { carry, rows in
        let next = combined(Term(carry[0]), Term(rows[0])).handle
        return ([next], [next])
      }
      return [Term(results[1])]
    }
  }

  private func combined(_ a: Term, _ b: Term) -> Term {
    switch kind {
    case .sum: return a + b
    case .product: return a * b
    case .maximum: return .max(a, b)
    case .minimum: return .min(a, b)
    case .logSumExp:
      let difference = a - b
      let isNaN = difference .== difference
      let log = Term("log1p", Term("exp", -difference.magnitude))
      return .select(isNaN, .max(a, b) + log, a + b)
    }
  }
}
