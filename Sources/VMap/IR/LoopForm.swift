/// What is known of how often a loop runs.
enum LoopForm: Hashable, Sendable {
  /// As long as its condition holds, which may be for ever.
  case open
  /// Until a counter in the state has reached a limit; so many times, if that follows from constants.
  case counted(Int?)
  /// Once or not at all: a branch. The first tensor of the state tells which, and the body makes it
  /// false.
  case once

  /// Whether the loop ends, whatever its state is.
  var ends: Bool { self != .open }
}

extension LoopForm {
  /// Finds out whether a loop is counted.
  ///
  /// - Parameters:
  ///   - initial: The values that its state begins with.
  ///   - producer: Gives the instruction that makes a value inside the loop or before it.
  init(
    of condition: Region, _ body: Region, from initial: [ValueID],
    _ producer: (ValueID) -> Instruction?
  ) {
    func constant(_ value: ValueID) -> ScalarLiteral? {
      (producer(value)?.operation as? Literal)?.value
    }
    guard
      [condition.parameters, body.parameters, body.results].allSatisfy({
        $0.count == initial.count
      }),
      let test = condition.results.first,
      let comparison = producer(test), comparison.operation.name == "lt",
      let slot = condition.parameters.firstIndex(of: comparison.operands[0]),
      let next = producer(body.results[slot]), next.operation.name == "add",
      let own = next.operands.firstIndex(of: body.parameters[slot]),
      let step = constant(next.operands[1 - own]), step.type.isInteger, step.integer > 0
    else {
      self = .open
      return
    }
    var limit = comparison.operands[1]
    if let other = condition.parameters.firstIndex(of: limit) {
      guard body.results[other] == body.parameters[other] else {
        self = .open
        return
      }
      limit = initial[other]
    }
    // What the condition computes anew may change.
    let last = constant(limit)
    let isComputed = last == nil && condition.instructions.contains { $0.results.contains(limit) }
    guard !isComputed, step.integer == 1 || last.map({ step.reaches($0) }) ?? false else {
      self = .open
      return
    }
    self = .counted(
      last.flatMap { last in constant(initial[slot]).flatMap { last.count(from: $0, by: step) } })
  }
}

extension ScalarLiteral {
  /// Whether a counter that is below a limit and takes such steps does not wrap around before it.
  fileprivate func reaches(_ limit: ScalarLiteral) -> Bool {
    let (last, overflow) = limit.integer.addingReportingOverflow(integer - 1)
    return !overflow && type != .uint64 && ScalarLiteral(integer: last, as: type).integer == last
  }

  /// How many steps a counter takes to a limit, if an `Int` can tell.
  fileprivate func count(from first: ScalarLiteral, by step: ScalarLiteral) -> Int? {
    let (distance, overflow) = integer.subtractingReportingOverflow(first.integer)
    guard type != .uint64, !overflow else { return nil }
    return Int(max(0, distance)).dividedUp(by: Int(step.integer))
  }
}

extension Instruction {
  /// What is known of how often it runs, if it is a loop.
  var loopForm: LoopForm? { operation.loopForm }
  var isBranch: Bool { operation.loopForm == .once }

  /// Whether a loop has a form, as far as can be seen.
  ///
  /// - Parameter producer: Gives the instruction that makes a value inside the loop or before it.
  func has(_ form: LoopForm, _ producer: (ValueID) -> Instruction?) -> Bool {
    guard regions.count == 2, regions[0].parameters.count == operands.count,
      regions[1].results.count == operands.count
    else { return false }
    switch form {
    case .open: return true
    case .once:
      guard let choice = regions[0].parameters.first, regions[0].results == [choice] else {
        return false
      }
      return (producer(regions[1].results[0])?.operation as? Literal)?.value == .zero(.bool)
    case .counted(let count):
      guard
        case .counted(let found) = LoopForm(of: regions[0], regions[1], from: operands, producer)
      else { return false }
      return count == nil || found == nil || count == found
    }
  }
}
