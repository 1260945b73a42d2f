import Foundation
import Testing

/// What pages of the documentation say is compiled.
@Suite struct PageTests {
  /// What the lines of the page about NumPy and JAX are about.
  static let surroundings = """
    import VMap
    func page(
      x: Tensor<Float>, y: Tensor<Float>, a: Tensor<Float>, b: Tensor<Float>, k: Tensor<Int32>,
      mask: Tensor<Bool>, z: Tensor<Complex<Float>>, images: Tensor<Float>, kernels: Tensor<Float>,
      i: Int, n: Int, key: Random.Key,
      f: @escaping @Sendable (Tensor<Float>) -> Tensor<Float>,
      g: @escaping @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float>,
      loss: @escaping @Sendable (Tensor<Float>) -> Tensor<Float>
    ) throws {
    """

  @Test func everyLineForNumPyCompiles() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Sources/VMap/VMap.docc/Articles/NumPyAndJAX.md")
    var program = Self.surroundings
    var count = 0
    for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n") {
      // A | inside of a cell is written \|.
      let cells = line.replacingOccurrences(of: "\\|", with: "\u{1}").split(separator: "|")
      guard line.hasPrefix("|"), cells.count == 2, cells[1].contains("`") else { continue }
      let code = cells[1].replacingOccurrences(of: "\u{1}", with: "|")
      // Every second part is between backticks.
      for (number, part) in code.components(separatedBy: "`").enumerated() where number % 2 == 1 {
        program += part.hasPrefix("var ") ? "\n  do { \(part) }" : "\n  _ = try (\(part))"
        count += 1
      }
    }
    let lines = (program + "\n}\n").split(separator: "\n", omittingEmptySubsequences: false)
    #expect(count > 200)
    for error in try CompilerRun(of: lines.joined(separator: "\n")).errors {
      Issue.record("\(lines[error.line - 1]): \(error.message)")
    }
  }
}
