extension WindowDimensions {
  /// The dimension numbers with axes in front: those that operand and indices share as batching
  /// dimensions, the indices' own as more windows, the operand's own as dimensions of windows.
  ///
  /// The operand's shared axes come before its own, and so do those of the indices.
  func batched(shared: Int, ofIndices: Int, ofOperand: Int) -> WindowDimensions {
    let (operandAxes, indexAxes) = (shared + ofOperand, shared + ofIndices)
    return WindowDimensions(
      window: (0..<ofOperand).map { indexAxes + $0 } + window.map { indexAxes + ofOperand + $0 },
      collapsed: collapsed.map { operandAxes + $0 },
      operandBatching: Array(0..<shared) + operandBatching.map { operandAxes + $0 },
      indexBatching: Array(0..<shared) + indexBatching.map { indexAxes + $0 },
      indexed: indexed.map { operandAxes + $0 }, vector: indexAxes + vector)
  }

  /// Windows that begin at one index vector, with a number for each dimension.
  static func whole(rank: Int) -> WindowDimensions {
    WindowDimensions(
      window: Array(0..<rank), collapsed: [], operandBatching: [], indexBatching: [],
      indexed: Array(0..<rank), vector: 0)
  }
}

extension Gather: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] { [try batched(operands[0], operands[1], in: &builder)] }

  func batched(
    _ operand: BatchedValue, _ indices: BatchedValue, in builder: inout BatchedBuilder
  ) throws(VMapError) -> BatchedValue {
    let shared = operand.axes.ids.filter(indices.axes.contains)
    let ofOperand = operand.axes.ids.filter { !shared.contains($0) }
    let ofIndices = indices.axes.ids.filter { !shared.contains($0) }
    let front: [BatchedDimension] = shared.map { .axis($0) }
    let own: [BatchedDimension] = ofOperand.map { .axis($0) }
    let others: [BatchedDimension] = ofIndices.map { .axis($0) }
    let operand = try builder.arrange(operand, as: front + own + dimensions(operand.rank))
    let indices = try builder.arrange(indices, as: front + others + dimensions(indices.rank))
    let shape = try builder.shape(of: operand)
    let gather = Gather(
      dimensions: dimensions.batched(
        shared: shared.count, ofIndices: ofIndices.count, ofOperand: ofOperand.count),
      sizes: shape[..<shared.count].map { min(1, $0) }
        + shape[shared.count..<shared.count + ofOperand.count] + sizes)
    let rank = dimensions.batch(rank: indices.rank).count + dimensions.window.count
    return try builder.emit(
      gather, [operand, indices], as: front + others + own + dimensions(rank))
  }

  private func dimensions(_ rank: Int) -> [BatchedDimension] { (0..<rank).map { .dimension($0) } }
}

extension Scatter: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let region = try builder.elementRegion(instruction.regions[0], of: name)
    return try batched(operands, region, in: &builder)
  }

  /// - Parameter region: The function of elements, of the batched program.
  func batched(
    _ operands: [BatchedValue], _ region: Region, in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let count = operands.count / 2
    let shared = operands[count].axes.ids
    let all = operands.reduce(AxisSet.none) { $0.union($1.axes) }
    let others = all.ids.filter { !shared.contains($0) }
    func layout(_ axes: [Int], _ value: BatchedValue) -> [BatchedDimension] {
      axes.map { .axis($0) } + (0..<value.rank).map { .dimension($0) }
    }
    var arranged: [BatchedValue] = []
    for (number, operand) in operands.enumerated() {
      let axes = number == count ? shared : shared + others
      arranged.append(try builder.arrange(operand, as: layout(axes, operand)))
    }
    let scatter = Scatter(
      dimensions: dimensions.batched(
        shared: shared.count, ofIndices: 0, ofOperand: others.count))
    let results = try builder.emit(scatter, arranged.map(\.id), regions: [region])
    return zip(results, arranged).map { BatchedValue(id: $0, layout: $1.layout) }
  }
}

extension DynamicSlice: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let (operand, starts) = (operands[0], operands[1...])
    if starts.allSatisfy(\.layout.isEmpty) {
      let zero = try builder.zero(like: starts)
      let shape = try builder.shape(of: operand)
      let slice = DynamicSlice(
        sizes: zip(operand.layout, shape).map { label, size in
          label.dimension.map { sizes[$0] } ?? size
        })
      let places = operand.layout.map { $0.dimension.map { starts[1 + $0] } ?? zero ?? operand }
      return [try builder.emit(slice, [operand] + places, as: operand.layout)]
    }
    let gather = Gather(dimensions: .whole(rank: sizes.count), sizes: sizes)
    return [try gather.batched(operand, try builder.vector(of: starts), in: &builder)]
  }
}

extension DynamicUpdateSlice: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let (operand, update, starts) = (operands[0], operands[1], operands[2...])
    let layout = builder.commonLayout([operand, update])
    if starts.allSatisfy(\.layout.isEmpty) {
      let zero = try builder.zero(like: starts)
      let values = [
        try builder.arrange(operand, as: layout), try builder.arrange(update, as: layout),
      ]
      let places = layout.map { $0.dimension.map { starts[2 + $0] } ?? zero ?? operand }
      return [try builder.emit(self, values + places, as: layout)]
    }
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
      [operand, try builder.vector(of: inside[...]), update], region, in: &builder)
  }
}

extension BatchedBuilder {
  /// A zero of the type of indices, if there are some.
  fileprivate mutating func zero(
    like indices: ArraySlice<BatchedValue>
  ) throws(VMapError) -> BatchedValue? {
    guard let first = indices.first else { return nil }
    return try constant(.zero(element(of: first)))
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
