/// What loops make, each written once.
extension Elaborator {
  /// Readers of a loop's results; nil where it is none.
  func loopReaders(
    of instruction: Instruction, _ operands: [Operand], _ builder: LoopBuilder,
    _ axes: [Int: Expression]
  ) -> [ElementReader]? {
    guard instruction.operation.isLoop else { return nil }
    let key = LoopKey(value: instruction.results[0], axes: boundAxes(of: instruction, axes))
    if let known = loops[key] { return known }
    makeLoops(capturedBy: instruction, axes)
    guard let readers = instruction.operation.readers(operands, builder) else { return nil }
    loops[key] = readers
    return readers
  }

  /// Makes the loops whose results the regions of an instruction read: they run before it, not in it,
  /// where others would not find what they made.
  private func makeLoops(capturedBy instruction: Instruction, _ axes: [Int: Expression]) {
    var seen: Set<ValueID> = []
    func visit(_ value: ValueID) {
      guard seen.insert(value).inserted, !stored.contains(value), parameters[value] == nil,
        let producer = producers[value]
      else { return }
      if producer.operation.isLoop {
        _ = loopReaders(
          of: producer, operands(of: producer, axes), builder(for: producer, axes), axes)
      } else {
        for operand in producer.operands { visit(operand) }
      }
    }
    for region in instruction.regions {
      for value in region.captures() { visit(value) }
    }
  }

  /// The axes that an instruction's results vary over, as they are bound.
  func boundAxes(of instruction: Instruction, _ axes: [Int: Expression]) -> [Expression] {
    let all = instruction.results.reduce(AxisSet.none) { $0.union(program.types[$1].axes) }
    return all.ids.map { axes[$0] ?? graph.index(0) }
  }
}
