import Synchronization

/// A loop on tensors as it is traced: the state, and the functions on it.
struct LoopDescription {
  /// What errors call the loop.
  let name: String
  /// What errors call each tensor of the state.
  let paths: [String]
  let condition: ([TensorHandle]) throws -> TensorHandle
  let body: ([TensorHandle]) throws -> [TensorHandle]
  /// Values that tensors of the state are whenever the body runs: it reads the state in their place.
  var beginnings: [Int: ValueID] = [:]
  /// How often it runs, where that is known; else it is found out.
  var form: LoopForm?
}

extension Trace {
  /// Writes down a loop and gives its final state.
  ///
  /// The axes that the state varies over are found before the loop is written: each slot varies over
  /// those of its initial value, of what the body makes of it and of the condition.
  func loop(
    _ loop: LoopDescription, from initial: [TensorHandle]
  ) throws(VMapError) -> [TensorHandle] {
    let values = try values(for: initial)
    for value in values { pinExtents(of: value) }
    let types = values.map(type(of:))
    let condition = try region(types) { [try loop.condition($0)] }
    try check(condition, of: loop.name)
    let traced = try region(types, loop.body)
    // Of several tensors that begin as one value the first is read: the program is the same each time.
    let beginnings = loop.beginnings.sorted { $0.key < $1.key }
      .map { ($0.value, traced.parameters[$0.key]) }
    let body = traced.replacing(Substitution(beginnings))
    return try write(loop.name, loop.paths, values, condition, body, as: loop.form)
  }

  /// Writes down a loop of two regions whose state has its types.
  ///
  /// - Parameter form: How often it runs, where that is known.
  func write(
    _ name: String, _ paths: [String], _ initial: [ValueID], _ condition: Region, _ body: Region,
    as form: LoopForm?, makesRows: Bool = false
  ) throws(VMapError) -> [TensorHandle] {
    try check(body, of: name, paths, initial.map(type(of:)))
    let handles: [TensorHandle] = try infer(initial, [condition, body])
    let form = form ?? self.form(of: condition, body, from: initial)
    return emit(While(form: form, makesRows: makesRows), handles, regions: [condition, body])
  }

  private func form(of condition: Region, _ body: Region, from initial: [ValueID]) -> LoopForm {
    state.withLock { state in
      LoopForm(of: condition, body, from: initial) { value in
        condition.producer(of: value) ?? body.producer(of: value)
          ?? state.builder.producer(of: value)
      }
    }
  }

  /// Brings the types of the regions to their fixpoint; the initial values as tensors of this trace.
  private func infer(
    _ values: [ValueID], _ regions: [Region]
  ) throws(VMapError) -> [TensorHandle] {
    try state.withLock { state throws(VMapError) in
      try state.builder.program.inferLoop(values, regions)
      return values.map { state.handle($0, self) }
    }
  }

  private func check(_ condition: Region, of name: String) throws(VMapError) {
    let type = type(of: condition.results[0])
    guard type.element == .bool, type.shape.isEmpty else {
      throw VMapError(
        .loopStateMismatch,
        "\(name): the condition should be bool[], it is \(try type.tensorType(for: name))")
    }
  }

  private func check(
    _ body: Region, of name: String, _ paths: [String], _ types: [ValueType]
  ) throws(VMapError) {
    for value in body.results { pinExtents(of: value) }
    for (slot, value) in body.results.enumerated() {
      let given = try type(of: value).tensorType(for: name)
      let expected = try types[slot].tensorType(for: name)
      guard given == expected else {
        throw VMapError(
          .loopStateMismatch,
          "\(name): \(paths[slot]) is \(expected), and the body makes \(given) of it; "
            + "the state should keep its types and shapes")
      }
    }
  }
}

extension TensorHandle {
  /// Checks an argument that decides how a loop or a choice goes.
  func checkIsScalar(_ argument: String, of name: String) throws(VMapError) {
    guard shape.isEmpty else {
      throw VMapError(
        .shapeMismatch, "\(name): the \(argument) should be a scalar, it is \(type)")
    }
  }
}
