import Foundation
import Testing

/// What the compiler says of programs that import the module which these tests are built with.
struct CompilerRun {
  struct Diagnostic {
    let line: Int
    let isError: Bool
    let message: String
  }

  let diagnostics: [Diagnostic]
  /// How many scopes the type checker opened while it looked for the types of expressions: how much it
  /// had to try, whatever machine it runs on.
  let scopeCount: Int

  /// Checks the types of a program.
  init(of program: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "vmap-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let statistics = folder.appendingPathComponent("statistics")
    try FileManager.default.createDirectory(at: statistics, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("Program.swift")
    try program.write(to: file, atomically: true, encoding: .utf8)
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "swiftc", "-typecheck", "-swift-version", "6", "-I", try CompilerRun.modules().path,
      "-Xcc", "-fmodule-map-file=\(package.path)/Sources/COpenCL/module.modulemap",
      "-Xcc", "-fmodule-map-file=\(package.path)/Sources/CDLPack/module.modulemap",
      "-stats-output-dir", statistics.path, file.path,
    ]
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    diagnostics = text.split(separator: "\n").compactMap {
      CompilerRun.diagnostic($0, in: file.path)
    }
    try #require(
      process.terminationStatus == 0 || !diagnostics.isEmpty, "the compiler says \(text)")
    scopeCount = try FileManager.default.contentsOfDirectory(
      at: statistics, includingPropertiesForKeys: nil
    ).reduce(0) { sum, file in
      let counts = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
      return sum + (counts?["Sema.NumConstraintScopes"] as? Int ?? 0)
    }
  }

  var errors: [Diagnostic] { diagnostics.filter(\.isError) }

  /// `FILE:LINE:COLUMN: error: MESSAGE`, as one line of the compiler's.
  private static func diagnostic(_ line: Substring, in path: String) -> Diagnostic? {
    guard line.hasPrefix("\(path):") else { return nil }
    let parts = line.dropFirst(path.count + 1).split(separator: ":", maxSplits: 3)
    guard parts.count == 4, let number = Int(parts[0]) else { return nil }
    let kind = parts[2].trimmingCharacters(in: .whitespaces)
    guard kind == "error" || kind == "warning" else { return nil }
    return Diagnostic(
      line: number, isError: kind == "error",
      message: parts[3].trimmingCharacters(in: .whitespaces))
  }

  /// The folder of compiled modules, beside the tests.
  private static func modules() throws -> URL {
    let places = [CommandLine.arguments[0], Bundle.main.executablePath ?? ""]
    for place in places {
      let url = URL(fileURLWithPath: place).deletingLastPathComponent().appendingPathComponent(
        "Modules")
      if FileManager.default.fileExists(atPath: url.appendingPathComponent("VMap.swiftmodule").path)
      {
        return url
      }
    }
    throw CocoaError(.fileNoSuchFile)
  }
}
