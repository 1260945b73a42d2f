extension Program {
  /// The per-example program as text, in the style of `make_jaxpr`, with map axes on the types.
  ///
  /// Axes come first, then captured tensors, a semicolon, the caller's arguments, and one line for
  /// each operation. Scalar constants stand where they are used. Equal texts are equal programs, and
  /// ``init(parsing:)`` reads the text back:
  ///
  ///     { axes a0:n0 "batch" ; lambda ; a:f32[3,5] b:f32[n0,5]. let
  ///         c:f32[5]{a0} = bind_axis[axis=0 dimension=0] b
  ///         d:f32[3]{a0} = dot_general[dimension_numbers=(([1], [0]), ([], []))] a c
  ///         e:f32[3]{a0} = add d 1.0:f32[]
  ///         f:f32[n0,3] = unbind_axis[axis=0 dimension=0] e
  ///       in (f,) }
  var text: String {
    var printer = ProgramPrinter(self)
    printer.printProgram()
    return printer.text
  }
}

/// Writes a program as text.
private struct ProgramPrinter {
  let program: Program
  var text = ""
  var names = ValueNames()
  /// The scalar constants, which are written where they are used.
  var constants: [ValueID: String] = [:]

  init(_ program: Program) {
    self.program = program
    program.body.forEachInstruction { instruction in
      guard let literal = instruction.operation as? Literal, instruction.results.count == 1,
        let result = instruction.results.first, program.types[result].shape.isEmpty,
        program.types[result].axes.isEmpty
      else { return }
      constants[result] = literal.value.typedText
    }
  }

  mutating func printProgram() {
    text += "{ "
    if !program.axes.isEmpty {
      text += "axes \(program.axes.map(axis).joined(separator: ", ")) ; "
    }
    text += "lambda "
    let parameters = program.body.parameters
    for value in parameters.dropFirst(program.inputCount) { text += "\(declaration(value)) " }
    text += "; "
    text += parameters.prefix(program.inputCount).map { declaration($0) }.joined(separator: " ")
    printBody(program.body, indent: "")
  }

  /// An axis; of one that rows go along also that of their examples, and which parameters say what rows
  /// those have.
  private func axis(_ axis: MapAxis) -> String {
    guard let rows = axis.rows else { return axis.text }
    let places = rows.parameters.map { program.body.parameters.firstIndex(of: $0) ?? -1 }
    return axis.text + " rows(a\(rows.axis), \(places.map(String.init).joined(separator: ", ")))"
  }

  /// The instructions and results of a region, from the end of its parameters on.
  private mutating func printBody(_ region: Region, indent: String) {
    text += ". let\n"
    for instruction in region.instructions {
      printInstruction(instruction, indent: indent + "    ")
    }
    let windows = indent.isEmpty ? program.resultWindows : []
    let results = region.results.enumerated().map { position, result in
      let window = windows.indices.contains(position) ? windows[position] : nil
      return window.map { "\(use(result)) \($0.text)" } ?? use(result)
    }
    let list = results.count == 1 ? "\(results[0])," : results.joined(separator: ", ")
    text += "\(indent)  in (\(list)) }"
  }

  private mutating func printInstruction(_ instruction: Instruction, indent: String) {
    if let result = instruction.results.first, constants[result] != nil { return }
    let operation = instruction.operation
    let operands = instruction.operands.map { use($0) }
    text += indent
    for result in instruction.results { text += "\(declaration(result)) " }
    text += "= \(operation.name)"
    let attributes = operation.attributes
    if !attributes.isEmpty { text += "[\(attributes.map(\.text).joined(separator: " "))]" }
    for operand in operands { text += " \(operand)" }
    text += "\n"
    let labels = OperationRegistry.regionNames(of: operation.name)
    for (position, region) in instruction.regions.enumerated() {
      let label = labels.indices.contains(position) ? labels[position] : "region\(position)"
      text += "\(indent)  { \(label): "
      text += region.parameters.map { declaration($0) }.joined(separator: " ")
      printBody(region, indent: indent + "  ")
      text += "\n"
    }
  }

  private mutating func declaration(_ value: ValueID) -> String {
    "\(names.name(of: value)):\(program.types[value].text)"
  }

  private mutating func use(_ value: ValueID) -> String {
    constants[value] ?? names.name(of: value)
  }
}
