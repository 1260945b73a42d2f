/// Writes a region again together with its derivative in forward mode: beside each value that changes,
/// how it does.
struct ForwardPass {
  let trace: Trace
  /// The map axes that began in what is differentiated.
  private(set) var innerAxes: Set<Int>
  /// What stands in the place of the region's values.
  var values = Substitution()
  /// The changes of the region's values.
  private var tangents: [ValueID: Term] = [:]
  private var origins: Origins

  init(_ trace: Trace, innerAxes: Set<Int>, origins: Origins = Origins()) {
    self.trace = trace
    self.innerAxes = innerAxes
    self.origins = origins
  }

  /// Writes a region.
  ///
  /// - Parameter changes: How the arguments change; nil where they do not.
  mutating func run(
    _ region: Region, _ arguments: [ValueID], _ changes: [Term?]
  ) throws(VMapError) -> (results: [ValueID], changes: [Term?]) {
    if tangents.isEmpty { origins.begin(region.parameters) }
    for (number, parameter) in region.parameters.enumerated() {
      values[parameter] = arguments[number]
      tangents[parameter] = changes[number]
    }
    for instruction in region.instructions { try write(instruction) }
    return (values[region.results], region.results.map { tangents[$0] })
  }

  private mutating func write(_ instruction: Instruction) throws(VMapError) {
    guard instruction.uses(where: { tangents[$0] != nil }) else {
      return try trace.copy(instruction, &values)
    }
    do throws(VMapError) {
      try writeChanging(instruction)
    } catch {
      throw origins.named(error, instruction) { tangents[$0] != nil }
    }
    let changes = tangents
    origins.pass(through: instruction) { changes[$0] != nil }
  }

  private mutating func writeChanging(_ instruction: Instruction) throws(VMapError) {
    if instruction.operation.isLoop { return try writeLoop(instruction) }
    if let (region, axes) = try trace.expansion(of: instruction, values, innerAxes: innerAxes) {
      innerAxes.formUnion(axes)
      for (operand, parameter) in zip(instruction.operands, region.parameters) {
        origins.pass(from: operand, to: parameter)
      }
      let (results, changes) = try run(
        region, values[instruction.operands], instruction.operands.map { tangents[$0] })
      return record(instruction, results, changes)
    }
    try instruction.checkCaptures { tangents[$0] != nil }
    try trace.copy(instruction, &values)
    let isInexact = instruction.results.map { trace.type(of: values[$0]).element.isInexact }
    guard isInexact.contains(true) else { return }
    let rule = try instruction.derivativeRule()
    let changes = try rule.tangents(
      instruction.operands.map { tangents[$0] },
      at: trace.site(of: instruction, values, innerAxes: innerAxes))
    guard changes.count == instruction.results.count else {
      throw VMapError(
        .internalInconsistency,
        "\(instruction.operation.name): has \(changes.count) tangents for "
          + quantity(instruction.results.count, "result"))
    }
    record(instruction, values[instruction.results], zip(changes, isInexact).map { $1 ? $0 : nil })
  }

  private mutating func record(
    _ instruction: Instruction, _ results: [ValueID], _ changes: [Term?]
  ) {
    for (number, result) in instruction.results.enumerated() {
      values[result] = results[number]
      let shape = trace.term(results[number]).sizes
      tangents[result] = changes[number].map { $0.repeated(to: shape) }
    }
  }

  /// A loop whose state also has the changes of those of its tensors that change.
  private mutating func writeLoop(_ instruction: Instruction) throws(VMapError) {
    let loop = LoopSite(instruction, trace)
    let active = loop.activeSlots { tangents[$0] != nil }
    let slots = loop.slots
    guard !active.isEmpty else {
      try trace.copy(instruction, &values)
      return forwardUnchanged(instruction, loop)
    }
    let initial = slots.map { trace.term(values[loop.initial[$0]]) }
    let changes = active.map { slot in
      tangents[loop.initial[slots[slot]]] ?? initial[slot].zeros
    }
    let pass = self
    let results = try trace.loop(
      loop.form, makesRows: loop.makesRows, from: initial + changes
    ) { state throws(VMapError) in
      try pass.trace.inlined(loop.condition, Array(state.prefix(slots.count)), pass.values)[0]
    } do: { state throws(VMapError) in
      var inner = pass
      let arguments = try pass.trace.values(for: state.prefix(slots.count).map(\.handle))
      var changes = [Term?](repeating: nil, count: slots.count)
      for (slot, change) in zip(active, state.dropFirst(slots.count)) { changes[slot] = change }
      let (results, next) = try inner.run(loop.body, arguments, changes)
      let terms = results.map { pass.trace.term($0) }
      return terms + active.map { next[$0] ?? terms[$0].zeros }
    }
    for (slot, original) in slots.enumerated() {
      let result = instruction.results[original]
      values[result] = try trace.value(for: results[slot].handle)
      tangents[result] = active.firstIndex(of: slot).map { results[slots.count + $0] }
    }
    forwardUnchanged(instruction, loop)
  }

  /// What a loop leaves as it is changes as it did before.
  private mutating func forwardUnchanged(_ instruction: Instruction, _ loop: LoopSite) {
    for (slot, result) in instruction.results.enumerated() where !loop.slots.contains(slot) {
      values[result] = values[instruction.operands[slot]]
      tangents[result] = tangents[instruction.operands[slot]]
    }
  }
}
