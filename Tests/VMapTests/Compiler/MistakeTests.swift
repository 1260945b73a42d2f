import Foundation
import Testing

/// Mistakes that the compiler finds, and what it says of them.
@Suite struct MistakeTests {
  /// The program says on each line with a mistake what the error must contain.
  @Test func eachMistakeHasItsMessage() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Programs/Mistakes.swift")
    let program = try String(contentsOf: file, encoding: .utf8)
    let errors = try CompilerRun(of: program).errors
    let lines = program.split(separator: "\n", omittingEmptySubsequences: false)
    var count = 0
    for (index, line) in lines.enumerated() {
      let messages = errors.filter { $0.line == index + 1 }.map(\.message)
      guard let mark = line.range(of: "// error: ") else {
        #expect(messages.isEmpty, "line \(index + 1): \(messages)")
        continue
      }
      count += 1
      let expected = line[mark.upperBound...]
      #expect(
        messages.contains { $0.contains(expected) },
        "line \(index + 1): \(expected), got \(messages)")
    }
    #expect(count >= 45)
    #expect(!errors.contains { $0.message.contains("failed to produce diagnostic") })
  }
}
