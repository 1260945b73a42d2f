/// What loops make of their state.
extension Elaborator {
  /// What a region makes of each of its parameters: windows of it replaced, where all that is made of
  /// it is its own value with windows replaced one by one.
  func updates(
    of region: Region, _ readers: [ElementReader], _ axes: [Int: Expression]
  ) -> [StateUpdate] {
    let results = bind(region, readers, axes)
    return results.indices.map { slot in
      windows(in: region.results[slot], of: region.parameters[slot], axes)
        .map(StateUpdate.windows) ?? .elements(results[slot])
    }
  }

  /// The windows that turn one value into another, first to last.
  private func windows(
    in value: ValueID, of origin: ValueID, _ axes: [Int: Expression]
  ) -> [ReplacedWindow]? {
    if value == origin { return [] }
    guard !stored.contains(value), let instruction = producers[value],
      instruction.updatesWindow(program) != nil,
      let earlier = windows(in: instruction.operands[0], of: origin, axes)
    else { return nil }
    let builder = builder(for: instruction, axes, replacing: .state)
    let index = program.types[value].shape.map { graph.index(graph.makeVariable($0)) }
    _ = instruction.operation.elements(operands(of: instruction, axes), at: index, builder)
    return builder.window.map { earlier + [$0] }
  }
}
