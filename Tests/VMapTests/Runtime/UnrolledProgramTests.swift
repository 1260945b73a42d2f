import Foundation
import Testing

@testable import VMap

/// Programs that write a step out many times: what they are compiled to grows with them, not faster.
@Suite struct UnrolledProgramTests {
  typealias Floats = Tensor<Float>
  typealias Step = @Sendable (_ number: Int, _ x: Floats, _ weights: Floats) -> Floats

  /// Steps that read a value at several indices, or in a loop of their own, and the length of a vector.
  static let steps: [(name: String, length: Int, step: Step)] = [
    (
      "stencil", 64,
      { _, x, _ in 0.25 * x.rolled(by: 1) + 0.5 * x + 0.25 * x.rolled(by: -1) }
    ),
    ("sum of rolls", 64, { number, x, _ in x + x.rolled(by: number + 1) }),
    (
      "rolls of few", 7,
      { number, x, _ in number % 2 == 0 ? x + x.rolled(by: 3) : x * x.rolled(by: 3) }
    ),
    (
      "pieces", 64,
      { _, x, _ in
        let y = tanh(x)
        return concatenate([y[1..<64], y[0..<1]])
      }
    ),
    ("flips", 64, { _, x, _ in x + x.flipped() * 0.5 }),
    ("running sums", 64, { _, x, _ in x.cumsum() * 0.5 + x }),
    ("softmax", 64, { _, x, _ in x.softmax() + x }),
    ("sorts", 64, { _, x, _ in x.sorted() + x }),
    ("products", 64, { _, x, weights in tanh(matmul(weights, x)) + x }),
    ("steps that look back", 64, { _, x, _ in x - x.mean() * x.rolled(by: 2) }),
  ]

  @Test(arguments: steps.indices) func growth(_ number: Int) throws {
    let (name, length, step) = UnrolledProgramTests.steps[number]
    func size(_ count: Int) throws -> (text: Int, kernels: Int) {
      let f = vmap(
        { (x: Floats, weights: Floats) in
          (0..<count).reduce(x) { step($1, $0, weights) }
        }, inAxes: [0, nil])
      let lowered = try f.lowered(Floats.ones([32, length]), Floats.ones([length, length]))
      // Both programs have functions that all their kernels share.
      let kernels = lowered.source.components(separatedBy: "\nkernel ").dropFirst()
      return (kernels.reduce(0) { $0 + $1.utf8.count }, lowered.kernelCount)
    }
    let (half, whole) = (try size(16), try size(32))
    #expect(Double(whole.text) <= 2.5 * Double(half.text), "\(name): \(half) and \(whole)")
    #expect(
      Double(whole.kernels) <= 2.5 * Double(half.kernels) + 6, "\(name): \(half) and \(whole)")
    #expect(whole.text / 32 < 20_000, "\(name): \(whole)")
  }
}
