import Device
import Foundation
import Testing

@testable import VMap
@testable import VMapTestSupport

/// Loops of kernels that run once for all that is made of what they give.
@Suite struct SharedLoopTests {
  typealias Floats = Tensor<Float>

  private static let matrix: [Float] = [4, 1, 2, 0, 1, 5, 0, 1, 2, 0, 6, 1, 0, 1, 1, 7]

  /// How many iterations of its loops a function of a matrix and right-hand sides runs.
  private func iterations(
    _ a: Floats, _ sides: Floats, inAxes: Axes,
    _ function: @escaping @Sendable (Floats, Floats) -> Floats
  ) throws -> Int {
    try Executable.$countsIterations.withValue(true) {
      let counted = vmap(function, inAxes: inAxes)
      let executable = try counted.entry(a, sides).executable
      let before = try executable.countedIterations()
      _ = try counted(a, sides).scalars()
      return try executable.countedIterations() - before
    }
  }

  /// The loops that make the factors of a 4 by 4 matrix: over its rows, over its columns, and over the
  /// rows below each of them.
  @Test func factorisationsOfAMatrixThatIsShared() throws {
    let a = try Floats(shape: [4, 4], scalars: Self.matrix)
    let factors = 4 + 4 + (3 + 2 + 1)
    let width = try Context.forTensors().profile.laneWidth
    for count in [width, 3 * width] {
      let sides = Floats.ones([count, 4])
      // Two substitutions of four rows, which take what the rows before have.
      let solutions = count / width * 2 * (4 + (0 + 1 + 2 + 3))
      let shared = try iterations(a, sides, inAxes: [nil, 0]) { LinearAlgebra.solve($0, $1) }
      #expect(shared == factors + solutions)
      let alone = try iterations(a.broadcast(to: [count, 4, 4]), sides, inAxes: 0) {
        LinearAlgebra.solve($0, $1)
      }
      #expect(alone == count / width * factors + solutions)
    }
  }

  /// The examples share out what they do with the result of a loop that they have in common.
  @Test func examplesShareOutTheRest() throws {
    let f = vmap(
      { (w: Floats, x: Floats) in fori(0, 10, w) { _, w in w * 0.5 + 1 } * x }, inAxes: [nil, 0])
    let x = try Floats(shape: [37, 3], scalars: (0..<111).map(Float.init))
    let w = Floats([1, 2, 4])
    let lowered = try f.lowered(w, x)
    #expect(lowered.kernelCount == 2, "\(lowered.plan)")
    let expected = try (0..<37).flatMap { number in
      try (fori(0, 10, w) { _, w in w * 0.5 + 1 } * x[number]).scalars()
    }
    #expect(try f(w, x).scalars() == expected)
  }

  /// What several loops of a body use is computed once an iteration, also where a loop after them has
  /// state that does not vary over the batch.
  @Test func valuesOfABody() throws {
    let f = vmap { (x: Floats) in
      fori(0, 3, Floats.zeros([4])) { _, w in
        let p = sigmoid(matmul(x, w))
        let weighted: Floats = x.transposed() * (p * (1 - p))
        let curvature: Floats = matmul(weighted, x) + Floats.eye(4)
        let gradient: Floats = matmul(x.transposed(), 1 - p)
        return w + LinearAlgebra.solve(curvature, gradient)
      }
    }
    let x = try Floats(shape: [35, 40, 4], scalars: ScheduleTests.samples(35 * 160))
    let kernel = try f.entry(x).executable.plan.plan.kernels[0]
    let emitter = KernelEmitter(
      kernel, starts: kernel.starts, index: .int32, helpers: MemoryHelpers(),
      countsIterations: false)
    #expect(try emitter.emit().text.components(separatedBy: "vm_logistic").count == 2)
    let one = try (0..<35).flatMap { try f(x[$0..<($0 + 1)]).scalars() }
    #expect(try f(x).scalars() == one)
  }

  /// A table that each iteration reads at many places is made by each work-item: it keeps none of the
  /// examples in one.
  @Test func tablesInLoops() throws {
    @Sendable func step(_ noise: Floats, _ p: Floats) -> Floats {
      let c = p + 0.02 * .eye(4)
      let g = LinearAlgebra.solve(c[..<2, ..<2] + noise * .eye(2), c[..<2])
      return c - matmul(g.transposed(), c[..<2])
    }
    let f = vmap { (noise: Floats) in fori(0, 4, Floats.ones([4, 4])) { step(noise, $1) } }
    let noise = Floats((0..<37).map { 0.5 + Float($0) / 8 })
    let plan = try f.lowered(noise).plan
    #expect(!plan.contains("one work-item"), "\(plan)")
    let results = try f(noise)
    for example in [0, 36] {
      let own = noise[example]
      let alone = fori(0, 4, Floats.ones([4, 4])) { step(own, $1) }
      // Four steps of sums of two products of numbers below 2.
      try expectClose(results[example], alone.scalars(), within: 1e-5, ofAtLeast: 1)
    }
  }

  /// What a loop gives in several shapes is stored by one kernel.
  @Test func resultsOfSeveralShapes() throws {
    let a = try Floats(shape: [4, 4], scalars: Self.matrix)
    let factors = jit { (a: Floats) in
      let (lu, pivots, permutation) = LinearAlgebra.lu(a)
      return Tuple(lu, pivots, permutation)
    }
    let lowered = try factors.lowered(a)
    #expect(lowered.kernelCount == 1, "\(lowered.plan)")
    let (lu, pivots, permutation) = try factors(a).elements
    #expect(try lu.scalars().prefix(5) == [4, 1, 2, 0, 0.25])
    #expect(try pivots.scalars() == [0, 1, 2, 3] && permutation.scalars() == [0, 1, 2, 3])
  }

  /// State of several shapes, some of which does not vary, in every placement and at every width.
  @Test func stateOfSeveralShapes() throws {
    let inputs: [BatchCheck.Input] = [
      .moderate(.float32, [3]), .moderate(.float32, [2, 2], seed: 1),
      BatchCheck.Input(.int32, []) { example, _ in
        ReferenceScalar(bits: ElementType.int32.bits(Int128(example % 4)))
      },
    ]
    var check = BatchCheck("state of several shapes", inputs) { _, handles in
      let (v, m) = (Floats(handle: handles[0]), Floats(handle: handles[1]))
      let limit = Tensor<Int32>(handle: handles[2])
      let (count, x, y) = whileLoop(Tensor<Int32>(0), v, m) {
        (count: Tensor<Int32>, _: Floats, _: Floats) -> Tensor<Bool> in
        count .< limit
      } do: {
        (count: Tensor<Int32>, x: Floats, y: Floats) -> (Tensor<Int32>, Floats, Floats) in
        (count + 1, x * 0.5 + y[0, 1], y + x[2])
      }
      return [count.handle, x.handle, y.handle, (y * 2).handle]
    }
    check.sizes = [0, 1, 3, 17]
    check.widths = .every
    check.greatestBound = 0
    expectNone(try check.mismatches())
  }
}
