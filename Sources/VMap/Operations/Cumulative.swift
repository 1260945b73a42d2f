/// The elements along a dimension combined up to each position, from the first on or, in reverse, from
/// the last: one after another.
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
  var isMadeWhole: Bool { true }
  var attributes: [Attribute] {
    [
      Attribute("axis", .integer(dimension)),
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
    case .maximum, .minimum: accepts = true
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
    return loops.scan(
      over: operands[0].type.shape[dimension], at: index[dimension],
      isReversed ? .backward : .forward, [type], from: [loops.literal(identity(type))]
    ) { accumulators, position in
      var source = index
      source[dimension] = position
      return [combine(accumulators[0], operands[0][source], type, loops)]
    }
  }

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
    case .product: loops.apply(.multiply, [a, b], type)
    case .maximum: loops.apply(.maximum, [a, b], type)
    case .minimum: loops.apply(.minimum, [a, b], type)
    case .logSumExp: logAddExp(a, b, type, loops)
    }
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
