/// Padding with another value for each example: a mask tells where.
extension Pad: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let (operand, padding) = (operands[0], operands[1])
    if padding.axes.isEmpty { return try builder.lift(self, operands) }
    let zero = try builder.constant(.zero(builder.element(of: operand)))
    let padded = try builder.lift(self, [operand, zero])
    let truth = try builder.constant(.one(.bool))
    let whole = Broadcast(shape: try builder.exampleShape(of: operand), dimensions: [])
    let inside = try builder.lift(whole, [truth])
    let mask = try builder.lift(self, inside + [try builder.constant(.zero(.bool))])
    return try builder.lift(Elementwise.choice, mask + padded + [padding])
  }
}
