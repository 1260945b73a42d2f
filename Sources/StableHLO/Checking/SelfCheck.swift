import Synchronization
import VMap

/// A module whose entry point takes nothing and compares its results itself.
struct SelfCheck {
  private let path: String
  private let text: [UInt8]

  init(contentsOfFile path: String) throws {
    self.path = path
    text = try StableHLO.located(path) { () throws(StableHLOError) in
      try StableHLO.readFile(path)
    }
  }

  /// Runs the module, and throws what differs.
  func check(_ operations: inout Set<TypedOperation>) throws {
    let module = try StableHLO.located(path) { () throws(StableHLOError) in
      let parsed = try Parser.parse(text)
      operations = parsed.typedOperations
      return try LoadedModule(parsed, entry: "main")
    }
    guard module.entry.parameters.isEmpty else {
      throw CheckFailure(
        description: "\(path): @main takes arguments; a module that checks itself takes none")
    }
    let checks = Mutex<[Check<Int>]>([])
    let pairs = try jit { () throws -> [AnyTensor] in
      let found = try module.run([]).checks
      let positions = found.enumerated().map { number, check in
        Check(
          kind: check.kind, actual: 2 * number, expected: 2 * number + 1, position: check.position)
      }
      checks.withLock { $0 = positions }
      return found.flatMap { [$0.actual, $0.expected] }
    }()
    let found = checks.withLock { $0 }
    guard !found.isEmpty else {
      throw CheckFailure(description: "\(path): @main compares nothing")
    }
    for check in found {
      let comparison = try TensorComparison(
        pairs[check.actual], pairs[check.expected], check.kind)
      if let difference = comparison.difference {
        throw CheckFailure(
          description:
            "\(path):\(check.position.line):\(check.position.column): \(difference)")
      }
    }
  }
}
