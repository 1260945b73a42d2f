/// A program as several that follow each other, none of which needs all examples along an axis at once.
///
/// What the examples of a part have in common with the others, as a sum over the batch, is finished
/// between two of them. A phase computes again what it needs of what earlier ones computed.
struct Phases {
  /// A part of the program: it takes values of the whole program and makes others.
  struct Phase {
    let program: Program
    /// Whether results are parts of longer ones: then the examples can be divided.
    let isDivided: Bool
  }

  private(set) var phases: [Phase] = []
  /// The program, with what the phases hand on.
  private var program: Program
  private let axis: Int
  /// The values that phases before hand on.
  private var given: [ValueID] = []

  /// - Throws: ``VMapError`` where something inside a loop needs all examples.
  init(_ program: Program, along axis: Int) throws(VMapError) {
    self.program = program
    self.axis = axis
    let flow = try AxisFlow(program, axis)
    for depth in 0...flow.crossings.count {
      let crossings = flow.crossings.count > depth ? flow.crossings[depth] : []
      let results = Set(program.body.results).subtracting(program.body.parameters)
        .filter { flow.depths[$0, default: 0] == depth }.sorted()
      add(results.filter { !flow.holders.contains($0) && !given.contains($0) }, isDivided: false)
      let parts = try crossings.map { crossing throws(VMapError) in try part(of: crossing) }
      add(results.filter(flow.holders.contains) + parts, isDivided: true)
      // The blocks of a sum are merged as soon as there are all of them.
      let merged = zip(crossings, parts).filter { $0.0.results[0] != $0.1 }
      given += merged.map(\.1)
      add(merged.map { $0.0.results[0] }, isDivided: false)
      given += crossings.map { $0.results[0] }
    }
  }

  /// Has a phase make values of which others are given.
  private mutating func add(_ results: [ValueID], isDivided: Bool) {
    guard !results.isEmpty else { return }
    var phase = program
    phase.body.parameters += given
    phase.body.results = results
    let known = Set(given)
    phase.body.instructions.removeAll { !known.isDisjoint(with: $0.results) }
    phase = phase.withoutDeadCode()
    let used = Set(Region(instructions: phase.body.instructions, results: results).captures())
    phase.inputCount = phase.body.parameters.prefix(phase.inputCount).filter(used.contains).count
    phase.body.parameters.removeAll { !used.contains($0) }
    phases.append(Phase(program: phase, isDivided: isDivided))
  }

  /// What each part of the examples contributes to what crosses the axis: blocks of a sum, or itself.
  private mutating func part(of crossing: Instruction) throws(VMapError) -> ValueID {
    let place = program.body.instructions.firstIndex { $0.results == crossing.results }
    guard let place else { throw VMapError(.internalInconsistency, "a collective is missing") }
    switch crossing.operation {
    case let gather as AllGather:
      program.body.instructions[place].operation = gather.view
      return crossing.results[0]
    case let sum as AxisReduce:
      let blocks = AxisBlocks(kind: sum.kind, axis: axis)
      let part = program.makeValue(
        try program.resultTypes(blocks, crossing.operands, [])[0])
      program.body.instructions[place].operation = MergeBlocks(kind: sum.kind)
      program.body.instructions[place].operands = [part]
      program.body.instructions.insert(
        Instruction(operation: blocks, operands: crossing.operands, results: [part]), at: place)
      return part
    default:
      throw VMapError(
        .invalidArgument, "\(crossing.operation.name) needs all examples of the batch at once")
    }
  }
}

/// How values depend on the examples along an axis.
private struct AxisFlow {
  /// How many times all examples must be gone through before each value can be computed.
  private(set) var depths: [ValueID: Int] = [:]
  /// What needs all examples, by that number.
  private(set) var crossings: [[Instruction]] = []
  /// The values that have the axis as a dimension.
  private(set) var holders: Set<ValueID> = []

  init(_ program: Program, _ axis: Int) throws(VMapError) {
    for instruction in program.body.instructions {
      let operands = instruction.operands + instruction.regions.flatMap { $0.captures() }
      var depth = operands.map { depths[$0, default: 0] }.max() ?? 0
      for region in instruction.regions {
        region.forEachInstruction { inner in
          if inner.operation.crossedAxis == axis { depth = .max }
        }
      }
      guard depth != .max else {
        throw VMapError(
          .invalidArgument, "a collective inside of a loop needs all examples of the batch at once")
      }
      if instruction.operation.crossedAxis == axis,
        operands.contains(where: { program.types[$0].axes.contains(axis) })
      {
        while crossings.count <= depth { crossings.append([]) }
        crossings[depth].append(instruction)
        depth += 1
      }
      let isHolder =
        (instruction.operation as? UnbindAxis)?.axis == axis
        || !holders.isDisjoint(with: operands)
      for result in instruction.results {
        depths[result] = depth
        if isHolder { holders.insert(result) }
      }
    }
  }
}
