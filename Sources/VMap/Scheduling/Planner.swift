import Device

/// A reduction whose blocks are computed by work-items of their own and merged by another kernel.
struct Split {
  let value: ValueID
  let blocks: Extent
  let size: Int
  /// One buffer for each accumulator: a block, then the loops of the value.
  let partials: [ValueID]
}

/// Groups the instructions of a program into kernels and host loops.
///
/// What is stored in buffers is decided by trial: everything is written into one kernel first, and
/// what would be computed too often there, or is better shared out among work-items of its own,
/// becomes a buffer.
struct Planner {
  var program: Program
  let producers: [ValueID: Instruction]
  let layouts: [ValueID: ElementLayout]
  /// See ``Program/hiddenAxes``.
  let hiddenAxes: [ValueID: [Int]]
  let profile: Profile
  /// Values in buffers: parameters, results, and what is decided to be.
  private(set) var stored: Set<ValueID>
  /// Reductions divided into blocks, by the value they make and by what stores their blocks.
  private var splits: [ValueID: Split] = [:]
  private var splitOfPartial: [ValueID: Split] = [:]
  /// Values made outside of the loops of kernels: those that can be buffers.
  private var storable: Set<ValueID> = []
  /// The instructions that replace elements of their results in place, by those.
  private var replacing: [ValueID: Instruction] = [:]
  /// How many operations a value takes, from what is stored.
  private var operationCounts: [ValueID: Int] = [:]
  /// Values that kernels of their own make.
  private var apart: Set<ValueID> = []
  private let weights: OperationWeights
  private var kernelCount = 0

  /// How many results one kernel stores at most.
  private static let groupLimit = 32

  static func plan(
    _ program: Program, for profile: Profile
  ) throws(VMapError) -> (plan: Plan, program: Program) {
    var planner = try Planner(program: program, profile: profile)
    let plan = try planner.plan(planner.program.body)
    return (plan, planner.program)
  }

  private init(program: Program, profile: Profile) throws(VMapError) {
    var program = try Lockstep.frozen(program, HostLoops.needsHost)
      .verified(after: "running loops in lockstep")
    weights = OperationWeights(program, producers: program.producers())
    program = try InvariantMotion(weights: weights).moved(program)
      .verified(after: "moving out of loops")
    self.program = program
    self.profile = profile
    producers = program.producers()
    layouts = program.layouts()
    hiddenAxes = program.hiddenAxes
    stored = Set(program.body.parameters)
  }

  /// The plan that makes the results of a region, whose parameters are stored.
  private mutating func plan(_ region: Region) throws(VMapError) -> Plan {
    stored.formUnion(region.parameters)
    // Of what has two lengths of an example there is no buffer.
    storable.formUnion(
      region.instructions.flatMap(\.results).filter { program.types[$0].raggedAxes.count < 2 })
    try storeRows(region)
    storeAroundHostLoops(region)
    for instruction in region.instructions
    where Replacements.areInPlace(instruction, program, profile) {
      stored.formUnion(instruction.results)
      for result in instruction.results { replacing[result] = instruction }
    }
    let consumers = region.consumers()
    stored.formUnion(region.results)
    stored.formUnion(sharedLoops(region))
    let budget = region.overBudget(stored: stored)
    stored.formUnion(budget.kept.filter(storable.contains))
    operationCounts.merge(budget.counts) { _, new in new }
    var plan = Plan()
    // What lies around a loop may be the next state as it is.
    var done = Set(region.parameters + region.results.filter { !isMadeHere($0, region) })
    var pending = region.results
    // What a kernel makes that waits for others, by the value it was asked for.
    var waiting: [ValueID: Set<ValueID>] = [:]
    // Everything a stored value needs is made before it.
    while let value = pending.last {
      if done.contains(value) {
        pending.removeLast()
        continue
      }
      if let instruction = producers[value], HostLoops.needsHost(instruction, program) {
        let needs = (instruction.operands + instruction.regions.flatMap { $0.captures() })
          .filter { !done.contains($0) && isMadeHere($0, region) }
        if needs.isEmpty {
          plan.steps.append(.loop(try hostLoop(instruction)))
          done.formUnion(instruction.results)
        } else {
          pending += needs
        }
        continue
      }
      let group = group(with: value, among: region.results, done: done)
      let partition = Partition(
        program: program, producers: producers, layouts: layouts, hiddenAxes: hiddenAxes,
        stored: stored,
        consumers: consumers,
        splits: splits, storable: storable, partialsOf: splitOfPartial[value], profile: profile,
        region: region, weights: weights, apart: apart, replacing: replacing[value])
      switch partition.kernel(for: group, name: "k\(kernelCount)") {
      case .store(let values): try decide(values, in: &stored)
      case .apart(let values): try decide(values, in: &apart)
      case .split(let value, let extent, let size, let slots):
        split(value, extent, size, slots)
      case .kernel(let kernel):
        let needs = kernel.inputs.filter { !done.contains($0) && isMadeHere($0, region) }
        if needs.isEmpty {
          kernelCount += 1
          plan.steps += kernel.withScratch(in: &program, profile).withPanels(in: &program)
            .map(Plan.Step.kernel)
          done.formUnion(group)
          waiting[value] = nil
        } else {
          // A kernel cannot make both what another one reads and what is made of that.
          waiting[value] = Set(group)
          for (first, others) in waiting where !others.isDisjoint(with: needs) {
            try decide(others, in: &apart)
            waiting[first] = nil
          }
          pending += needs
        }
      }
    }
    return plan
  }

  /// Adds to what is decided.
  ///
  /// What changes nothing would be decided again without end.
  private func decide(
    _ values: some Collection<ValueID>, in decided: inout Set<ValueID>
  ) throws(VMapError) {
    guard !decided.isSuperset(of: values) else {
      let names = values.sorted().map { "%\($0)" }.joined(separator: ", ")
      throw VMapError(.internalInconsistency, "no kernel can be made of \(names)")
    }
    decided.formUnion(values)
  }

  /// Whether a value is computed in this region, not around it.
  private func isMadeHere(_ value: ValueID, _ region: Region) -> Bool {
    splitOfPartial[value] != nil || region.instructions.contains { $0.results.contains(value) }
  }

  /// The results that share a value's loops, so that one kernel can make them all.
  private func group(
    with value: ValueID, among results: [ValueID], done: Set<ValueID>
  ) -> [ValueID] {
    if let split = splitOfPartial[value] { return split.partials }
    if let instruction = replacing[value] { return instruction.results }
    if program.isMadeByRows(value, producers) { return madeByRows(with: value, done) }
    let siblings = together(value, among: stored)
    if !siblings.isEmpty {
      let others = siblings.filter { $0 != value && !done.contains($0) }
      return [value] + others.prefix(Planner.groupLimit - 1)
    }
    let extents = program.bufferExtents(of: value)
    if let instruction = producers[value], instruction.operation.wholeDimension != nil {
      return instruction.results.filter {
        !done.contains($0) && program.bufferExtents(of: $0) == extents
      }
    }
    guard results.contains(value), splits[value] == nil, !apart.contains(value) else {
      return [value]
    }
    // The value that is asked for first: a group without it would not end its being asked for.
    var group = [value]
    var operations = operationCounts[value] ?? 0
    for other in results where !done.contains(other) && !group.contains(other) {
      guard splits[other] == nil, replacing[other] == nil, !apart.contains(other),
        together(other, among: stored).isEmpty, !program.isMadeByRows(other, producers),
        program.bufferExtents(of: other) == extents,
        producers[other].map({ !HostLoops.needsHost($0, program) })
          ?? false, producers[other]?.operation.wholeDimension == nil
      else { continue }
      operations += operationCounts[other] ?? 0
      guard group.count < Planner.groupLimit, operations <= Region.fusionBudget else { break }
      group.append(other)
    }
    return group
  }

  private mutating func split(
    _ value: ValueID, _ extent: Extent, _ size: Int, _ slots: [ElementType]
  ) {
    let blocks = Extent.blocks(extent, size: size)
    let extents = program.bufferExtents(of: value)
    let partials = slots.map { program.makeValue(ValueType($0, [blocks] + extents)) }
    stored.formUnion(partials)
    let split = Split(value: value, blocks: blocks, size: size, partials: partials)
    splits[value] = split
    for partial in partials { splitOfPartial[partial] = split }
  }

  /// What loops make row by row lies in buffers, and where such a loop is in another one there is none.
  private mutating func storeRows(_ region: Region) throws(VMapError) {
    func lengths(_ value: ValueID) -> Int { program.types[value].raggedAxes.count }
    for instruction in region.instructions {
      for result in instruction.results where program.isMadeByRows(result, producers) {
        stored.formUnion(instruction.results)
      }
      // What is made of all pairs of rows is not made again for each use.
      if instruction.operands.contains(where: { lengths($0) > 1 }) {
        stored.formUnion(instruction.results.filter { lengths($0) < 2 })
      }
      var hasRows = false
      for inner in instruction.regions where !HostLoops.needsHost(instruction, program) {
        inner.forEachInstruction { nested in
          hasRows = hasRows || nested.results.contains { program.isMadeByRows($0, producers) }
        }
      }
      if hasRows {
        throw VMapError(
          .raggedDimension,
          "\(instruction.operation.name): inside of a loop, a scan cannot stack as many outputs as an "
            + "example of a length of its own has rows")
      }
    }
  }

  /// The results of a loop that one kernel makes with what the loop makes row by row.
  private func madeByRows(with value: ValueID, _ done: Set<ValueID>) -> [ValueID] {
    let results = (producers[value]?.results ?? []).filter {
      $0 != value && !done.contains($0) && program.types[$0].axes == program.types[value].axes
    }
    return [value] + results.prefix(Planner.groupLimit - 1)
  }

  /// Buffers that a host loop reads and writes.
  private mutating func storeAroundHostLoops(_ region: Region) {
    for instruction in region.instructions
    where HostLoops.needsHost(instruction, program) {
      stored.formUnion(instruction.operands)
      stored.formUnion(instruction.results)
      for region in instruction.regions {
        stored.formUnion(region.captures())
        stored.formUnion(region.parameters)
      }
    }
  }

  private mutating func hostLoop(
    _ instruction: Instruction
  ) throws(VMapError) -> Plan.HostLoop {
    let (condition, body) = (instruction.regions[0], instruction.regions[1])
    return Plan.HostLoop(
      initial: instruction.operands, results: instruction.results,
      conditionParameters: condition.parameters, condition: try plan(condition),
      predicate: condition.results[0], bodyParameters: body.parameters, body: try plan(body),
      next: body.results)
  }
}
