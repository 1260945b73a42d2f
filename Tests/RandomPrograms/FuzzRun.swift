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
  /// How often each smallest failing program was found, by what it is made of.
  private var causes: [String: Int] = [:]

  init(_ settings: Settings) throws { self.settings = settings }

  /// A program as text.
  func text(of seed: UInt64) throws -> String { try generate(seed).text }

  private func generate(_ seed: UInt64) throws -> RandomCase {
    try ProgramGenerator.make(
      seed: seed, options: ProgramGenerator.Options(excluded: settings.excluded))
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
    func count(_ kinds: ProgramCheck.Failure.Kind...) -> Int {
      kinds.reduce(0) { $0 + (counts[$1] ?? 0) }
    }
    say(
      "\(programs) programs, \(count(.wrong)) wrong, \(count(.refused)) refused, "
        + "\(count(.slow, .large)) slow, \(count(.crashed)) crashed")
  }

  private func check(_ random: RandomCase, _ seed: UInt64, _ evaluator: EvaluatorProcess) throws {
    let others = ProgramCheck.profiles.dropFirst()
    let other = others[others.startIndex + Int(seed % UInt64(others.count))]
    let profiles = settings.profile.map { [$0] } ?? ["default", other]
    switch evaluator.check(random, profiles) {
    case .passed(let part):
      passed += 1
      meaningful += part
    case .skipped(let reason):
      if reason.contains("died") { say("seed \(seed): \(reason)") }
      skipped[reason, default: 0] += 1
    case .failed(let failure):
      counts[failure.kind, default: 0] += 1
      shrink(random, failure, seed, evaluator)
    }
  }

  private func shrink(
    _ random: RandomCase, _ failure: ProgramCheck.Failure, _ seed: UInt64,
    _ evaluator: EvaluatorProcess
  ) {
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
    let smallest = shrinker.shrink(random)
    let cause = "\(failure.kind.rawValue): \(smallest.program.operationsText)"
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
    guard let found = settings.found else { return }
    try? report.write(
      to: found.appendingPathComponent("\(failure.kind.rawValue)-\(seed).txt"), atomically: true,
      encoding: .utf8)
  }
}

extension Program {
  /// The names of the operations, those that compute elements as one.
  fileprivate var operationsText: String {
    var names: Set<String> = []
    body.forEachInstruction { instruction in
      switch instruction.operation {
      case is Literal, is BindAxis, is UnbindAxis: break
      case is Elementwise: names.insert("elementwise")
      default: names.insert(instruction.operation.name)
      }
    }
    return names.sorted().joined(separator: " ")
  }
}
