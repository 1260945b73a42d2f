// Where the scalars that a reduction starts from vary over a batch, there is no batched form: an
// operation starts from the same for all of them.

extension ReduceWith: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    guard
      let (tensors, initial, layout) = try builder.arrangedAlike(
        operands, scalars: operands.count / 2)
    else { return try builder.mark(instruction, operands) }
    let reduce = ReduceWith(dimensions: layout.positions(of: dimensions).sorted())
    return try builder.emit(
      reduce, tensors, scalars: initial, regions: instruction.regions,
      as: layout.removing(dimensions))
  }
}

extension Window {
  /// The window over tensors that lie as a layout says: of axes it has one element.
  func batched(_ layout: [BatchedDimension]) -> Window {
    func spread<T>(_ values: [T], _ other: T) -> [T] {
      layout.map { $0.dimension.map { values[$0] } ?? other }
    }
    return Window(
      size: spread(size, 1), strides: spread(strides, 1), padding: spread(padding, [0, 0]),
      baseDilation: spread(baseDilation, 1), windowDilation: spread(windowDilation, 1))
  }
}

extension ReduceWindow: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    guard
      let (tensors, initial, layout) = try builder.arrangedAlike(
        operands, scalars: operands.count / 2)
    else { return try builder.mark(instruction, operands) }
    return try builder.emit(
      ReduceWindow(window: window.batched(layout)), tensors, scalars: initial,
      regions: instruction.regions, as: layout)
  }
}

extension SelectAndScatter: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    guard let (tensors, initial, layout) = try builder.arrangedAlike(operands, scalars: 1)
    else { return try builder.mark(instruction, operands) }
    let own = window.batched(layout)
    return try builder.emit(
      SelectAndScatter(size: own.size, strides: own.strides, padding: own.padding), tensors,
      scalars: initial, regions: instruction.regions, as: layout)
  }
}

extension Map: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let (tensors, layout) = try builder.arrangedAlike(operands)
    return try builder.emit(self, tensors, regions: instruction.regions, as: layout)
  }
}

extension Sort: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let (tensors, layout) = try builder.arrangedAlike(operands)
    return try builder.emit(
      Sort(dimension: layout.positions(of: [dimension])[0]), tensors,
      regions: instruction.regions, as: layout)
  }
}

extension TopK: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let operand = try builder.arrange(operands[0], as: operands[0].axesFirst)
    return try builder.emit(
      TopK(count: count, rank: operand.layout.count), [operand], regions: [], as: operand.layout)
  }
}

extension Cumulative: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let operand = operands[0]
    let cumulative = Cumulative(
      kind: kind, dimension: operand.position(of: dimension), isReversed: isReversed)
    return [try builder.emit(cumulative, [operand], as: operand.layout)]
  }
}

extension SearchSorted: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    // There is one sorted vector for all values.
    guard operands[0].axes.isEmpty else { return try builder.mark(instruction, operands) }
    return [try builder.emit(self, operands, as: operands[1].layout)]
  }
}
