import Device

/// Decides what one kernel holds: which values it computes where they are used, which it keeps in
/// private arrays, and which should rather be buffers.
struct Partition {
  enum Outcome {
    case kernel(Kernel)
    /// Not yet: these values should be buffers.
    case store([ValueID])
    /// Not yet: this value's reduction should be divided into blocks over an extent.
    case split(ValueID, Extent, size: Int, slots: [ElementType])
  }

  /// The most elements of one private array.
  static let privateCapacity = 128
  /// A contraction of this many multiply-adds a work-item is better done by tiles of its own.
  static let contractionLimit = 4096.0
  /// Reductions longer than this are divided where there are few results.
  static let splitLimit = 16384.0
  static let splitBlock = 4096
  /// What costs less is computed again sooner than stored.
  static let repetitionCost = 10
  /// The fewest work-items worth sharing work among.
  static let minimumParallelism = 64.0

  let program: Program
  let producers: [ValueID: Instruction]
  let stored: Set<ValueID>
  let consumers: [ValueID: [Instruction]]
  let splits: [ValueID: Split]
  /// Values that can be buffers.
  let storable: Set<ValueID>
  /// The split whose blocks the kernel computes, if it is for that.
  let partialsOf: Split?
  let profile: Profile
  /// The instruction that replaces elements of the kernel's values in place, if one does.
  var replacing: Instruction?

  /// A kernel that stores the given values, all of the same loops.
  mutating func kernel(for group: [ValueID], name: String) -> Outcome {
    let elaborator = makeElaborator(group)
    let graph = elaborator.graph
    let variables = program.extents(of: group[0]).map(graph.makeVariable)
    elaborator.whole.loops = Set(variables)
    let splitting = elaborationSplits(elaborator, variables)
    while true {
      let (roots, replacement) = elaborate(group, elaborator, variables, splitting)
      let divided = elaborator.divided.filter { isMadeAtTop($0) && !group.contains($0) }
      if !divided.isEmpty { return .store(divided.sorted()) }
      let analysis = KernelAnalysis(
        graph, roots: roots + (replacement.map { replaced($0, graph) } ?? []),
        rootVariables: variables)
      let shared = analysis.sharedVariables()
      if let outcome = shareOut(group, roots, analysis, shared, elaborator) { return outcome }
      if let value = repeated(group, analysis, shared, elaborator) { return .store([value]) }
      if let value = factor(group, roots, analysis, elaborator) { return .store([value]) }
      switch nextReuse(analysis, shared, elaborator, group) {
      case .none:
        let stores = zip(group, roots).map { value, expression in
          (buffer: value, type: program.types[value].element, value: expression)
        }
        return .kernel(
          Scheduler(
            graph: graph, analysis: analysis, variables: variables, shared: shared,
            profile: profile, name: name, replacement: replacement
          ).schedule(stores))
      case .store(let value): return .store([value])
      case .stage(let value, let stage):
        elaborator.stages[value] = stage
        elaborator.restart()
      }
    }
  }

  private func makeElaborator(_ group: [ValueID]) -> Elaborator {
    var computed = Set(group)
    if let split = partialsOf { computed.insert(split.value) }
    return Elaborator(program, producers: producers, stored: stored.subtracting(computed))
  }

  /// How divided reductions are written here: as a block, or as the merging of blocks.
  private func elaborationSplits(
    _ elaborator: Elaborator, _ variables: [LoopVariable]
  ) -> [ValueID: ReductionSplit] {
    let graph = elaborator.graph
    if let split = partialsOf {
      return [split.value: .block(graph.index(variables[0]), size: split.size)]
    }
    return splits.mapValues { split in
      .merge(blocks: split.blocks) { slot, block in
        let index = [block] + variables.map(graph.index)
        return graph.load(
          split.partials[slot], graph.rowMajor(index, program.extents(of: split.partials[slot])),
          program.types[split.partials[slot]].element)
      }
    }
  }

  private func elaborate(
    _ group: [ValueID], _ elaborator: Elaborator, _ variables: [LoopVariable],
    _ splitting: [ValueID: ReductionSplit]
  ) -> (roots: [Expression], replacement: Kernel.Replacement?) {
    elaborator.splits = splitting
    let indices = variables.map(elaborator.graph.index)
    func element(of value: ValueID, _ indices: ArraySlice<Expression>) -> Expression {
      let axes = program.types[value].axes.ids
      return elaborator.element(
        of: value, at: Array(indices.dropFirst(axes.count)),
        axes: Dictionary(uniqueKeysWithValues: zip(axes, indices)))
    }
    if let replacing {
      return replaced(by: replacing, group[0], elaborator, indices)
    }
    guard let split = partialsOf else {
      return (group.map { element(of: $0, indices[...]) }, nil)
    }
    let result = element(of: split.value, indices.dropFirst())
    guard let id = elaborator.graph.reduction(of: result) else { return ([result], nil) }
    let slots = group.indices.map { slot in
      elaborator.graph.make(
        .reduced(reduction: id, slot: slot, program.types[group[slot]].element))
    }
    return (slots, nil)
  }

  /// The results of an instruction that replaces some of their elements in place.
  private func replaced(
    by instruction: Instruction, _ value: ValueID, _ elaborator: Elaborator,
    _ indices: [Expression]
  ) -> (roots: [Expression], replacement: Kernel.Replacement?) {
    let graph = elaborator.graph
    let axes = program.types[value].axes.ids
    let (initial, replacement) = elaborator.replaced(
      by: instruction, at: Array(indices.dropFirst(axes.count)),
      axes: Dictionary(uniqueKeysWithValues: zip(axes, indices)))
    guard let replacement else { return (initial, nil) }
    let offset = graph.rowMajor(
      indices.prefix(axes.count) + replacement.target, program.extents(of: value))
    // Work-items share out the loops on which the place depends: no two of them write to one.
    let own = graph.reductions[replacement.reduction].variables
    for expression in [offset, replacement.covers] {
      graph.reductions[replacement.reduction].free.formUnion(
        graph.variables[expression.id].subtracting(own))
    }
    return (
      initial,
      Kernel.Replacement(
        reduction: replacement.reduction, offset: offset, covers: replacement.covers)
    )
  }

  /// What a replacement needs, besides the elements that are replaced.
  private func replaced(_ replacement: Kernel.Replacement, _ graph: ExpressionGraph) -> [Expression]
  {
    let reduction = graph.reductions[replacement.reduction]
    let result = graph.make(
      .reduced(reduction: replacement.reduction, slot: 0, reduction.types[0]))
    return [replacement.offset, replacement.covers, result]
  }

  /// Work that other work-items should do: reductions that leave too few of them, and contractions
  /// that are large for one.
  private func shareOut(
    _ group: [ValueID], _ roots: [Expression], _ analysis: KernelAnalysis,
    _ shared: Set<LoopVariable>, _ elaborator: Elaborator
  ) -> Outcome? {
    let graph = elaborator.graph
    let total = analysis.rootVariables.reduce(1) { $0 * analysis.size($1) }
    let parallelism = shared.reduce(1) { $0 * analysis.size($1) }
    let isCrowded =
      parallelism < min(Partition.minimumParallelism, total) && total > 256
    for value in elaborator.reducing.sorted() where !group.contains(value) {
      guard isMadeAtTop(value), partialsOf?.value != value else { continue }
      for expression in Set((elaborator.accesses[value] ?? [:]).values).sorted() {
        guard let id = graph.reduction(of: expression), analysis.reductions.contains(id)
        else { continue }
        let reduction = graph.reductions[id]
        let part = analysis.rootPart(reduction.free)
        let length = reduction.variables.reduce(1) { $0 * analysis.size($1) }
        let inside = analysis.loops(around: expression).subtracting(part)
          .reduce(length) { $0 * analysis.size($1) }
        let isNarrow = isCrowded && part != analysis.rootVariables
        let isLong = length > Partition.splitLimit && parallelism < Partition.minimumParallelism
        let isLarge =
          inside > Partition.contractionLimit && !inside.isZero && isContraction(reduction, graph)
        if isNarrow || isLong || isLarge { return .store([last(value, elaborator)]) }
      }
    }
    // A long reduction with few results is divided into blocks.
    guard partialsOf == nil, replacing == nil, group.count == 1, splits[group[0]] == nil,
      total < Partition.minimumParallelism, let id = graph.reduction(of: roots[0])
    else { return nil }
    let reduction = graph.reductions[id]
    if reduction.isOrdered { return nil }
    let length = reduction.variables.reduce(1) { $0 * analysis.size($1) }
    let first = graph.extent(of: reduction.variables[0])
    let isSymbolic = !first.symbols.isEmpty
    guard isSymbolic || length > Partition.splitLimit else { return nil }
    let inner = reduction.variables.dropFirst().reduce(1) { $0 * analysis.size($1) }
    let size = max(1, Partition.splitBlock / max(1, Int(inner)))
    guard isSymbolic || (first.constant ?? 0) > size else { return nil }
    return .split(group[0], first, size: size, slots: reduction.types)
  }

  /// An expensive value that every work-item would compute again although it does not vary over a
  /// batch: it is computed once, by a kernel of its own.
  private func repeated(
    _ group: [ValueID], _ analysis: KernelAnalysis, _ shared: Set<LoopVariable>,
    _ elaborator: Elaborator
  ) -> ValueID? {
    let graph = elaborator.graph
    let parallel = analysis.hasLoops ? shared : analysis.rootVariables
    let reached = Set(analysis.nodes)
    for (value, accesses) in elaborator.accesses.sorted(by: { $0.key < $1.key })
    where !group.contains(value) && isMadeAtTop(value) {
      for expression in graph.parts(of: Array(accesses.values))
      where reached.contains(expression) {
        let own = graph.variables[expression.id]
        guard case .apply(let function, _, _) = graph[expression],
          function.cost >= Partition.repetitionCost, own.isSubset(of: analysis.rootVariables),
          parallel.subtracting(own).contains(where: { !graph.extent(of: $0).symbols.isEmpty })
        else { continue }
        return last(value, elaborator)
      }
    }
    return nil
  }
}
