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
    guard
      let readers = asMade(
        instruction.results[0], { instruction.operation.readers(operands, builder) })
    else { return nil }
    loops[key] = readers
    return readers
  }

  /// Makes what a value needs as part of the loops whose bodies make the value: others may ask for it
  /// while they are being written.
  func asMade<R>(_ value: ValueID, _ make: () -> R) -> R {
    let open = graph.openIterations
    graph.openIterations = Array(open.prefix { bodies[$0]?.contains(value) ?? true })
    defer { graph.openIterations = open }
    return make()
  }

  /// The axes that an instruction's results vary over, as they are bound.
  func boundAxes(of instruction: Instruction, _ axes: [Int: Expression]) -> [Expression] {
    let all = instruction.results.reduce(AxisSet.none) { $0.union(program.types[$1].axes) }
    return all.ids.map { axes[$0] ?? graph.index(0) }
  }
}
