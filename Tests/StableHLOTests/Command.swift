import Foundation
import Testing

/// The `vmap` command, run as a process.
enum Command {
  /// How a run of the command ended.
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  /// The command, in the folder that the tests are built into.
  static func find() -> URL? {
    for place in [CommandLine.arguments[0], Bundle.main.executablePath ?? ""] {
      let url = URL(filePath: place).deletingLastPathComponent().appending(path: "vmap")
      if FileManager.default.isExecutableFile(atPath: url.path) { return url }
    }
    return nil
  }

  /// Runs the command with files, or devices, for what it prints.
  static func run(
    _ arguments: [String], output: String? = nil, errors: String? = nil,
    environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    let command: URL = try #require(find(), "vmap is not built")
    process.executableURL = command
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let folder = try TemporaryFolder()
    // Files instead of pipes: nothing waits for a reader.
    let outputs = [output, errors].enumerated().map { $1 ?? folder.path("\($0)") }
    for path in outputs where !FileManager.default.fileExists(atPath: path) {
      try Data().write(to: URL(filePath: path))
    }
    process.standardOutput = FileHandle(forWritingAtPath: outputs[0])
    process.standardError = FileHandle(forWritingAtPath: outputs[1])
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    func text(_ path: String) throws -> String {
      if path.hasPrefix("/dev/") { return "" }
      return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }
    return Outcome(
      status: process.terminationStatus, output: try text(outputs[0]),
      errors: try text(outputs[1]))
  }
}
