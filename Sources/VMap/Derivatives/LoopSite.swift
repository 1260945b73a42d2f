import Synchronization

/// A loop as derivatives see it: tensors of the state that the body leaves as they are, are values of
/// the surroundings.
struct LoopSite {
  let form: LoopForm
  /// Whether it makes rows of what is as long as each example: see ``While/makesRows``.
  let makesRows: Bool
  /// What all tensors of the state begin as.
  let initial: [ValueID]
  /// Which tensors of the state are left.
  let slots: [Int]
  let condition: Region
  let body: Region
  private let trace: Trace

  init(_ instruction: Instruction, _ trace: Trace) {
    let body = instruction.regions[1]
    let slots = instruction.operands.indices.filter { body.results[$0] != body.parameters[$0] }
    func open(_ region: Region) -> Region {
      let fixed = instruction.operands.indices.filter { !slots.contains($0) }
      var result = region.replacing(
        Substitution(fixed.map { (region.parameters[$0], instruction.operands[$0]) }))
      result.parameters = slots.map { region.parameters[$0] }
      return result
    }
    form = instruction.loopForm ?? .open
    makesRows = instruction.operation.makesRows
    initial = instruction.operands
    self.slots = slots
    condition = open(instruction.regions[0])
    var open = open(body)
    open.results = slots.map { open.results[$0] }
    self.body = open
    self.trace = trace
  }

  /// Which of the slots that are left change, by their positions, where some values do.
  func activeSlots(_ isActive: (ValueID) -> Bool) -> [Int] {
    var active = Set(slots.indices.filter { isActive(initial[slots[$0]]) })
    while true {
      let parameters = Set(active.map { body.parameters[$0] })
      let changing = body.activity(trace) { parameters.contains($0) || isActive($0) }
      let next = active.union(slots.indices.filter { changing(body.results[$0]) })
      if next == active { return active.sorted() }
      active = next
    }
  }
}

extension Instruction {
  /// Whether it uses one of some values, as an operand or inside of its regions.
  func uses(where isMeant: (ValueID) -> Bool) -> Bool {
    operands.contains(where: isMeant)
      || regions.contains { $0.captures().contains(where: isMeant) }
  }

  /// Refuses a function with a derivative of its own that uses what changes without being given it: the
  /// rule does not know of that.
  func checkCaptures(_ isActive: (ValueID) -> Bool) throws(VMapError) {
    guard operation.isCall, regions[0].captures().contains(where: isActive) else { return }
    throw VMapError(
      .notDifferentiable,
      "\(operation.name): the function uses a value of its surroundings that is differentiated, which "
        + "its rule does not know of; make it an argument")
  }

  /// The rule of its derivative.
  func derivativeRule() throws(VMapError) -> any Differentiable {
    guard let rule = operation as? any Differentiable else {
      throw VMapError(.notDifferentiable, "\(operation.name): has no derivative")
    }
    return rule
  }
}

extension Region {
  /// Tells which values change where some that the region uses do.
  func activity(_ trace: Trace, _ isActive: (ValueID) -> Bool) -> (ValueID) -> Bool {
    var changing: Set<ValueID> = []
    let used = Set(parameters + captures()).filter(isActive)
    func changes(_ value: ValueID) -> Bool { changing.contains(value) || used.contains(value) }
    for instruction in instructions where instruction.uses(where: changes) {
      for result in instruction.results where trace.type(of: result).element.isInexact {
        changing.insert(result)
      }
    }
    return { [used, changing] in changing.contains($0) || used.contains($0) }
  }
}

extension Trace {
  /// An instruction's application as rules see it, with other values in the place of some.
  func site(
    of instruction: Instruction, _ values: Substitution, innerAxes: Set<Int>
  ) -> DerivativeSite {
    DerivativeSite(
      trace: self, operands: values[instruction.operands].map(term),
      results: values[instruction.results].map(term),
      regions: instruction.regions.map { $0.replacing(values) }, innerAxes: innerAxes)
  }

  /// The region that an instruction is differentiated as, if it is one that is expanded, and the map
  /// axes that begin in it.
  func expansion(
    of instruction: Instruction, _ values: Substitution, innerAxes: Set<Int>
  ) throws(VMapError) -> (Region, axes: Range<Int>)? {
    guard let operation = instruction.operation as? any Expandable else { return nil }
    var isExpanded = false
    let types = values[instruction.operands].map(type(of:))
    let (region, axes) = try regionWithAxes(types) { parameters in
      let site = DerivativeSite(
        trace: self, operands: parameters.map(Term.init), results: [],
        regions: instruction.regions.map { $0.replacing(values) }, innerAxes: innerAxes)
      let results = try operation.expanded(at: site)
      isExpanded = results != nil
      return (results ?? []).map(\.handle)
    }
    return isExpanded ? (region, axes) : nil
  }

  /// Traces a function into a region of its own, and tells which map axes begin in it.
  func regionWithAxes(
    _ parameters: [ValueType], _ body: ([TensorHandle]) throws -> [TensorHandle]
  ) throws(VMapError) -> (Region, axes: Range<Int>) {
    let first = state.withLock { $0.program.axes.count }
    let region = try region(parameters, body)
    return (region, first..<state.withLock { $0.program.axes.count })
  }
}
