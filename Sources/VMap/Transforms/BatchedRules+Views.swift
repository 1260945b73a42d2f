extension Transpose: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let operand = operands[0]
    let axes = operand.layout.indices.filter { operand.layout[$0].axis != nil }
    let order = axes + operand.positions(of: permutation)
    if order == Array(order.indices) {
      // The dimensions already lie in the order that is asked for.
      let layout = operand.layout.renumbered { permutation.firstIndex(of: $0) }
      return [BatchedValue(id: operand.id, layout: layout)]
    }
    return [try builder.emit(Transpose(permutation: order), [operand], as: operand.axesFirst)]
  }
}

extension Reshape: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let operand = try builder.arrange(operands[0], as: operands[0].axesFirst)
    let layout = operand.layout.filter { $0.axis != nil } + shape.indices.map { .dimension($0) }
    let reshape = Reshape(shape: try builder.physicalShape(shape, layout))
    return [try builder.emit(reshape, [operand], as: layout)]
  }
}

extension Broadcast: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let operand = try builder.arrange(operands[0], as: operands[0].axesFirst)
    let axes = operand.layout.filter { $0.axis != nil }
    let layout = axes + shape.indices.map { .dimension($0) }
    let broadcast = Broadcast(
      shape: try builder.physicalShape(shape, layout),
      dimensions: Array(axes.indices) + dimensions.map { axes.count + $0 })
    return [try builder.emit(broadcast, [operand], as: layout)]
  }
}

extension Slice: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let operand = operands[0]
    let layout = operand.layout
    let slice = Slice(
      starts: layout.map { $0.dimension.map { starts[$0] } ?? 0 },
      limits: zip(layout, try builder.shape(of: operand)).map { label, size in
        label.dimension.map { limits[$0] } ?? size
      },
      strides: layout.map { $0.dimension.map { strides[$0] } ?? 1 })
    return [try builder.emit(slice, [operand], as: layout)]
  }
}

extension Reverse: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let operand = operands[0]
    let reverse = Reverse(dimensions: operand.positions(of: dimensions))
    return [try builder.emit(reverse, [operand], as: operand.layout)]
  }
}
