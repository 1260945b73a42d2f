extension ExpressionGraph {
  /// A function of elements, or what it comes to where some of them are known: only what is exact for
  /// all numbers, and for those that are none.
  func apply(
    _ function: ScalarFunction, _ operands: [Expression], _ type: ElementType
  ) -> Expression {
    folded(function.name, operands, type) ?? make(.apply(function, operands, type))
  }

  private func folded(
    _ name: String, _ operands: [Expression], _ type: ElementType
  ) -> Expression? {
    switch (name, operands.count) {
    case ("select", 3):
      if operands[1] == operands[2] { return operands[1] }
      return number(operands[0]).map { operands[$0 != 0 ? 1 : 2] }
    case ("and", 2), ("or", 2):
      guard type == .bool else { return nil }
      let deciding = name == "and" ? 0.0 : 1.0
      for (known, other) in [(operands[0], operands[1]), (operands[1], operands[0])] {
        if let value = number(known) { return value == deciding ? known : other }
      }
      return nil
    case ("mul", 2):
      if number(operands[0]) == 1 { return operands[1] }
      return number(operands[1]) == 1 ? operands[0] : nil
    case ("add", 2):
      // A negative zero and a zero add up to a zero.
      guard type.isInteger else { return nil }
      if number(operands[0]) == 0 { return operands[1] }
      return number(operands[1]) == 0 ? operands[0] : nil
    case ("sub", 2):
      return type.isInteger && number(operands[1]) == 0 ? operands[0] : nil
    default: return nil
    }
  }

  /// The number that an expression is in the text of a kernel.
  private func number(_ expression: Expression) -> Double? {
    guard case .literal(let value) = self[expression] else { return nil }
    return value.double
  }
}
