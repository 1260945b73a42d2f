/// Which values a kernel would compute, or write, too often.
extension Fusion {
  /// Whether a value does not vary over a batch over which the kernel's values do: a buffer is made once
  /// for all of it.
  func isOfNoBatch(_ value: ValueID) -> Bool {
    let own = program.types[value].axes
    return group.contains { program.types[$0].axes.ids.contains { !own.contains($0) } }
  }

  func isRepeated(
    _ value: ValueID, _ weight: OperationWeights.Weight, inside loops: Set<LoopVariable>
  ) -> Bool {
    if weight.text == 0 { return false }
    let accesses = demands[value] ?? []
    // What takes long is not done again by another kernel.
    if partition.isMadeAtTop(value), !group.contains(value), shared.contains(value),
      work(value) >= Fusion.sharedWork
    {
      return true
    }
    // A kernel that is long enough reads what it needs from buffers.
    if text > Fusion.budget, accesses.count > 1, partition.isMadeAtTop(value) { return true }
    let size = KernelAnalysis.size(program.types[value].shape)
    // Few elements may be written out one by one, but not more often than that.
    let copies = size > Double(Fusion.elements) ? Fusion.copies : max(Fusion.copies, Int(size))
    if accesses.count > copies, size > 1 { return true }
    let computed = accesses.reduce(0.0) { $0 + evaluations($1.all, inside: loops) }
    let elements = elementCount(value)
    if reduces(value) { return computed > 1.5 * elements }
    // What no loop combines is worth keeping where an iteration of another loop would compute it again.
    return weight.cost >= Partition.repetitionCost && computed > Fusion.repetitions * elements
      && accesses.contains { isInLoop($0, inside: loops) }
  }

  /// Whether a loop would run more often than there are indices of the axes that it varies over.
  func isRunAgain(_ value: ValueID, inside loops: Set<LoopVariable>) -> Bool {
    let axes = Set((demands[value] ?? []).map(\.axes))
    let runs = axes.reduce(0.0) { $0 + evaluations($1, inside: loops) }
    let wanted = KernelAnalysis.size(program.types[value].axes.ids.map { program.axes[$0].extent })
    return runs > 1.5 * wanted
  }

  /// Whether a value is what a reduction gives, or is made of that element by element for no one else.
  private func reduces(_ value: ValueID) -> Bool {
    if let known = reducing[value] { return known }
    var result = false
    if let instruction = partition.producers[value], !instruction.operation.isLoop {
      result =
        partition.weights.weight(of: instruction).reduces
        || instruction.operands.contains { operand in
          program.types[operand].shape == program.types[value].shape
            && program.types[operand].axes == program.types[value].axes
            && partition.consumers[operand]?.count == 1
            && !partition.isBuffer(operand, for: group) && reduces(operand)
        }
    }
    reducing[value] = result
    return result
  }

  /// The loops around some indices, without those whose body makes the value.
  private func around(
    _ indices: [Expression], inside loops: Set<LoopVariable>
  ) -> Set<LoopVariable> {
    let variables = indices.reduce(into: Set<LoopVariable>()) {
      $0.formUnion(graph.variables[$1.id])
    }
    return nesting.closure(of: variables).subtracting(loops)
  }

  /// How often a value is computed at some indices, in an iteration of the loops whose body makes it.
  private func evaluations(_ indices: [Expression], inside loops: Set<LoopVariable>) -> Double {
    KernelAnalysis.size(around(indices, inside: loops).map(graph.extent))
  }

  private func isInLoop(_ access: Elaborator.Access, inside loops: Set<LoopVariable>) -> Bool {
    let around = around(access.all, inside: loops)
    return graph.iterations.contains {
      around.contains($0.variable) && graph.extent(of: $0.variable) != .constant(1)
    }
  }
}
