import Device
import Foundation

@testable import VMap
@testable import VMapTestSupport

/// Cases that are read, checked and answered, in a process that may die of them.
///
/// A case comes as `case <bytes> <profiles>` and its text. What is being done is told by `stage <name>`,
/// and the last line of an answer is `passed <part> <bytes>`, `skipped <reason>` or `failed <kind> <profile>
/// <bytes>` with a message.
enum Evaluation {
  static func serve() {
    // Nobody would stop a kernel that does not end.
    let parent = getppid()
    Thread.detachNewThread {
      while getppid() == parent { sleep(1) }
      _exit(1)
    }
    while let line = readLine() {
      let words = line.split(separator: " ")
      guard words.count == 3, words[0] == "case", let count = Int(words[1]) else { continue }
      var text = ""
      while text.utf8.count < count, let line = readLine(strippingNewline: false) { text += line }
      let profiles = words[2].split(separator: ",").map(String.init)
      tell(outcome(of: text, profiles: profiles) { tell(["stage \($0.rawValue)"]) })
    }
  }

  /// Writes lines at once: the process may die of what comes next.
  private static func tell(_ lines: [String]) {
    print(lines.joined(separator: "\n"))
    fflush(nil)
  }

  /// The lines of an answer.
  static func outcome(
    of text: String, profiles: [String], onStage: @escaping (ProgramCheck.Stage) -> Void
  ) -> [String] {
    let random: RandomCase
    do {
      random = try RandomCase(parsing: text)
      guard random.text == text else { throw InterpreterError("it is printed differently") }
    } catch { return failed("refused", "reading", "\(error)") }
    var check = ProgramCheck(random: random)
    check.onStage = onStage
    switch check.run(profiles.compactMap(target)) {
    case .passed(let part, let size): return ["passed \(part) \(size)"]
    case .skipped(let reason): return ["skipped \(reason)"]
    case .failed(let failure):
      return failed(failure.kind.rawValue, failure.profile, failure.message)
    }
  }

  /// The case of a program with its derivatives.
  static func derivative(of text: String) throws -> String {
    try RandomCase(parsing: text).differentiated().text
  }

  /// What the program of a case compiles to.
  static func listing(of text: String, profile: String) throws -> String {
    guard let target = target(profile) else { return "there is no profile \(profile)" }
    return try DeviceRun.listing(try RandomCase(parsing: text).program, on: target)
  }

  private static func failed(_ kind: String, _ profile: String, _ message: String) -> [String] {
    ["failed \(kind) \(profile) \(message.utf8.count)", message]
  }

  private nonisolated(unsafe) static var targets: [String: DeviceRun.Target] = [:]

  private static func target(_ name: String) -> DeviceRun.Target? {
    if let known = targets[name] { return known }
    let isOwn = ["default", "parts"].contains(name)
    guard let context = try? Context(device: nil, profile: isOwn ? nil : name) else { return nil }
    let target = DeviceRun.Target(
      description: name, context: context, part: name == "parts" ? 2 : nil)
    targets[name] = target
    return target
  }
}
