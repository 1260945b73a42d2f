/// Where a value that is kept lies: in a buffer, or in an array of the work-item's own.
extension Fusion {
  /// Keeps a value that would be computed, or written, too often, if that is possible.
  func keep(_ value: ValueID, _ instruction: Instruction) -> Bool {
    let accesses = demands[value] ?? []
    if group.contains(value) {
      guard accesses.count > 1, group.count > 1, !partition.apart.contains(value) else {
        return false
      }
      decision.apart.insert(value)
      return true
    }
    let isBuffer = partition.isMadeAtTop(value)
    let isWhole = instruction.operation.wholeDimension != nil
    let isApart =
      isWhole || isOfNoBatch(value) || shared.contains(value)
      || isLoopOverExamples(value, instruction)
    if !(isBuffer && isApart),
      let open = openDimensions(
        value, accesses,
        capacity: isBuffer ? Partition.privateCapacity : Fusion.bodyCapacity)
    {
      decision.staged[value] = open
      return true
    }
    // What is stored already is made here: there is nothing more to decide.
    guard isBuffer, !partition.stored.contains(value) else { return false }
    decision.stored.insert(value)
    return true
  }

  /// Whether a loop runs for several examples of the work-item's, which others could run.
  private func isLoopOverExamples(_ value: ValueID, _ instruction: Instruction) -> Bool {
    guard instruction.operation.isLoop, let access = demands[value]?.first else { return false }
    return access.axes.contains { !graph.variables[$0.id].isSubset(of: rootVariables) }
  }

  /// What an element of a value takes from what lies in buffers, in fused multiply-adds; an element that
  /// it needs on several ways is counted as often.
  func work(_ value: ValueID) -> Double {
    if let known = works[value] { return known }
    guard let instruction = partition.producers[value] else { return 0 }
    let isLoop = instruction.operation.isLoop
    var result = isLoop ? Fusion.sharedWork : partition.weights.weight(of: instruction).work
    for operand in Set(instruction.operands) where result < Fusion.sharedWork {
      if !partition.isBuffer(operand, for: group) {
        result += work(operand)
      } else if 2 * elementCount(operand) > elementCount(value) {
        // What has fewer elements is in a cache after the first of them.
        result += Fusion.readWork
      }
    }
    works[value] = result
    return result
  }

  /// How many elements a value has over its axes, as far as that is known.
  func elementCount(_ value: ValueID) -> Double {
    KernelAnalysis.size(program.extents(of: value))
  }

  /// Whether other kernels make a value too, or something of it that no buffer holds: all who ask for
  /// it here are known.
  func isUsedElsewhere(_ value: ValueID) -> Bool {
    partition.consumers[value]?.contains { user in
      !user.results.contains { demands[$0] != nil }
        || user.results.contains { shared.contains($0) && !decision.stored.contains($0) }
    } ?? false
  }

  /// The loops of a value that a private array for it has: those along which it is asked for at more
  /// than one index of the work-item; nil where there can be none.
  private func openDimensions(
    _ value: ValueID, _ accesses: [Elaborator.Access], capacity: Int
  ) -> [Bool]? {
    let all = accesses.map(\.all)
    guard let first = all.first else { return nil }
    var size = 1
    var open: [Bool] = []
    for (position, extent) in program.extents(of: value).enumerated() {
      let index = first[position]
      let isFixed =
        graph.variables[index.id].isSubset(of: rootVariables)
        && all.allSatisfy { $0[position] == index }
      open.append(!isFixed)
      if isFixed { continue }
      guard let constant = extent.constant else { return nil }
      size = size.saturatingProduct(constant)
    }
    return size <= capacity ? open : nil
  }

  /// The one access that fills what is kept of a value in this kernel.
  func keptAccess(_ value: ValueID) -> Elaborator.Access? {
    guard let open = decision.staged[value], let first = demands[value]?.first else { return nil }
    let indices = zip(first.all, zip(open, program.extents(of: value))).map { index, loop in
      loop.0 ? graph.index(graph.makeVariable(loop.1)) : index
    }
    let count = first.axes.count
    return Elaborator.Access(
      axes: Array(indices.prefix(count)), index: Array(indices.dropFirst(count)))
  }
}
