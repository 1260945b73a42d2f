extension BindAxis: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    var value = operands[0]
    value.layout = value.layout.map { label in
      guard let old = label.dimension else { return label }
      return old == dimension ? .axis(axis) : .dimension(old < dimension ? old : old - 1)
    }
    return [value]
  }
}

extension UnbindAxis: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    var value = operands[0]
    if !value.axes.contains(axis) {
      // The same for all examples: repeated where the dimension will be.
      var layout = value.layout
      let next = layout.firstIndex(of: .dimension(dimension)) ?? layout.count
      layout.insert(.axis(axis), at: next)
      value = try builder.arrange(value, as: layout)
    }
    value.layout = value.layout.map { label in
      if label == .axis(axis) { return .dimension(dimension) }
      return label.dimension.map { .dimension($0 < dimension ? $0 : $0 + 1) } ?? label
    }
    return [value]
  }
}

extension AxisIndex: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let type = TensorType(element: .int32, shape: [try builder.extent(of: axis)])
    return [try builder.emit(Iota(type: type, dimension: 0), [], as: [.axis(axis)])]
  }
}

extension AxisReduce: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let operand = operands[0]
    if let position = operand.layout.firstIndex(of: .axis(axis)) {
      var layout = operand.layout
      layout.remove(at: position)
      return [
        try builder.emit(Reduce(kind: kind, dimensions: [position]), [operand], as: layout)
      ]
    }
    guard kind == .sum else { return [operand] }
    let count = try builder.constant(
      ScalarLiteral(
        integer: Int64(try builder.extent(of: axis)), as: builder.element(of: operand))
    )
    return [try builder.elementwise("mul", [operand, count])]
  }
}

extension AllGather: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    try view.batched(instruction, operands, in: &builder)
  }
}
