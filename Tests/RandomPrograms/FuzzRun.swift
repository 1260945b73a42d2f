import Foundation

@testable import VMap
@testable import VMapTestSupport

/// Programs of one seed after another, until time is over.
final class FuzzRun {
  private let settings: Settings
  private var programs = 0
  private var counts: [ProgramCheck.Failure.Kind: Int] = [:]
  private var skipped: [String: Int] = [:]
  private var meaningful = 0.0
  private var passed = 0
  /// The bytes of OpenCL C for each operation, of every program.
  private var sourceSizes: [Int] = []
  /// How often each smallest failing program was found, by what it is made of.
  private var causes: [Cause: Int] = [:]

  /// What a failing program is made of.
  private struct Cause: Hashable, CustomStringConvertible {
    let kind: ProgramCheck.Failure.Kind
    let operations: Set<String>

    var description: String { "\(kind.rawValue): \(operations.sorted().joined(separator: " "))" }
  }

  init(_ settings: Settings) throws { self.settings = settings }

  /// A program as text.
  func text(of seed: UInt64) throws -> String { try generate(seed).text }

  private func generate(_ seed: UInt64) throws -> RandomCase {
    var random = try ProgramGenerator.make(seed: seed, options: settings.options)
    random.isDifferentiated = settings.isDifferentiated
    return random
  }

  func run() throws {
    let evaluator = try EvaluatorProcess()
    defer { evaluator.close() }
    say("seed \(settings.seed)")
    if let found = settings.found {
      try FileManager.default.createDirectory(at: found, withIntermediateDirectories: true)
    }
    let end = Date().addingTimeInterval(settings.seconds)
    while programs < settings.count, Date() < end {
      let seed = settings.seed &+ UInt64(programs)
      programs += 1
      do {
        let random = try generate(seed)
        try check(random, seed, evaluator)
      } catch {
        skipped["not generated: \(error)", default: 0] += 1
      }
      if programs.isMultiple(of: 100) { report() }
    }
    report()
  }

  /// Prints at once, for those who watch.
  private func say(_ text: String) {
    print(text)
    fflush(nil)
  }

  private func report() {
    for (reason, count) in skipped.sorted(by: { $0.value > $1.value }).prefix(8) {
      say("  skipped \(count): \(reason.prefix(100))")
    }
    for (cause, count) in causes.sorted(by: { $0.value > $1.value }) {
      say("  \(count) × \(cause)")
    }
    say(
      "  \(Int(100 * meaningful / Double(max(1, passed)))) % of the elements were held to within 0.01"
    )
    let sorted = sourceSizes.sorted()
    say(
      "  \(sorted.isEmpty ? 0 : sorted[sorted.count / 2]) bytes of OpenCL C for an operation in the "
        + "middle, \(sorted.last ?? 0) at most"
    )
    func count(_ kinds: ProgramCheck.Failure.Kind...) -> Int {
      kinds.reduce(0) { $0 + (counts[$1] ?? 0) }
    }
    say(
      "\(programs) programs, \(count(.wrong)) wrong, \(count(.refused)) refused, "
        + "\(count(.slow, .large)) slow, \(count(.crashed)) crashed")
  }

  private func check(_ random: RandomCase, _ seed: UInt64, _ evaluator: EvaluatorProcess) throws {
    // Every other time the device's own profile alone: compiling takes nearly all of the time.
    let number = Int(seed % UInt64(2 * ProgramCheck.profiles.count - 2))
    let others = ProgramCheck.profiles.dropFirst()
    let profile =
      number < others.count ? "default,\(others[others.startIndex + number])" : "default"
    switch evaluator.check(random, [settings.profile ?? profile]) {
    case .passed(let part, let size):
      passed += 1
      sourceSizes.append(size)
      meaningful += part
    case .skipped(let reason):
      if reason.contains("died") {
        say("seed \(seed): \(reason)")
        write(random.text, "died-\(seed)")
      }
      skipped[reason, default: 0] += 1
    case .failed(let failure):
      // A machine that is out of memory or time may have been the reason.
      guard case .failed(let again) = evaluator.check(random, [failure.profile]),
        again.kind == failure.kind
      else {
        say("seed \(seed): \(failure.kind.rawValue) only once: \(failure.message.prefix(200))")
        skipped["failed only once", default: 0] += 1
        return
      }
      counts[failure.kind, default: 0] += 1
      shrink(random, failure, seed, evaluator)
    }
  }

  private func write(_ text: String, _ name: String) {
    guard let found = settings.found else { return }
    try? text.write(
      to: found.appendingPathComponent("\(name).txt"), atomically: true, encoding: .utf8)
  }

  /// Prints the smallest case that fails as a given one does.
  func shrink(_ text: String, _ profile: String) throws {
    let random = try RandomCase(parsing: text)
    let evaluator = try EvaluatorProcess()
    guard case .failed(let failure) = evaluator.check(random, [profile]) else {
      return say("the case passes")
    }
    shrink(random, failure, 0, evaluator)
  }

  private func shrink(
    _ random: RandomCase, _ failure: ProgramCheck.Failure, _ seed: UInt64,
    _ evaluator: EvaluatorProcess
  ) {
    let operations = random.program.operationNames
    let known = causes.keys.first {
      $0.kind == failure.kind && $0.operations.isSubset(of: operations)
    }
    // Most programs that have all of a known one in them fail for the same reason.
    if let known, !seed.isMultiple(of: 4) {
      causes[known, default: 0] += 1
      say("seed \(seed) probably \(known)")
      return
    }
    let profiles = failure.profile.split(separator: ",").map(String.init)
    var message = failure.message
    // Slow programs take long to try.
    let limit = failure.kind == .slow ? settings.shrinkLimit / 4 : settings.shrinkLimit
    var shrinker = CaseShrinker(limit: limit) { candidate in
      guard case .failed(let other) = evaluator.check(candidate, profiles),
        other.kind == failure.kind, other.signature == failure.signature
      else { return false }
      message = other.message
      return true
    }
    let end = Date().addingTimeInterval(settings.shrinkSeconds)
    shrinker.isOver = { Date() > end }
    let smallest = shrinker.shrink(random)
    let cause = Cause(kind: failure.kind, operations: smallest.program.operationNames)
    let isNew = causes[cause] == nil
    causes[cause, default: 0] += 1
    say("seed \(seed) \(cause)")
    guard isNew else { return }
    let report = """
      \(failure.kind.rawValue) with profile \(failure.profile), seed \(seed)
      \(message.prefix(2000))

      \(smallest.text)
      """
    say(report)
    write(report, "\(failure.kind.rawValue)-\(seed)")
  }
}

extension Program {
  /// The names of the operations, those that compute elements as one.
  fileprivate var operationNames: Set<String> {
    var names: Set<String> = []
    body.forEachInstruction { instruction in
      switch instruction.operation {
      case is Literal, is BindAxis, is UnbindAxis: break
      case is Elementwise: names.insert("elementwise")
      default: names.insert(instruction.operation.name)
      }
    }
    return names
  }
}
