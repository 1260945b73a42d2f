/// Decides, before anything is written out, which values a kernel computes once and keeps, and which it
/// computes where they are used.
///
/// A value is written out once for each index at which it is asked for, and so is all that it is made
/// of: without this, text would grow exponentially with a program. Instructions are looked at from the
/// last to the first, so that all who ask for a value are known when its turn comes, and each by itself:
/// what it reads of others is noted, not followed. The work is linear in the text that results.
final class Fusion {
  /// What one kernel keeps.
  struct Decision {
    /// Values that should be buffers.
    var stored: Set<ValueID> = []
    /// Values that should be private arrays, and the dimensions that those have.
    var staged: [ValueID: [Bool]] = [:]
    /// Values of the kernel's own that others of them ask for too often: they should be kernels of
    /// their own.
    var apart: Set<ValueID> = []
  }

  /// How many times a value is written out where that is more than it has elements.
  static let copies = 4
  /// Values of so few elements may be written out for each of them.
  static let elements = 8
  /// How often each element of a value is computed by a loop where that is too often.
  static let repetitions = 4.0
  /// What an element of a value takes, in fused multiply-adds, where no two kernels make it.
  static let sharedWork = 64.0
  /// The text of a kernel, in operations, from which on it should grow no more.
  static let budget = 2000
  /// The most elements of a private array inside of a loop's body, where there can be no buffer.
  static let bodyCapacity = 1 << 16

  let partition: Partition
  let elaborator: Elaborator
  var graph: ExpressionGraph { elaborator.graph }
  private var program: Program { partition.program }
  private var nesting: LoopNesting
  private let rootVariables: Set<LoopVariable>
  private let group: Set<ValueID>
  /// Where each value is asked for, in order.
  private var demands: [ValueID: [Elaborator.Access]] = [:]
  private var known: [ValueID: Set<Elaborator.Access>] = [:]
  /// How many loops of each kind were there when the nesting was last looked at.
  private var noted = (reductions: 0, arrays: 0, iterations: 0, networks: 0)
  private var text = 0
  private var reducing: [ValueID: Bool] = [:]
  private var works: [ValueID: Double] = [:]
  /// What other kernels make as well.
  private var shared: Set<ValueID> = []
  private(set) var decision = Decision()

  init(_ partition: Partition, _ group: [ValueID]) {
    self.partition = partition
    self.group = Set(group)
    elaborator = Elaborator(
      partition.program, producers: partition.producers,
      stored: partition.stored.union(partition.weights.made))
    nesting = LoopNesting(elaborator.graph)
    let loops = RootLoops(of: group, in: partition.program, elaborator.graph)
    rootVariables = Set(loops.all)
    elaborator.splits = partition.elaborationSplits(elaborator, loops.common)
    elaborator.onRead = { [unowned self] in demand($0, $1) }
    for (number, value) in group.enumerated() {
      demandRoot(value, loops.common + loops.own[number])
    }
  }

  /// Decides for the values of a region and of the loops in it.
  func decide(in region: Region) -> Decision {
    visit(region, inside: [])
    return decision
  }

  private func demandRoot(_ value: ValueID, _ loops: [LoopVariable]) {
    let made = partition.partialsOf?.value ?? value
    var indices = loops.map(graph.index)
    // The first loop of partial results is that of the blocks.
    if partition.partialsOf != nil { indices.removeFirst() }
    let count = program.types[made].axes.ids.count
    demand(
      made,
      Elaborator.Access(
        axes: Array(indices.prefix(count)), index: Array(indices.dropFirst(count))))
  }

  private func demand(_ value: ValueID, _ access: Elaborator.Access) {
    if partition.isBuffer(value, for: group) { return }
    if known[value, default: []].insert(access).inserted {
      demands[value, default: []].append(access)
    }
  }

  private func visit(_ region: Region, inside loops: Set<LoopVariable>) {
    for instruction in region.instructions.reversed() {
      let results = instruction.results.filter { demands[$0] != nil }
      if results.isEmpty { continue }
      shared.formUnion(results.filter { !group.contains($0) && isUsedElsewhere($0) })
      if instruction.operation.isLoop {
        let id = graph.iterations.count
        for result in results {
          let isKept = isRunAgain(result, inside: loops) && keep(result, instruction)
          evaluate(result, isKept ? keptAccess(result) : demands[result]?.first)
        }
        guard id < graph.iterations.count else { continue }
        let variable = graph.iterations[id].variable
        graph.openIterations.append(variable)
        for inner in instruction.regions.reversed() {
          visit(inner, inside: loops.union([variable]))
        }
        graph.openIterations.removeLast()
        continue
      }
      let weight = partition.weights.weight(of: instruction)
      let kept = results.filter { isRepeated($0, weight, inside: loops) && keep($0, instruction) }
      // All results of an operation are made together.
      if let first = kept.first, let access = keptAccess(first) {
        evaluate(first, access)
        text += weight.text
      }
      for result in results where !kept.contains(result) {
        for access in demands[result] ?? [] { evaluate(result, access) }
        text += weight.text * (demands[result]?.count ?? 0)
      }
    }
  }

  /// Makes the meaning of a value at an index, which notes what that reads.
  private func evaluate(_ value: ValueID, _ access: Elaborator.Access?) {
    guard let access else { return }
    let axes = Dictionary(
      uniqueKeysWithValues: zip(program.types[value].axes.ids, access.axes))
    _ = elaborator.meaning(of: value, at: access.index, axes: axes, access.axes)
    for id in noted.reductions..<graph.reductions.count { nesting.note(reduction: id) }
    for id in noted.arrays..<graph.arrays.count { nesting.note(array: id) }
    for id in noted.iterations..<graph.iterations.count { nesting.note(iteration: id) }
    for id in noted.networks..<graph.networks.count { nesting.note(network: id) }
    noted = (
      graph.reductions.count, graph.arrays.count, graph.iterations.count, graph.networks.count
    )
  }
}

extension Fusion {
  /// Keeps a value that would be computed, or written, too often, if that is possible.
  private func keep(_ value: ValueID, _ instruction: Instruction) -> Bool {
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
    if !(isBuffer && (isWhole || isOfNoBatch(value) || shared.contains(value))),
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

  /// What an element of a value takes from what lies in buffers, in fused multiply-adds; an element that
  /// it needs on several ways is counted as often.
  private func work(_ value: ValueID) -> Double {
    if let known = works[value] { return known }
    if partition.isBuffer(value, for: group) { return 0 }
    guard let instruction = partition.producers[value] else { return 0 }
    let isLoop = instruction.operation.isLoop
    var result = isLoop ? Fusion.sharedWork : partition.weights.weight(of: instruction).work
    for operand in Set(instruction.operands) where result < Fusion.sharedWork {
      result += work(operand)
    }
    works[value] = result
    return result
  }

  /// Whether other kernels make a value too, or something of it that no buffer holds: all who ask for
  /// it here are known.
  private func isUsedElsewhere(_ value: ValueID) -> Bool {
    partition.consumers[value]?.contains { user in
      !user.results.contains { demands[$0] != nil }
        || user.results.contains { shared.contains($0) && !decision.stored.contains($0) }
    } ?? false
  }

  /// Whether a value does not vary over a batch over which the kernel's values do: a buffer is made once
  /// for all of it.
  private func isOfNoBatch(_ value: ValueID) -> Bool {
    let own = program.types[value].axes
    return group.contains { program.types[$0].axes.ids.contains { !own.contains($0) } }
  }

  private func isRepeated(
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
    let size = program.types[value].shape.reduce(1.0) { $0 * KernelAnalysis.size($1) }
    if accesses.count > Fusion.copies, size > Double(Fusion.elements) { return true }
    let computed = accesses.reduce(0.0) { $0 + evaluations($1.all, inside: loops) }
    let elements = program.extents(of: value).reduce(1.0) { $0 * KernelAnalysis.size($1) }
    if reduces(value) { return computed > 1.5 * elements }
    // What no loop combines is worth keeping where an iteration of another loop would compute it again.
    return weight.cost >= Partition.repetitionCost && computed > Fusion.repetitions * elements
      && accesses.contains { isInLoop($0, inside: loops) }
  }

  /// Whether a loop would run more often than there are indices of the axes that it varies over.
  private func isRunAgain(_ value: ValueID, inside loops: Set<LoopVariable>) -> Bool {
    let axes = Set((demands[value] ?? []).map(\.axes))
    let runs = axes.reduce(0.0) { $0 + evaluations($1, inside: loops) }
    let wanted = program.types[value].axes.ids.reduce(1.0) {
      $0 * KernelAnalysis.size(program.axes[$1].extent)
    }
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
    around(indices, inside: loops).reduce(1) { $0 * KernelAnalysis.size(graph.extent(of: $1)) }
  }

  private func isInLoop(_ access: Elaborator.Access, inside loops: Set<LoopVariable>) -> Bool {
    let around = around(access.all, inside: loops)
    return graph.iterations.contains {
      around.contains($0.variable) && graph.extent(of: $0.variable) != .constant(1)
    }
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
  private func keptAccess(_ value: ValueID) -> Elaborator.Access? {
    guard let open = decision.staged[value], let first = demands[value]?.first else { return nil }
    let indices = zip(first.all, zip(open, program.extents(of: value))).map { index, loop in
      loop.0 ? graph.index(graph.makeVariable(loop.1)) : index
    }
    let count = first.axes.count
    return Elaborator.Access(
      axes: Array(indices.prefix(count)), index: Array(indices.dropFirst(count)))
  }
}
