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
    let regions = try builder.elementRegions(of: instruction)
    return try batched(operands, regions, in: &builder)
  }

  /// - Parameter regions: The function of elements, of the batched program.
  func batched(
    _ operands: [BatchedValue], _ regions: [Region], in builder: inout BatchedBuilder
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
    let results = try builder.emit(scatter, arranged.map(\.id), regions: regions)
    return zip(results, arranged).map { BatchedValue(id: $0, layout: $1.layout) }
  }
}
