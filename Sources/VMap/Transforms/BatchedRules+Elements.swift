extension Elementwise: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] { [try builder.elementwise(self, operands)] }
}

extension Convert: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] { [try builder.elementwise(self, operands)] }
}

extension IntegerPower: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] { [try builder.elementwise(self, operands)] }
}

extension ReducePrecision: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] { [try builder.elementwise(self, operands)] }
}

extension Literal: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] { [try builder.constant(value)] }
}

extension Iota: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    [try builder.emit(self, [], as: type.shape.indices.map { .dimension($0) })]
  }
}

extension Reduce: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let operand = operands[0]
    let reduce = Reduce(kind: kind, dimensions: operand.positions(of: dimensions).sorted())
    return [try builder.emit(reduce, [operand], as: operand.layout.removing(dimensions))]
  }
}

extension ArgReduce: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let operand = operands[0]
    let reduce = ArgReduce(isMaximum: isMaximum, dimension: operand.position(of: dimension))
    return [try builder.emit(reduce, [operand], as: operand.layout.removing([dimension]))]
  }
}
