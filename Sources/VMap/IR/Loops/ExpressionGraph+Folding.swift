extension ExpressionGraph {
  /// A function of elements, or the operand that it comes to where enough of them are known.
  func apply(
    _ function: ScalarFunction, _ operands: [Expression], _ type: ElementType
  ) -> Expression {
    if function == .select, operands[1] == operands[2] { return operands[1] }
    if let place = function.folding?(operands.map(number), type) { return operands[place] }
    return function.rewriting?(operands, type, self) ?? make(.apply(function, operands, type))
  }

  /// An integer that is known before the kernel runs.
  func knownInteger(_ expression: Expression) -> Int64? {
    switch self[expression] {
    case .literal(let value), .argument(let value): value.type.isInteger ? value.integer : nil
    default: nil
    }
  }

  /// The number that an expression is in the text of a kernel.
  private func number(_ expression: Expression) -> Double? {
    guard case .literal(let value) = self[expression] else { return nil }
    return value.double
  }
}
