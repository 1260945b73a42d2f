/// Loops of kernels that run once where others need what they give.
extension Planner {
  /// As many iterations of an axis are worth a kernel of their own, if there is no batch.
  private static let fewestRepetitions = 16

  /// What loops of kernels give, where it should lie in buffers: where several kernels would run a loop
  /// again, or where each example of a batch would over which the loop does not vary.
  func sharedLoops(_ region: Region) -> Set<ValueID> {
    let users = region.users()
    var kept = stored
    var shared: Set<ValueID> = []
    // From the last one: what is made of a loop ends where it is stored, or another one is.
    for instruction in region.instructions.reversed()
    where instruction.operation.isLoop && !HostLoops.needsHost(instruction, program) {
      let used = instruction.results.filter { users[$0] != nil || kept.contains($0) }
      let made = reached(from: used, users, upTo: kept)
      // A kernel makes what is of the same shape, or of the same loop.
      let kernels = Set(made.filter(kept.contains).map { together($0, among: kept).first ?? $0 })
      let shapes = Set(kernels.map { program.extents(of: $0) })
      let hasArrays = used.contains { !program.types[$0].shape.isEmpty }
      guard (shapes.count > 1 && hasArrays) || isRepeated(instruction, for: made) else { continue }
      shared.formUnion(used)
      kept.formUnion(used)
    }
    return shared
  }

  /// The results of one loop that a kernel stores together although their shapes differ.
  func together(_ value: ValueID, among stored: Set<ValueID>) -> [ValueID] {
    guard let loop = producers[value], loop.operation.isLoop else { return [] }
    let hasRows = loop.results.contains { program.isMadeByRows($0, producers) }
    let results = loop.results.filter { result in
      stored.contains(result) && program.types[result].axes == program.types[value].axes
        && !program.types[result].shape.contains(.constant(0))
    }
    let shapes = Set(results.map { program.types[$0].shape })
    return (shapes.count > 1 || hasRows) && results.contains(value) ? results : []
  }

  /// Whether a loop does not vary over an axis over which what is made of it does.
  ///
  /// Along an axis of constant size that takes parallelism only from a loop that is alone.
  private func isRepeated(_ loop: Instruction, for made: Set<ValueID>) -> Bool {
    func axes(_ values: some Sequence<ValueID>) -> Set<Int> {
      values.reduce(into: []) { $0.formUnion(program.types[$1].axes.ids) }
    }
    func isBatch(_ axis: Int) -> Bool { !program.axes[axis].extent.symbols.isEmpty }
    let own = axes(loop.results)
    let others = axes(made).subtracting(own)
    if others.contains(where: isBatch) { return true }
    let repetitions = KernelAnalysis.size(others.map { program.axes[$0].extent })
    return !own.contains(where: isBatch) && repetitions >= Double(Planner.fewestRepetitions)
  }

  /// Some values and those that are made of them, as far as to those that are stored.
  private func reached(
    from values: [ValueID], _ users: [ValueID: [Instruction]], upTo stored: Set<ValueID>
  ) -> Set<ValueID> {
    var reached = Set(values)
    var pending = values.filter { !stored.contains($0) }
    while let next = pending.popLast() {
      for result in (users[next] ?? []).flatMap(\.results)
      where reached.insert(result).inserted && !stored.contains(result) { pending.append(result) }
    }
    return reached
  }
}

extension Region {
  /// The instructions of the region itself that use each value, in regions of their own or outside.
  fileprivate func users() -> [ValueID: [Instruction]] {
    var users: [ValueID: [Instruction]] = [:]
    for instruction in instructions {
      let used = instruction.operands + instruction.regions.flatMap { $0.captures() }
      for value in Set(used) { users[value, default: []].append(instruction) }
    }
    return users
  }
}
