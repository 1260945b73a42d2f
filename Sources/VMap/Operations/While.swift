/// A loop on a state of several values: while the condition region holds, the body region replaces
/// the state.
///
/// Where the condition varies over a batch, each example stops for itself.
struct While: Operation {
  var form = LoopForm.open
  /// Whether each iteration replaces one row of the tensors that are as long as their example, so that in
  /// the end every row has been replaced once.
  var makesRows = false

  var name: String { "while" }
  var loopForm: LoopForm? { form }
  var attributes: [Attribute] {
    let rows = makesRows ? [Attribute("rows", .word("each"))] : []
    switch form {
    case .open: return rows
    case .once: return [Attribute("form", .word("once"))] + rows
    case .counted(let length):
      return [Attribute("form", .word("counted"))]
        + (length.map { [Attribute("length", .integer($0))] } ?? []) + rows
    }
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    let makesRows = try attributes.word("rows") != nil
    switch try attributes.word("form") {
    case nil: return While(makesRows: makesRows)
    case "once": return While(form: .once)
    case "counted":
      let length = attributes.values["length"] == nil ? nil : try attributes.integer("length")
      return While(form: .counted(length), makesRows: makesRows)
    case let form?: throw VMapError(.parse, "while: there is no form \(form.quotedText)")
    }
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] { operands }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    guard regions.count == 2, let predicate = regions[0].results.first,
      regions[0].results.count == 1, predicate.element == .bool, predicate.shape.isEmpty
    else {
      throw VMapError(.loopStateMismatch, "while: the condition should be one bool[]")
    }
    for slot in operands.indices where !operands[slot].raggedAxes.isEmpty {
      if makesRows, operands[slot].raggedAxes == operands[slot].shape[0].raggedAxis.map({ [$0] }) {
        continue
      }
      throw VMapError(
        .raggedDimension,
        "while: tensor \(slot) of the state is \(try operands[slot].tensorType(for: name)): a state "
          + "cannot have a length of its own for each example")
    }
    let (state, next) = (regions[1].parameters, regions[1].results)
    guard state.count == operands.count, next.count == operands.count else {
      throw VMapError(
        .loopStateMismatch,
        "while: the state has \(quantity(operands.count, "tensor")), the body returns \(next.count)"
      )
    }
    for slot in operands.indices
    where state[slot].element != next[slot].element || state[slot].shape != next[slot].shape {
      throw VMapError(
        .loopStateMismatch,
        "while: tensor \(slot) of the state is \(try state[slot].tensorType(for: name)), "
          + "the body returns \(try next[slot].tensorType(for: name))")
    }
    return state
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    (readers(operands, loops) ?? []).map { $0(index) }
  }

  func readers(_ operands: [Operand], _ loops: LoopBuilder) -> [ElementReader]? {
    let types = operands.map {
      TensorType(element: $0.type.element, shape: $0.type.shape.map { $0.size ?? 0 })
    }
    return loops.iterate(
      state: types, initial: { slot, index in operands[slot][index] },
      condition: { state in loops.regions[0].bind(state)[0]([]) },
      update: { state in loops.regions[1].updates(state) })
  }
}
