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
  /// What it takes to read an element of a buffer, in fused multiply-adds.
  static let readWork = 8.0
  /// The text of a kernel, in operations, from which on it should grow no more.
  static let budget = 2000
  /// The most elements of a private array inside of a loop's body, where there can be no buffer.
  static let bodyCapacity = 1 << 16

  let partition: Partition
  let elaborator: Elaborator
  var graph: ExpressionGraph { elaborator.graph }
  var program: Program { partition.program }
  var nesting: LoopNesting
  let rootVariables: Set<LoopVariable>
  let group: Set<ValueID>
  /// Where each value is asked for, in order.
  private(set) var demands: [ValueID: [Elaborator.Access]] = [:]
  private var known: [ValueID: Set<Elaborator.Access>] = [:]
  /// How many loops of each kind were there when the nesting was last looked at.
  private var noted = (reductions: 0, arrays: 0, iterations: 0, networks: 0)
  private(set) var text = 0
  var reducing: [ValueID: Bool] = [:]
  var works: [ValueID: Double] = [:]
  /// What other kernels make as well.
  private(set) var shared: Set<ValueID> = []
  var decision = Decision()

  init(_ partition: Partition, _ group: [ValueID]) {
    self.partition = partition
    self.group = Set(group)
    elaborator = Elaborator(
      partition.program, producers: partition.producers, layouts: partition.layouts,
      hiddenAxes: partition.hiddenAxes,
      stored: partition.stored.union(partition.weights.made))
    nesting = LoopNesting(elaborator.graph)
    let loops = RootLoops(of: group, in: elaborator, form: partition.raggedForm(of: group))
    rootVariables = Set(loops.all)
    elaborator.splits = partition.elaborationSplits(elaborator, loops.common)
    elaborator.onRead = { [unowned self] in demand($0, $1) }
    for (number, value) in group.enumerated() { demandRoot(value, loops.accesses[number]) }
  }

  /// Decides for the values of a region and of the loops in it.
  func decide(in region: Region) -> Decision {
    visit(region, inside: [])
    return decision
  }

  private func demandRoot(_ value: ValueID, _ access: Elaborator.Access) {
    guard let split = partition.partialsOf else { return demand(value, access) }
    // The first loop of partial results is that of the blocks.
    let count = program.types[split.value].axes.ids.count
    let place = access.all.dropFirst()
    demand(
      split.value,
      Elaborator.Access(axes: Array(place.prefix(count)), index: Array(place.dropFirst(count))))
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
        // All results are made by one loop, also those that vary over fewer axes than others.
        let axes = results.reduce(into: [:]) { axes, result in
          axes.merge(boundAxes(result, demands[result]?.first)) { known, _ in known }
        }
        for result in results {
          let isKept = isRunAgain(result, inside: loops) && keep(result, instruction)
          evaluate(result, isKept ? keptAccess(result) : demands[result]?.first, among: axes)
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

  private func boundAxes(
    _ value: ValueID, _ access: Elaborator.Access?
  ) -> [Int: Expression] {
    Dictionary(uniqueKeysWithValues: zip(program.types[value].axes.ids, access?.axes ?? []))
  }

  /// Makes the meaning of a value at an index, which notes what that reads.
  ///
  /// - Parameter axes: Where axes that the value does not vary over are bound, if it matters.
  private func evaluate(
    _ value: ValueID, _ access: Elaborator.Access?, among axes: [Int: Expression] = [:]
  ) {
    guard let access else { return }
    let all = axes.merging(boundAxes(value, access)) { _, own in own }
    _ = elaborator.meaning(of: value, at: access.index, axes: all, access.axes)
    for id in noted.reductions..<graph.reductions.count { nesting.note(reduction: id) }
    for id in noted.arrays..<graph.arrays.count { nesting.note(array: id) }
    for id in noted.iterations..<graph.iterations.count { nesting.note(iteration: id) }
    for id in noted.networks..<graph.networks.count { nesting.note(network: id) }
    noted = (
      graph.reductions.count, graph.arrays.count, graph.iterations.count, graph.networks.count
    )
  }
}
