import Foundation
import Testing

@testable import VMap
@testable import VMapTestSupport

/// Functions that are cut into kernels and loops in ways of their own.
@Suite struct ScheduleTests {
  /// Numbers that repeat late.
  static func samples(_ count: Int, scale: Float = 0.001, from: Float = 0) -> [Float] {
    (0..<count).map { Float(($0 &* 7919) % 1000) * scale + from }
  }

  /// A loop whose condition needs all examples is run by the host, for all of them at once.
  @Test func conditionOverTheBatch() throws {
    let f = vmap(
      { (x: Tensor<Float>) in
        whileLoop(x) {
          $0.sum(over: "i") .< 100
        } do: {
          $0 * 2
        }
      }, axisName: "i")
    #expect(try f(Tensor<Float>([1, 2, 3])).scalars() == [32, 64, 96])
  }

  /// Many work-items are launched as rows of fewer than 65,535, and those beyond the last do nothing.
  @Test func longRanges() throws {
    let f = vmap { (x: Tensor<Int32>) in x * x + 1 }
    let count = 3 * (1 << 20) + 5
    let x = Tensor<Int32>([Int32](0..<Int32(count)))
    let kernel = try f.entry(x).executable.plan.plan.kernels[0]
    for items in [1, 65_535, 1 << 16, 70_001, 1 << 20, (1 << 31) - 1] {
      let (global, local) = kernel.range(items)
      let (launched, rows) = (global.reduce(1, *), global.dropFirst().first ?? 1)
      #expect(global.allSatisfy { $0 < 65_535 })
      #expect(zip(global, local).allSatisfy { $0 % $1 == 0 })
      #expect(launched >= items && launched - items < kernel.localSize * (rows + 1))
    }
    #expect(try f(x).scalars() == (0..<Int32(count)).map { $0 &* $0 &+ 1 })
  }

  /// Where the body needs all examples and the condition varies, the finished ones keep their state.
  @Test func lockstep() throws {
    let f = vmap(
      { (x: Tensor<Float>) in
        whileLoop(x) {
          $0 .< 10
        } do: { x in
          x + x.sum(over: "i") * 0.125
        }
      }, axisName: "i")
    var state: [Float] = [1, 5, 20]
    while state.contains(where: { $0 < 10 }) {
      let total = state.reduce(0, +)
      state = state.map { $0 < 10 ? $0 + total * 0.125 : $0 }
    }
    #expect(try f(Tensor<Float>([1, 5, 20])).scalars() == state)
  }

  /// A state too large for a work-item lies in buffers between iterations.
  @Test func largeState() throws {
    let n = 300
    let a = ScheduleTests.samples(n * n, scale: 0.001 / 300)
    let f = jit { (a: Tensor<Float>, v: Tensor<Float>) in fori(0, 5, v) { matmul(a, $1) + 1 } }
    var expected = [Float](repeating: 1, count: n)
    for _ in 0..<5 {
      expected = (0..<n).map { row in
        (0..<n).reduce(1) { $0 + a[row * n + $1] * expected[$1] }
      }
    }
    let matrix = try Tensor<Float>(shape: [n, n], scalars: a)
    // 300 terms and 5 steps of 24-bit sums of numbers below 2.
    try expectClose(f(matrix, .ones([n])), expected, within: 1e-5, ofAtLeast: 1)
  }

  /// Long reductions with one result are divided into blocks.
  @Test func longReductions() throws {
    let values = ScheduleTests.samples(100_003)
    let x = Tensor<Float>(values)
    let sum = values.reduce(0.0) { $0 + Double($1) }
    expectClose([try x.sum().scalar()], [Float(sum)], within: 1e-5, ofAtLeast: 1)
    expectClose([try x.mean().scalar()], [Float(sum / 100_003)], within: 1e-5, ofAtLeast: 1)
    let greatest = try #require(values.max())
    #expect(try x.max().scalar() == greatest)
    #expect(try x.argmax().scalar() == Int32(values.firstIndex(of: greatest) ?? -1))
    let y = try x.softmax().scalars()
    expectClose([Float(y.reduce(0.0) { $0 + Double($1) })], [1], within: 1e-4)
    let centred = vmap({ (x: Tensor<Float>) in x - x.mean(over: "i") }, axisName: "i")
    try expectClose(
      centred(x), values.map { $0 - Float(sum / 100_003) }, within: 1e-4, ofAtLeast: 1)
  }

  /// What is used often is kept in private arrays or buffers, not computed again.
  @Test func attention() throws {
    let q = try Tensor<Float>(
      shape: [6, 20, 16], scalars: ScheduleTests.samples(1920, scale: 0.002, from: -1))
    let f = vmap { (q: Tensor<Float>, k: Tensor<Float>, v: Tensor<Float>) -> Tensor<Float> in
      let scores = matmul(q, k.transposed()) / 4
      return matmul(scores.softmax(), v)
    }
    let scores = matmul(q, q.transposed(0, 2, 1)) / 4
    try expectClose(
      f(q, q, q), matmul(scores.softmax(), q).scalars(), within: 1e-4, ofAtLeast: 1)
  }

  /// Large contractions read buffers: neither the scores nor their weights are made again for each
  /// tile.
  @Test func largeAttention() throws {
    let q = try Tensor<Float>(
      shape: [3, 70, 64], scalars: ScheduleTests.samples(3 * 70 * 64, scale: 0.002, from: -1))
    let f = vmap { (q: Tensor<Float>, k: Tensor<Float>, v: Tensor<Float>) -> Tensor<Float> in
      matmul(softmax(matmul(q, k.transposed()) / 8), v)
    }
    let lowered = try f.lowered(q, q, q)
    let copies = lowered.plan.split(separator: "\n").filter { $0.contains("into panels") }
    #expect(lowered.kernelCount - copies.count == 3, "\(lowered.plan)")
    let scores = matmul(q, q.transposed(0, 2, 1)) / 8
    try expectClose(
      f(q, q, q), matmul(scores.softmax(), q).scalars(), within: 1e-4, ofAtLeast: 1)
  }

  /// What long chains of operations make is computed two vectors at a time.
  @Test func chains() throws {
    let f = vmap { (x: Tensor<Float>) in erf(log(x)) / exp(x) }
    try DeviceRun.withSixteenLanes {
      for count in [1, 15, 16, 31, 32, 33, 64, 100] {
        let x = Tensor<Float>.linspace(0.5, 3, count: count)
        #expect(try f.lowered(x).plan.contains("2 at once along loop 0"))
        let values = try x.scalars().map { x in try f(Tensor([x])).scalars()[0] }
        #expect(try f(x).scalars() == values)
      }
      let short = try vmap { (x: Tensor<Float>) in x * 2 + 1 }.lowered(Tensor([1, 2, 3]))
      #expect(!short.plan.contains("at once"))
    }
  }

  /// A large contraction is a kernel of tiles, with what follows it element by element.
  @Test func largeContraction() throws {
    let w = try Tensor<Float>(
      shape: [200, 300], scalars: ScheduleTests.samples(60_000, from: -0.5))
    let x = try Tensor<Float>(shape: [70, 300], scalars: ScheduleTests.samples(21_000, from: -0.5))
    let f = vmap(LoweringTests.neuron, inAxes: [nil, 0])
    let lowered = try f.lowered(w, x)
    let copies = lowered.plan.split(separator: "\n").filter { $0.contains("into panels") }
    #expect(lowered.kernelCount - copies.count == 2, "\(lowered.plan)")
    let expected = tanh(matmul(x, w.transposed()) + 1).sum(axis: 1)
    try expectClose(f(w, x), expected.scalars(), within: 1e-4, ofAtLeast: 1)
  }
}
