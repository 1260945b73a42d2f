extension Concatenate: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let (arranged, layout) = try builder.arrangedAlike(operands)
    let position = layout.positions(of: [dimension])[0]
    return [try builder.emit(Concatenate(dimension: position), arranged, as: layout)]
  }
}

extension Pad: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let (operand, padding) = (operands[0], operands[1])
    if padding.axes.isEmpty { return [try pad(operand, padding, in: &builder)] }
    // Each example is padded with another value: a mask tells where.
    let element = builder.element(of: operand)
    let zero = try builder.constant(.zero(element))
    let padded = try pad(operand, zero, in: &builder)
    let truth = try builder.constant(.one(.bool))
    let shape = try builder.exampleShape(of: operand)
    let inside = try builder.emit(
      Broadcast(shape: shape, dimensions: []), [truth],
      as: shape.indices.map { .dimension($0) })
    let mask = try pad(inside, try builder.constant(.zero(.bool)), in: &builder)
    return [try builder.elementwise(Elementwise.choice, [mask, padded, padding])]
  }

  private func pad(
    _ operand: BatchedValue, _ padding: BatchedValue, in builder: inout BatchedBuilder
  ) throws(VMapError) -> BatchedValue {
    func spread(_ amounts: [Int]) -> [Int] {
      operand.layout.map { $0.dimension.map { amounts[$0] } ?? 0 }
    }
    let pad = Pad(low: spread(low), high: spread(high), interior: spread(interior))
    return try builder.emit(pad, [operand, padding], as: operand.layout)
  }
}
