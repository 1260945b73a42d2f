/// A power with a constant integer exponent, by repeated squaring in a fixed order.
struct IntegerPower: Operation {
  let exponent: Int

  var name: String { "integer_pow" }
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

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let type = operands[0].type.element
    if type.isComplex {
      let element = ComplexExpression(operands[0][index], loops)
      return [ComplexFunctions.power(element, exponent).expression]
    }
    let one = loops.literal(.one(type))
    var square = operands[0][index]
    var product: Expression?
    var rest = exponent.magnitude
    while rest > 0 {
      if rest & 1 == 1 {
        product = product.map { loops.apply(.multiply, [$0, square], type) } ?? square
      }
      rest >>= 1
      if rest > 0 { square = loops.apply(.multiply, [square, square], type) }
    }
    let power = product ?? one
    return [exponent < 0 ? loops.apply(.divide, [one, power], type) : power]
  }
}
