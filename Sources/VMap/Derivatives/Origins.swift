/// Which argument the values come from that change, for errors.
struct Origins {
  /// What the arguments are called; none where errors are named further out.
  private let paths: [String]
  private var numbers: [ValueID: Int] = [:]

  init(_ paths: [String] = []) { self.paths = paths }

  /// Notes the parameters of what is differentiated.
  mutating func begin(_ parameters: [ValueID]) {
    guard !paths.isEmpty else { return }
    for (number, parameter) in parameters.enumerated() { numbers[parameter] = number }
  }

  /// Notes that a value comes from where another one does.
  mutating func pass(from value: ValueID, to other: ValueID) { numbers[other] = numbers[value] }

  /// Notes the results of an instruction that uses values that change.
  mutating func pass(through instruction: Instruction, _ isActive: (ValueID) -> Bool) {
    guard let number = number(of: instruction, isActive) else { return }
    for result in instruction.results where isActive(result) { numbers[result] = number }
  }

  private func number(of instruction: Instruction, _ isActive: (ValueID) -> Bool) -> Int? {
    guard !paths.isEmpty else { return nil }
    let used = instruction.operands + instruction.regions.flatMap { $0.captures() }
    return used.lazy.filter(isActive).compactMap { numbers[$0] }.first
  }

  /// The error of what differentiates an instruction: that it has no derivative is told with the argument
  /// that makes it needed.
  func named(
    _ error: VMapError, _ instruction: Instruction, _ isActive: (ValueID) -> Bool
  ) -> VMapError {
    guard error.kind == .notDifferentiable, let number = number(of: instruction, isActive) else {
      return error
    }
    return VMapError(
      error.kind, "\(error.message); the result depends on \(paths[number]) through it")
  }
}
