/// Taking from each example its own: a gather, of which the axes that operand and indices share are
/// batching dimensions.
extension Take: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let (operand, indices) = (operands[0], operands[1])
    guard operand.axes.ids.contains(where: indices.axes.contains) else {
      return [try takeAllPairs(operand, indices, in: &builder)]
    }
    var sizes = try builder.exampleShape(of: operand)
    let windows = WindowDimensions(
      window: sizes.indices.filter { $0 != dimension }
        .map { $0 < dimension ? $0 : $0 + indices.rank - 1 },
      collapsed: [dimension], operandBatching: [], indexBatching: [], indexed: [dimension],
      vector: indices.rank)
    let fromStart = try fromStart(indices, sizes[dimension], in: &builder)
    sizes[dimension] = min(1, sizes[dimension])
    let gather = Gather(dimensions: windows, sizes: sizes)
    return [try gather.batched(operand, fromStart, in: &builder)]
  }

  /// Indices and operand vary over different axes.
  private func takeAllPairs(
    _ operand: BatchedValue, _ indices: BatchedValue, in builder: inout BatchedBuilder
  ) throws(VMapError) -> BatchedValue {
    let position = operand.layout.position(of: dimension)
    var layout = operand.layout.renumbered { $0 <= dimension ? $0 : $0 + indices.rank - 1 }
    layout.replaceSubrange(
      position...position, with: indices.layout.renumbered { $0 + dimension })
    return try builder.emit(Take(dimension: position), [operand, indices], as: layout)
  }

  /// Indices that all count from the start; a gather brings them inside.
  private func fromStart(
    _ indices: BatchedValue, _ size: Int, in builder: inout BatchedBuilder
  ) throws(VMapError) -> BatchedValue {
    let given = builder.element(of: indices)
    guard given.isSignedInteger else { return indices }
    // Small types could not hold the size: widen them first.
    let type: ElementType =
      size > Int(Int32.max) ? .int64 : (given.byteCount < 4 ? .int32 : given)
    let index =
      type == given
      ? indices
      : try builder.elementwise(Convert(target: type, keepsBits: false), [indices])
    let isNegative = try builder.elementwise("lt", [index, try builder.constant(.zero(type))])
    let length = try builder.constant(ScalarLiteral(integer: Int64(size), as: type))
    let fromEnd = try builder.elementwise("add", [index, length])
    return try builder.elementwise(Elementwise.choice, [isNegative, fromEnd, index])
  }
}
