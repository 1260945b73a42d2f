extension Planner {
  /// What loops of kernels give, where results of different shapes are made of it: each of those is
  /// stored by a kernel of its own, which would run the loop again.
  ///
  /// A loop of which several results are used is left out: what stores one of them runs it as well.
  func sharedLoops(_ region: Region, _ consumers: [ValueID: [Instruction]]) -> [ValueID] {
    region.instructions.compactMap { instruction in
      guard instruction.operation.isLoop, !HostLoops.needsHost(instruction, program) else {
        return nil
      }
      let used = instruction.results.filter {
        consumers[$0] != nil || region.results.contains($0)
      }
      guard used.count == 1, !program.types[used[0]].shape.isEmpty else { return nil }
      let users = reached(from: used[0], consumers)
      let shapes = Set(region.results.filter(users.contains).map { program.types[$0].shape })
      return shapes.count > 1 ? used[0] : nil
    }
  }

  /// A value, and those that are made of it.
  private func reached(
    from value: ValueID, _ consumers: [ValueID: [Instruction]]
  ) -> Set<ValueID> {
    var reached: Set = [value]
    var pending = [value]
    while let next = pending.popLast() {
      for result in (consumers[next] ?? []).flatMap(\.results)
      where reached.insert(result).inserted { pending.append(result) }
    }
    return reached
  }
}
