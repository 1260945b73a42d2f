extension DynamicSlice: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    if let lifted = try builder.liftSharedWindow(self, operands) { return lifted }
    let gather = Gather(dimensions: .whole(rank: sizes.count), sizes: sizes)
    return [try gather.batched(operands[0], try builder.vector(of: operands[1...]), in: &builder)]
  }
}

extension DynamicUpdateSlice: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    if let lifted = try builder.liftSharedWindow(self, operands) { return lifted }
    let (operand, update, starts) = (operands[0], operands[1], operands[2...])
    // A scatter drops what is outside: the starts are brought inside before.
    let (shape, sizes) = (
      try builder.exampleShape(of: operand), try builder.exampleShape(of: update)
    )
    var inside: [BatchedValue] = []
    for (start, last) in zip(starts, zip(shape, sizes).map { $0 - $1 }) {
      inside.append(try builder.clamp(start, through: last))
    }
    let element = builder.element(of: operand)
    let region = try builder.makeRegion { builder throws(VMapError) in
      _ = builder.addParameter(element)
      return [builder.addParameter(element)]
    }
    let scatter = Scatter(dimensions: .whole(rank: shape.count))
    return try scatter.batched(
      [operand, try builder.vector(of: inside[...]), update], [region], in: &builder)
  }
}

extension BatchedBuilder {
  /// An operation on windows that begin at scalars, where all examples share them: along axes windows
  /// are whole.
  fileprivate mutating func liftSharedWindow(
    _ operation: any Operation, _ operands: [BatchedValue]
  ) throws(VMapError) -> [BatchedValue]? {
    let shared = operation.sharedOperands(of: operands.count)
    let starts = Array(operands[shared])
    guard starts.allSatisfy(\.layout.isEmpty) else { return nil }
    let tensors = Array(operands[..<shared.lowerBound])
    let zero = try constant(.zero(starts.first.map { element(of: $0) } ?? .int32))
    let places = commonLayout(tensors).map { $0.dimension.map { starts[$0] } ?? zero }
    return try lift(operation, tensors + places)
  }

  /// An index brought between 0 and a limit.
  fileprivate mutating func clamp(
    _ index: BatchedValue, through last: Int
  ) throws(VMapError) -> BatchedValue {
    let type = element(of: index)
    var result = index
    if type.isSignedInteger {
      result = try elementwise("max", [result, try constant(.zero(type))])
    }
    // A small type cannot reach a limit that it cannot hold.
    let limit = ScalarLiteral(integer: Int64(last), as: type)
    guard limit.integer == Int64(last) else { return result }
    return try elementwise("min", [result, try constant(limit)])
  }

  /// Scalars as one vector, with all their axes in front.
  fileprivate mutating func vector(
    of scalars: ArraySlice<BatchedValue>
  ) throws(VMapError) -> BatchedValue {
    let axes = scalars.reduce(AxisSet.none) { $0.union($1.axes) }
    let front: [BatchedDimension] = axes.ids.map { .axis($0) }
    let layout = front + [.dimension(0)]
    var parts: [BatchedValue] = []
    for scalar in scalars {
      let arranged = try arrange(scalar, as: front)
      let shape = try shape(of: arranged)
      parts.append(try emit(Reshape(shape: shape + [1]), [arranged], as: layout))
    }
    if parts.count == 1 { return parts[0] }
    return try emit(Concatenate(dimension: front.count), parts, as: layout)
  }
}
