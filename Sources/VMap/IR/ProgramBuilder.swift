/// Writes a program on value ids: the one way in which tracing, passes and readers make instructions.
///
/// Instructions go into the region that was opened last.
struct ProgramBuilder: Sendable {
  /// The types of all values, and the map axes; the body is as it was before the builder finishes.
  var program: Program
  /// The regions that are open, outermost first.
  private(set) var open: [Region] = []
  /// What stands in the place of values that are replaced.
  private var replacements = Substitution()

  init(_ program: Program = Program()) { self.program = program }

  // MARK: Values

  mutating func makeValue(_ type: ValueType) -> ValueID { program.makeValue(type) }

  /// A new value of the type of another one.
  mutating func makeValue(like value: ValueID) -> ValueID { makeValue(program.types[value]) }

  func type(of value: ValueID) -> ValueType { program.types[value] }

  /// The instruction that makes a value in the regions that are open, if it is none of nested ones.
  func producer(of value: ValueID) -> Instruction? {
    open.reversed().lazy.compactMap { $0.producer(of: value) }.first
  }

  /// Puts a value in the place of another one, in what is written from here on.
  mutating func replace(_ value: ValueID, by other: ValueID) { replacements[value] = other }

  // MARK: Instructions

  /// Writes an instruction whose results are values already.
  mutating func append(_ instruction: Instruction) {
    open[open.count - 1].instructions.append(instruction)
  }

  /// Writes an operation down and gives its results, whose types follow from its rules.
  mutating func emit(
    _ operation: any Operation, _ operands: [ValueID], regions: [Region] = []
  ) throws(VMapError) -> [ValueID] {
    let types = try program.resultTypes(operation, operands, regions)
    return emit(operation, operands, as: types, regions: regions)
  }

  /// Writes an operation down whose results have types that are known, and gives them.
  mutating func emit(
    _ operation: any Operation, _ operands: [ValueID], as types: [ValueType],
    regions: [Region] = []
  ) -> [ValueID] {
    let results = types.map { makeValue($0) }
    append(
      Instruction(operation: operation, operands: operands, results: results, regions: regions))
    return results
  }

  // MARK: Regions

  /// Opens a region with parameters that are values already.
  mutating func openRegion(parameters: [ValueID] = []) {
    open.append(Region(parameters: parameters))
  }

  /// Opens a region again, to write more after its instructions.
  mutating func openRegion(continuing region: Region) { open.append(region) }

  /// Adds a parameter to the region that was opened last.
  mutating func addParameter(_ type: ValueType) -> ValueID {
    let value = makeValue(type)
    open[open.count - 1].parameters.append(value)
    return value
  }

  /// Closes the region that was opened last.
  mutating func closeRegion(results: [ValueID]) -> Region {
    var region = open.removeLast()
    region.results = replacements[results]
    return region
  }

  /// Makes a region that is closed the program's body, and gives the program.
  mutating func finish(_ body: Region) -> Program {
    program.body = body
    return program
  }

  /// Gives up all that was written; the types of values are kept.
  mutating func discardInstructions() {
    open = []
    program.body = Region()
  }

  // MARK: Copies

  /// Writes what a region does here, with arguments in the place of its parameters and values of its
  /// own, and gives its results.
  mutating func inline(_ region: Region, _ arguments: [ValueID]) -> [ValueID] {
    var copies = Substitution(zip(region.parameters, arguments))
    for instruction in region.instructions { copy(instruction, &copies) }
    return copies[region.results]
  }

  /// A copy of a region with values of its own, and with others in the place of some that it uses.
  mutating func copy(of region: Region, _ others: Substitution) -> Region {
    var copies = others
    openRegion(parameters: fresh(region.parameters, &copies))
    for inner in region.instructions { copy(inner, &copies) }
    return closeRegion(results: copies[region.results])
  }

  private mutating func copy(_ instruction: Instruction, _ copies: inout Substitution) {
    var copy = instruction
    copy.operands = copies[instruction.operands]
    copy.regions = instruction.regions.map { self.copy(of: $0, copies) }
    copy.results = fresh(instruction.results, &copies)
    append(copy)
  }

  private mutating func fresh(_ values: [ValueID], _ copies: inout Substitution) -> [ValueID] {
    for value in values { copies[value] = makeValue(like: value) }
    return copies[values]
  }

  // MARK: Rewriting

  /// A region written anew: a function writes what becomes of each instruction in turn.
  ///
  /// The function is given instructions of its own, whose operands are replaced already; regions inside
  /// them are as they were.
  mutating func rewrite<E: Error>(
    _ region: Region, _ write: (inout ProgramBuilder, inout Instruction) throws(E) -> Void
  ) throws(E) -> Region {
    openRegion(parameters: region.parameters)
    for var instruction in region.instructions {
      instruction.operands = replacements[instruction.operands]
      try write(&self, &instruction)
    }
    return closeRegion(results: region.results)
  }

  /// A region written anew, those inside its instructions before these.
  mutating func rewriteInnerFirst<E: Error>(
    _ region: Region, _ write: (inout ProgramBuilder, inout Instruction) throws(E) -> Void
  ) throws(E) -> Region {
    try rewrite(region) { builder, instruction throws(E) in
      for index in instruction.regions.indices {
        instruction.regions[index] = try builder.rewriteInnerFirst(
          instruction.regions[index], write)
      }
      try write(&builder, &instruction)
    }
  }
}

extension Program {
  /// The program with each instruction written anew by a function, those of regions inside others
  /// first.
  func rewritten<E: Error>(
    _ write: (inout ProgramBuilder, inout Instruction) throws(E) -> Void
  ) throws(E) -> Program {
    var builder = ProgramBuilder(self)
    let body = try builder.rewriteInnerFirst(body, write)
    return builder.finish(body)
  }
}
