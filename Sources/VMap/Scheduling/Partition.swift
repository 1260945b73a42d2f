import Device

/// Decides what one kernel holds: which values it computes where they are used, which it keeps in
/// private arrays, and which should rather be buffers.
struct Partition {
  enum Outcome {
    case kernel(Kernel)
    /// Not yet: these values should be buffers.
    case store([ValueID])
    /// Not yet: these values should be made by kernels of their own.
    case apart(Set<ValueID>)
    /// Not yet: this value's reduction should be divided into blocks over an extent.
    case split(ValueID, Extent, size: Int, slots: [ElementType])
  }

  /// The most elements of one private array of which each lane has its own, or of which lanes are
  /// the elements.
  static let (privateCapacity, rowCapacity) = (128, 2048)
  /// The most rows that a work-item keeps: they should stay in the first cache.
  static let rowLimit = 4
  /// A contraction of this many multiply-adds a work-item is better done by tiles of its own.
  static let contractionLimit = 4096.0
  /// What costs less is computed again sooner than stored.
  static let repetitionCost = 10
  /// The fewest work-items worth sharing work among.
  static let minimumParallelism = 64.0

  let program: Program
  let producers: [ValueID: Instruction]
  let layouts: [ValueID: ElementLayout]
  let hiddenAxes: [ValueID: [Int]]
  let stored: Set<ValueID>
  let consumers: [ValueID: [Instruction]]
  let splits: [ValueID: Split]
  /// Values that can be buffers.
  let storable: Set<ValueID>
  /// The split whose blocks the kernel computes, if it is for that.
  let partialsOf: Split?
  let profile: Profile
  /// What is computed here, and loops around it have stored.
  let region: Region
  let weights: OperationWeights
  /// Values that were to be made by kernels of their own, as far as that is possible.
  let apart: Set<ValueID>
  /// The instruction that replaces elements of the kernel's values in place, if one does.
  var replacing: Instruction?

  /// A kernel that stores the given values: all of the same loops, or over the same axes.
  func kernel(for group: [ValueID], name: String) -> Outcome {
    let fusion = Fusion(self, group).decide(in: region)
    if !fusion.apart.isEmpty { return .apart(fusion.apart) }
    if !fusion.stored.isEmpty { return .store(fusion.stored.sorted()) }
    let stages = fusion.staged.mapValues { Elaborator.Stage(open: $0) }
    var hasRepetitions = false
    let outcome = kernel(for: group, name: name, stages, repetitions: { hasRepetitions = true })
    guard hasRepetitions, case .kernel(let plain) = outcome,
      case .kernel(var keeping) = kernel(for: group, name: name, stages, repetitions: nil),
      keeping.total < plain.total
    else { return outcome }
    keeping.explanation +=
      "; keeps rows that several loops use, without them: \(Int(min(plain.total.rounded(), 1e15)))"
    return .kernel(keeping)
  }

  /// A kernel that makes what is computed in several loops once and keeps it; or that computes it
  /// again, and tells that there is such a value.
  private func kernel(
    for group: [ValueID], name: String, _ stages: [ValueID: Elaborator.Stage],
    repetitions: (() -> Void)?
  ) -> Outcome {
    let elaborator = makeElaborator(group)
    elaborator.stages = stages
    let graph = elaborator.graph
    let loops = RootLoops(of: group, in: elaborator, form: raggedForm(of: group))
    elaborator.whole.loops = Set(loops.common)
    let splitting = elaborationSplits(elaborator, loops.common)
    while true {
      let (roots, replacement) = elaborate(group, elaborator, loops, splitting)
      let divided = elaborator.divided.filter { isMadeAtTop($0) && !group.contains($0) }
      if !divided.isEmpty { return .store(divided.sorted()) }
      let analysis = KernelAnalysis(
        graph, roots: roots + (replacement?.roots(in: graph) ?? []),
        rootVariables: loops.all)
      let shared = analysis.sharedVariables()
      if let outcome = shareOut(group, roots, analysis, shared, elaborator) { return outcome }
      if let value = repeated(group, analysis, shared, elaborator) { return .store([value]) }
      if let value = factor(group, roots, analysis, elaborator) { return .store([value]) }
      if let row = nextRow(analysis, shared, elaborator, group) {
        if let repetitions {
          repetitions()
        } else {
          elaborator.stages[row.value] = row.stage
          elaborator.restart()
          continue
        }
      }
      let stores = group.indices.map { number in
        let value = group[number]
        return (
          buffer: value, type: program.types[value].element, value: roots[number],
          offset: loops.offset(of: number, value, in: program, graph)
        )
      }
      return .kernel(
        Scheduler(
          graph: graph, analysis: analysis, variables: loops.common, own: loops.own,
          shared: shared, profile: profile, name: name, replacement: replacement,
          isPlain: loops.isPlain
        ).schedule(stores))
    }
  }

  private func makeElaborator(_ group: [ValueID]) -> Elaborator {
    var computed = Set(group)
    if let split = partialsOf { computed.insert(split.value) }
    return Elaborator(
      program, producers: producers, layouts: layouts, hiddenAxes: hiddenAxes,
      stored: stored.subtracting(computed))
  }
}
