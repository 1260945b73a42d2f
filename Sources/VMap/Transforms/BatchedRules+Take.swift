extension Take: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let shared = operands[0].axes.ids.filter(operands[1].axes.contains)
    if shared.isEmpty { return [try take(operands[0], operands[1], in: &builder)] }
    return [try takeFromEach(operands[0], operands[1], shared, in: &builder)]
  }

  /// Indices and operand vary over different axes: all pairs.
  private func take(
    _ operand: BatchedValue, _ indices: BatchedValue, in builder: inout BatchedBuilder
  ) throws(VMapError) -> BatchedValue {
    let position = operand.position(of: dimension)
    var layout = operand.layout.renumbered { $0 <= dimension ? $0 : $0 + indices.rank - 1 }
    layout.replaceSubrange(
      position...position, with: indices.layout.renumbered { $0 + dimension })
    return try builder.emit(Take(dimension: position), [operand, indices], as: layout)
  }

  /// Each example takes from its own part: the shared axes and the dimension become one dimension,
  /// and the indices move to the example's part of it.
  private func takeFromEach(
    _ operand: BatchedValue, _ indices: BatchedValue, _ shared: [Int],
    in builder: inout BatchedBuilder
  ) throws(VMapError) -> BatchedValue {
    let front: [BatchedDimension] = shared.map { .axis($0) }
    let taken = front + [.dimension(dimension)]
    let rest = operand.axesFirst.filter { !taken.contains($0) }
    let ordered = try builder.arrange(operand, as: taken + rest)
    let shape = try builder.shape(of: ordered)
    let counts = Array(shape.prefix(shared.count))
    let size = shape[shared.count]
    let parts = try counts.elementCount()
    let flatSize = try (counts + [size]).elementCount()
    let flat = try builder.emit(
      Reshape(shape: [flatSize] + shape.dropFirst(taken.count)), [ordered],
      as: [.dimension(dimension)] + rest)

    let type: ElementType = flatSize > Int(Int32.max) ? .int64 : .int32
    let index = try inRange(indices, size, as: type, in: &builder)
    let numbers = try builder.emit(
      Iota(type: TensorType(element: type, shape: [parts]), dimension: 0), [], as: [front[0]])
    let numbered =
      shared.count == 1
      ? numbers : try builder.emit(Reshape(shape: counts), [numbers], as: front)
    let stride = try builder.constant(ScalarLiteral(integer: Int64(size), as: type))
    let start = try builder.elementwise("mul", [numbered, stride])
    return try take(flat, try builder.elementwise("add", [index, start]), in: &builder)
  }

  /// Indices that count from the start and lie within the dimension.
  private func inRange(
    _ indices: BatchedValue, _ size: Int, as type: ElementType, in builder: inout BatchedBuilder
  ) throws(VMapError) -> BatchedValue {
    let given = builder.element(of: indices)
    // Small types could not hold the size: widen them first.
    let wide: ElementType =
      size > Int(Int32.max) && given != .uint64
      ? .int64 : (given.byteCount < 4 ? .int32 : given)
    func constant(
      _ value: Int, _ builder: inout BatchedBuilder
    ) throws(VMapError) -> BatchedValue {
      try builder.constant(ScalarLiteral(integer: Int64(value), as: wide))
    }
    var index = indices
    if wide != given {
      index = try builder.elementwise(Convert(target: wide, keepsBits: false), [index])
    }
    if wide.isSignedInteger {
      let zero = try constant(0, &builder)
      let isNegative = try builder.elementwise("lt", [index, zero])
      let fromEnd = try builder.elementwise("add", [index, try constant(size, &builder)])
      index = try builder.elementwise(Elementwise.choice, [isNegative, fromEnd, index])
      index = try builder.elementwise("max", [index, zero])
    }
    index = try builder.elementwise("min", [index, try constant(max(0, size - 1), &builder)])
    if wide == type { return index }
    return try builder.elementwise(Convert(target: type, keepsBits: false), [index])
  }
}
