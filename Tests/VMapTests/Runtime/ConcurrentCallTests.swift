import Testing

@testable import VMap
@testable import VMapTestSupport

/// One function called by many tasks at once: `swift test --sanitize=thread --filter ConcurrentCall` with
/// `VMAP_TEST_ALL=1` is 16 tasks of 1,000 calls.
@Suite struct ConcurrentCallTests {
  typealias Floats = Tensor<Float>

  @Test func callsOfMixedShapes() async throws {
    let count = BatchCheck.isExhaustive ? 1000 : 40
    let f = vmap({ (x: Floats) in (x * 2).sum() })
    let parts = vmap({ (x: Floats) in x + x.sum(over: "i") }, axisName: "i", chunk: 3)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<16 {
        group.addTask {
          for call in 0..<count {
            let (rows, width) = (1 + (task + call) % 5, 1 + (task * 3 + call) % 4)
            let x = Floats.full([rows, width], Float(call))
            if call % 4 == 3 {
              let y = try parts(x)
              #expect(
                try y.scalars()
                  == [Float](
                    repeating: Float(call * (rows + 1)), count: rows * width))
            } else {
              let y = try f(x)
              #expect(try y.scalars() == [Float](repeating: Float(2 * call * width), count: rows))
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
