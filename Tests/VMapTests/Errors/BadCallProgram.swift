import Foundation
import Synchronization

/// The executable that makes the calls, beside the bundle of the tests.
struct BadCallProgram: Sendable {
  /// How one case ended.
  struct Outcome: Sendable, CustomStringConvertible {
    let name: String
    let status: Int32
    let isSignal: Bool
    let output: String

    var isExpected: Bool { !isSignal && status == 0 }

    var description: String {
      "bad-calls \(name) ended with \(isSignal ? "signal" : "status") \(status)\n\(output)"
    }
  }

  /// The cases that are left, and how the others ended.
  private final class Work: Sendable {
    let names: Mutex<ArraySlice<String>>
    let outcomes = Mutex<[Outcome]>([])

    init(_ names: [String]) { self.names = Mutex(names[...]) }
  }

  private let url: URL

  /// Looks in the folder that the tests are built into.
  static func find() -> BadCallProgram? {
    let places = [CommandLine.arguments[0], Bundle.main.executablePath ?? ""]
    for place in places {
      let url = URL(fileURLWithPath: place).deletingLastPathComponent()
        .appendingPathComponent("bad-calls")
      if FileManager.default.isExecutableFile(atPath: url.path) { return BadCallProgram(url: url) }
    }
    return nil
  }

  /// The names of all cases.
  func names() throws -> [String] {
    run("list").output.split(separator: "\n").map(String.init)
  }

  /// Runs cases, a few at a time.
  func run(_ names: [String], processes: Int) async -> [Outcome] {
    let work = Work(names)
    // Waiting for processes must not take the threads that other tests run on.
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<processes {
        group.addTask {
          await withCheckedContinuation { done in
            DispatchQueue.global().async {
              while let name = work.names.withLock({ $0.popFirst() }) {
                let outcome = run(name)
                work.outcomes.withLock { $0.append(outcome) }
              }
              done.resume()
            }
          }
        }
      }
    }
    return work.outcomes.withLock { $0 }
  }

  /// Runs one case, with changes to the environment, and waits for its end.
  func run(_ name: String, environment: [String: String] = [:]) -> Outcome {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = url
    process.arguments = [name]
    process.standardOutput = pipe
    process.standardError = pipe
    // The trap's message is enough, and a trace takes seconds.
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["SWIFT_BACKTRACE": "enable=no"].merging(environment) { $1 }
    ) { $1 }
    do { try process.run() } catch {
      return Outcome(name: name, status: -1, isSignal: false, output: "cannot run: \(error)")
    }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      name: name, status: process.terminationStatus,
      isSignal: process.terminationReason == .uncaughtSignal,
      output: String(decoding: output, as: UTF8.self))
  }
}
