extension Program {
  /// The program itself, which builds for debugging verify.
  ///
  /// - Parameter pass: What made the program.
  func verified(after pass: String) throws(VMapError) -> Program {
    #if DEBUG
      do throws(VMapError) {
        try verify()
      } catch {
        throw VMapError(
          .internalInconsistency, "after \(pass), a program is not sound: \(error.message)\n\(text)"
        )
      }
    #endif
    return self
  }

  /// Checks that each value is made once and before it is used, that each has the type that its
  /// operation gives, and that loops hand on state of one type and
  /// have the forms that they say.
  ///
  /// A value may be taken to vary over more axes than it does.
  func verify() throws(VMapError) {
    var made: Set<ValueID> = []
    try verify(body, visible: [], &made)
    let producers = producers()
    var problem: VMapError?
    body.forEachInstruction { instruction in
      guard let form = instruction.loopForm, !instruction.has(form, { producers[$0] }) else {
        return
      }
      problem = unsound("\(instruction.operation.name) is not a loop that is \(form)")
    }
    if let problem { throw problem }
  }

  private func verify(
    _ region: Region, visible: Set<ValueID>, _ made: inout Set<ValueID>
  ) throws(VMapError) {
    var visible = visible
    func define(_ values: [ValueID]) throws(VMapError) {
      for value in values {
        guard types.indices.contains(value) else { throw unsound("%\(value) has no type") }
        guard made.insert(value).inserted else { throw unsound("%\(value) is made twice") }
        visible.insert(value)
      }
    }
    func use(_ values: [ValueID], _ user: String) throws(VMapError) {
      for value in values where !visible.contains(value) {
        throw unsound("\(user) uses %\(value), which is not made before it")
      }
    }
    try define(region.parameters)
    for instruction in region.instructions {
      let name = instruction.operation.name
      try use(instruction.operands, name)
      for inner in instruction.regions { try verify(inner, visible: visible, &made) }
      if instruction.operation.isLoop { try verifyLoop(instruction) }
      try define(instruction.results)
      let inferred = try resultTypes(
        instruction.operation, instruction.operands, instruction.regions)
      guard fits(inferred, instruction.results.map { types[$0] }) else {
        throw unsound("the results of \(name) are not \(inferred.map(\.text))")
      }
    }
    try use(region.results, "the end of a region")
  }

  /// A slot of the state has one type.
  private func verifyLoop(_ instruction: Instruction) throws(VMapError) {
    let name = instruction.operation.name
    guard instruction.regions.count == 2, let predicate = instruction.regions[0].results.first,
      types[predicate].element == .bool, types[predicate].shape.isEmpty
    else { throw unsound("\(name) has not a condition and a body") }
    let body = instruction.regions[1]
    let state = body.parameters.map { types[$0] }
    guard instruction.regions[0].parameters.map({ types[$0] }) == state,
      fits(body.results.map { types[$0] }, state),
      fits(instruction.operands.map { types[$0] }, state)
    else { throw unsound("the state of \(name) has not one type") }
  }

  /// Whether values can be taken for ones of other types: those may vary over more axes.
  private func fits(_ given: [ValueType], _ wanted: [ValueType]) -> Bool {
    given.count == wanted.count
      && zip(given, wanted).allSatisfy { given, wanted in
        given.element == wanted.element && given.shape == wanted.shape
          && given.axes.union(wanted.axes) == wanted.axes
      }
  }

  private func unsound(_ message: String) -> VMapError {
    VMapError(.internalInconsistency, message)
  }
}
