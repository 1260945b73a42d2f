/// Writes a region again, and then how much each of its parameters counts: its derivative in reverse
/// mode.
struct ReversePass {
  let trace: Trace
  /// The map axes that began in what is differentiated.
  private(set) var innerAxes: Set<Int>
  /// Of those, the axes over which cotangents are summed up for what does not vary over them; in the
  /// body of a loop only those that begin there, as one sum after the loop does for the others.
  private(set) var summedAxes: Set<Int>
  /// What stands in the place of the region's values.
  var values = Substitution()
  /// The region's values that change.
  private(set) var active: Set<ValueID>
  private var records: [Record] = []
  private(set) var cotangents: [ValueID: Term] = [:]
  /// The values some of whose cotangents are zeros for elements that were not chosen.
  private(set) var masked: Set<ValueID> = []
  /// What stands in the place of values that need not be computed again.
  private let saved: [ValueID: ValueID]
  /// Whether the states of loops may be stacked.
  let stacksStates: Bool
  private var origins: Origins

  /// What was written forward, as the way back needs it.
  private enum Record {
    case application(Instruction)
    case loop(Instruction, any BackwardLoop)
    /// A function with a derivative of its own.
    case call(Instruction, Call.DerivativeRule.Cotangents)
    /// A value that is another one under a name of an expansion.
    case alias(of: ValueID, as: ValueID)
  }

  init(
    _ trace: Trace, innerAxes: Set<Int>, summedAxes: Set<Int>? = nil,
    values: Substitution = Substitution(), active: Set<ValueID> = [],
    saved: [ValueID: ValueID] = [:], stacksStates: Bool = true, origins: Origins = Origins()
  ) {
    self.trace = trace
    self.innerAxes = innerAxes
    self.summedAxes = summedAxes ?? innerAxes
    self.values = values
    self.active = active
    self.saved = saved
    self.stacksStates = stacksStates
    self.origins = origins
  }

  // MARK: Forward

  /// Writes a region and gives its results.
  ///
  /// - Parameter changing: Which parameters' cotangents are wanted.
  mutating func forward(
    _ region: Region, _ arguments: [ValueID], changing: [Bool]
  ) throws(VMapError) -> [ValueID] {
    for (number, parameter) in region.parameters.enumerated() {
      values[parameter] = arguments[number]
      if changing[number] { active.insert(parameter) }
    }
    if records.isEmpty { origins.begin(region.parameters) }
    for instruction in region.instructions { try write(instruction) }
    return values[region.results]
  }

  private mutating func write(_ instruction: Instruction) throws(VMapError) {
    guard instruction.uses(where: active.contains) else { return try copy(instruction) }
    do throws(VMapError) {
      try writeChanging(instruction)
    } catch {
      throw origins.named(error, instruction, active.contains)
    }
    let active = active
    origins.pass(through: instruction, active.contains)
  }

  /// Writes an instruction again, if its results are not there.
  private mutating func copy(_ instruction: Instruction) throws(VMapError) {
    let known = instruction.results.compactMap { saved[$0] }
    guard known.count == instruction.results.count, !known.isEmpty else {
      return try trace.copy(instruction, &values)
    }
    for (result, value) in zip(instruction.results, known) { values[result] = value }
  }

  private mutating func writeChanging(_ instruction: Instruction) throws(VMapError) {
    if instruction.operation.isLoop { return try writeLoop(instruction) }
    if let call = instruction.operation as? Call, let pullBack = call.rule.pullBack {
      return try writeCall(instruction, pullBack)
    }
    if let (region, axes) = try trace.expansion(of: instruction, values, innerAxes: innerAxes) {
      innerAxes.formUnion(axes)
      summedAxes.formUnion(axes)
      for (operand, parameter) in zip(instruction.operands, region.parameters) {
        records.append(.alias(of: operand, as: parameter))
        origins.pass(from: operand, to: parameter)
      }
      let results = try forward(
        region, values[instruction.operands], changing: instruction.operands.map(active.contains))
      for (number, result) in instruction.results.enumerated() {
        values[result] = results[number]
        if active.contains(region.results[number]) { active.insert(result) }
        records.append(.alias(of: region.results[number], as: result))
      }
      return
    }
    try instruction.checkCaptures(active.contains)
    try copy(instruction)
    let changing = instruction.results.filter { trace.type(of: values[$0]).element.isInexact }
    guard !changing.isEmpty else { return }
    _ = try instruction.derivativeRule()
    active.formUnion(changing)
    records.append(.application(instruction))
  }

  private mutating func writeLoop(_ instruction: Instruction) throws(VMapError) {
    let loop = LoopSite(instruction, trace)
    let slots = loop.activeSlots(active.contains)
    for (slot, result) in instruction.results.enumerated() where !loop.slots.contains(slot) {
      values[result] = values[instruction.operands[slot]]
      if active.contains(instruction.operands[slot]) { active.insert(result) }
      records.append(.alias(of: instruction.operands[slot], as: result))
    }
    guard !slots.isEmpty else {
      var copy = values
      try trace.copy(instruction, &copy)
      for slot in loop.slots { values[instruction.results[slot]] = copy[instruction.results[slot]] }
      return
    }
    let reversed: any BackwardLoop =
      loop.makesRows
      ? try ReversedRows(loop, instruction, active: slots, in: &self)
      : try ReversedLoop(loop, instruction, active: slots, in: &self)
    for slot in slots { active.insert(instruction.results[loop.slots[slot]]) }
    records.append(.loop(instruction, reversed))
  }

  private mutating func writeCall(
    _ instruction: Instruction,
    _ pullBack: (DerivativeSite) throws(VMapError) -> ([Term], Call.DerivativeRule.Cotangents)
  ) throws(VMapError) {
    try instruction.checkCaptures(active.contains)
    let site = DerivativeSite(
      trace: trace, operands: values[instruction.operands].map(trace.term),
      regions: instruction.regions.map { $0.replacing(values) }, innerAxes: innerAxes,
      summedAxes: summedAxes, wanted: instruction.operands.map(active.contains))
    let (results, cotangents) = try pullBack(site)
    _ = try changes(
      of: results.map(\.handle), instruction.results.map { trace.term($0).handle.type },
      "\(instruction.operation.name): the rule gives")
    for (result, term) in zip(instruction.results, results) {
      values[result] = try trace.value(for: term.handle)
      if term.element.isInexact { active.insert(result) }
    }
    records.append(.call(instruction, cotangents))
  }

  // MARK: Backward

  /// Writes how much each value counts, from how much the results do.
  ///
  /// - Parameter isMasked: Whether zeros may stand for elements that were not chosen.
  mutating func backward(
    _ results: [ValueID], _ changes: [Term?], isMasked: Bool = false
  ) throws(VMapError) {
    for (result, change) in zip(results, changes) {
      if let change { try add(change, to: result, isMasked) }
    }
    for record in records.reversed() {
      switch record {
      case .alias(let source, let name):
        if let change = cotangents[name] { try add(change, to: source, masked.contains(name)) }
      case .loop(let instruction, _), .call(let instruction, _), .application(let instruction):
        do throws(VMapError) {
          try goBack(through: record)
        } catch {
          throw origins.named(error, instruction, active.contains)
        }
      }
    }
  }

  private mutating func goBack(through record: Record) throws(VMapError) {
    switch record {
    case .alias: break
    case .loop(_, let loop):
      let isMasked = loop.isMasked(self) || loop.choosesElements
      for (value, change) in try loop.cotangents(self) { try add(change, to: value, isMasked) }
    case .call(let instruction, let makeCotangents):
      let changes = instruction.results.map { cotangents[$0] }
      guard changes.contains(where: { $0 != nil }) else { return }
      let found = try makeCotangents(changes, instruction.results.contains(where: masked.contains))
      for (operand, part) in zip(instruction.operands, found.changes) {
        if let part { try add(part, to: operand, found.isMasked) }
      }
    case .application(let instruction): try addCotangents(of: instruction)
    }
  }

  /// Counts the operands of an operation, by its rule.
  private mutating func addCotangents(of instruction: Instruction) throws(VMapError) {
    let changes = instruction.results.map { cotangents[$0] }
    guard changes.contains(where: { $0 != nil }) else { return }
    var site = trace.site(of: instruction, values, innerAxes: innerAxes)
    site.summedAxes = summedAxes
    site.wanted = instruction.operands.map(active.contains)
    site.isMasked = instruction.results.contains(where: masked.contains)
    let rule = try instruction.derivativeRule()
    let isMasked = site.isMasked || rule.choosesElements
    for (number, part) in try rule.cotangents(changes, at: site).enumerated()
    where site.wanted[number] {
      if let part { try add(part, to: instruction.operands[number], isMasked) }
    }
  }

  /// Counts a use of a value: what it does not vary over is summed up.
  private mutating func add(
    _ change: Term, to value: ValueID, _ isMasked: Bool
  ) throws(VMapError) {
    guard active.contains(value) else { return }
    if isMasked { masked.insert(value) }
    let own = trace.type(of: values[value])
    var change = change
    if case .failed(let error) = change.handle.current { throw error }
    let varies = trace.type(of: try trace.value(for: change.handle)).axes
    for axis in varies.ids where summedAxes.contains(axis) && !own.axes.contains(axis) {
      change = Term(try .step(AxisReduce(kind: .sum, axis: axis), change.handle))
    }
    let shape = trace.term(values[value]).sizes
    guard change.element == own.element, change.sizes == shape || change.sizes.isEmpty else {
      throw VMapError(
        .internalInconsistency,
        "a derivative of \(TensorType(element: own.element, shape: shape)) is \(change.handle.type)"
      )
    }
    change = change.repeated(to: shape)
    cotangents[value] = cotangents[value].map { $0 + change } ?? change
  }
}
