/// The name of a value within one program.
typealias ValueID = Int

/// One application of an operation.
struct Instruction: Sendable {
  var operation: any Operation
  var operands: [ValueID]
  var results: [ValueID]
  /// The bodies of control flow, which may use values of the regions around them.
  var regions: [Region] = []
}

/// A list of instructions in order, with parameters and results.
struct Region: Sendable {
  var parameters: [ValueID] = []
  var instructions: [Instruction] = []
  var results: [ValueID] = []
}

/// A per-example function with the axes it is mapped over: single assignment, structured control flow.
///
/// A value has an element type, a shape (what the user's function sees) and a set of map axes.
/// Operations work on shapes; the axes of a result follow from its operands.
struct Program: Sendable {
  var body = Region()
  /// The type of each value, by its name.
  var types: [ValueType] = []
  var axes: [MapAxis] = []
  /// How many of the body's parameters are the caller's; the rest are captured tensors.
  var inputCount = 0
  /// The results that are windows, by their positions; empty where none is.
  var resultWindows: [ResultWindow?] = []

  mutating func makeValue(_ type: ValueType) -> ValueID {
    types.append(type)
    return types.count - 1
  }

  /// The instruction that makes each value, over all regions.
  func producers() -> [ValueID: Instruction] {
    var producers: [ValueID: Instruction] = [:]
    body.forEachInstruction { instruction in
      for result in instruction.results { producers[result] = instruction }
    }
    return producers
  }
}

extension Region {
  /// Visits every instruction, those of nested regions after the one that holds them.
  func forEachInstruction(_ visit: (Instruction) -> Void) {
    for instruction in instructions {
      visit(instruction)
      for region in instruction.regions { region.forEachInstruction(visit) }
    }
  }

  /// The instruction that makes a value, if it is none of nested regions.
  func producer(of value: ValueID) -> Instruction? {
    instructions.last { $0.results.contains(value) }
  }

  /// The instruction that makes each value, without those of nested regions.
  func producers() -> [ValueID: Instruction] {
    var producers: [ValueID: Instruction] = [:]
    for instruction in instructions {
      for result in instruction.results { producers[result] = instruction }
    }
    return producers
  }

  /// The values of enclosing regions that this one uses, in order of first use.
  func captures() -> [ValueID] {
    var defined = Set(parameters)
    var seen: Set<ValueID> = []
    var captures: [ValueID] = []
    func use(_ id: ValueID) {
      if !defined.contains(id), seen.insert(id).inserted { captures.append(id) }
    }
    for instruction in instructions {
      instruction.operands.forEach(use)
      for region in instruction.regions { region.captures().forEach(use) }
      defined.formUnion(instruction.results)
    }
    results.forEach(use)
    return captures
  }
}
