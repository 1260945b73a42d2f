/// A power with a constant integer exponent, by repeated squaring in a fixed order.
struct IntegerPower: Operation {
  let exponent: Int

  var name: String { "integer_pow" }

  func checkRagged(_ operands: [TensorType]) {}
  var attributes: [Attribute] { [Attribute("y", .integer(exponent))] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    IntegerPower(exponent: try attributes.integer("y"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let type = operands[0]
    guard type.element != .bool, exponent >= 0 || type.element.isInexact else {
      throw VMapError(
        .typeMismatch, "integer_pow: \(type.element.rawValue) to the power \(exponent) is no number"
      )
    }
    return [type]
  }

  func layout(
    _ operands: [ElementLayout], of types: [ValueType], as type: ValueType
  ) -> ElementLayout? {
    operands[0]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let type = operands[0].type.element
    if type.isComplex {
      let element = ComplexExpression(operands[0][index], loops)
      return [ComplexFunctions.power(element, exponent).expression]
    }
    let one = loops.literal(.one(type))
    let power = IntegerPower.repeated(operands[0][index], exponent.magnitude, one) {
      loops.apply(.multiply, [$0, $1], type)
    }
    return [exponent < 0 ? loops.apply(.divide, [one, power], type) : power]
  }

  /// The product of a number with itself.
  static func repeated<Number>(
    _ x: Number, _ exponent: UInt, _ one: Number, _ multiply: (Number, Number) -> Number
  ) -> Number {
    var square = x
    var product: Number?
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { product = product.map { multiply($0, square) } ?? square }
      rest >>= 1
      if rest > 0 { square = multiply(square, square) }
    }
    return product ?? one
  }
}

extension IntegerPower: Differentiable {
  func tangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard exponent != 0, let change = changes[0] else { return [nil] }
    let power = try site.apply(IntegerPower(exponent: exponent - 1), site.operands[0])
    return [change * power.scaled(by: Double(exponent))]
  }

  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0], let part = try tangents(changes, at: site)[0] else {
      return [nil]
    }
    return [site.chosen(part, of: change)]
  }
}
