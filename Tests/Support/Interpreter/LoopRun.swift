@testable import VMap

/// The iterations of one loop, for whichever examples are asked for.
///
/// Where the loop's regions combine examples along an axis that the condition varies over, those
/// examples run in lockstep: an example that is done keeps its state until all are.
final class LoopRun {
  private let instruction: Instruction
  private unowned let frame: Interpreter.Frame
  private unowned let interpreter: Interpreter
  private let lockstep: [Int]
  private var conditions: [Interpreter.Frame] = []
  private var bodies: [Interpreter.Frame] = []

  /// More iterations than any test needs.
  private static let limit = 10_000

  init(_ instruction: Instruction, _ frame: Interpreter.Frame, _ interpreter: Interpreter) {
    self.instruction = instruction
    self.frame = frame
    self.interpreter = interpreter
    let predicate = interpreter.program.types[instruction.regions[0].results[0]].axes
    var crossed: Set<Int> = []
    for region in instruction.regions {
      region.forEachInstruction { inner in
        if let reduction = inner.operation as? AxisReduce { crossed.insert(reduction.axis) }
        if let gather = inner.operation as? AllGather { crossed.insert(gather.axis) }
        if let unbound = inner.operation as? UnbindAxis { crossed.insert(unbound.axis) }
      }
    }
    lockstep = predicate.ids.filter(crossed.contains)
  }

  /// A slot of the final state.
  func result(_ slot: Int, _ position: Interpreter.Position) throws -> ReferenceTensor {
    let body = instruction.regions[1]
    if body.results[slot] == body.parameters[slot] { return try state(slot, 0, position) }
    var positions = [position]
    for axis in lockstep {
      positions = positions.flatMap { position in
        (0..<interpreter.extents[axis]).map { position.merging([axis: $0]) { _, new in new } }
      }
    }
    var iteration = 0
    while try positions.contains(where: { try goesOn(iteration, $0) }) {
      iteration += 1
      guard iteration < LoopRun.limit else { throw InterpreterError("a loop does not end") }
      // Every state is computed in its turn, so that none needs a deep recursion later.
      for position in positions { _ = try state(slot, iteration, position) }
    }
    return try state(slot, iteration, position)
  }

  /// A slot of the state before an iteration.
  private func state(
    _ slot: Int, _ iteration: Int, _ position: Interpreter.Position
  ) throws -> ReferenceTensor {
    if iteration == 0 {
      return try interpreter.value(instruction.operands[slot], frame, position)
    }
    let before = frames(iteration - 1).body
    let body = instruction.regions[1]
    let isForwarded = body.results[slot] == body.parameters[slot]
    let isUnchanged = try isForwarded || !goesOn(iteration - 1, position)
    return try interpreter.value(
      isUnchanged ? body.parameters[slot] : body.results[slot], before, position)
  }

  /// Whether the condition holds for an example before an iteration.
  private func goesOn(_ iteration: Int, _ position: Interpreter.Position) throws -> Bool {
    let predicate = try interpreter.value(
      instruction.regions[0].results[0], frames(iteration).condition, position
    ).values[0]
    guard predicate.isCertain else {
      throw InterpreterError("rounding decides whether a loop goes on: choose other inputs")
    }
    return predicate.bits != 0
  }

  /// The regions as they are evaluated in an iteration.
  private func frames(
    _ iteration: Int
  ) -> (condition: Interpreter.Frame, body: Interpreter.Frame) {
    while bodies.count <= iteration {
      let number = bodies.count
      let parameter: (Int, Interpreter.Position) throws -> ReferenceTensor = { [unowned self] in
        try state($0, number, $1)
      }
      conditions.append(
        Interpreter.Frame(instruction.regions[0], in: frame, parameter: parameter))
      bodies.append(Interpreter.Frame(instruction.regions[1], in: frame, parameter: parameter))
    }
    return (conditions[iteration], bodies[iteration])
  }
}
