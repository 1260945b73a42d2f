import Device
import Foundation
import Testing

@testable import VMap

/// What running costs: no copies, no hidden compiles, no needless iterations.
@Suite struct ExecutionTests {
  @Test(arguments: [(-1, 1), (1, 1), (0, 0), (1, 0), (0, 1)])
  func nothingIsCopiedOnTheHost(inAxis: Int, outAxis: Int) throws {
    // A context of its own: other tests copy at the same time.
    let context = try Context()
    try Context.$override.withValue(context) {
      let x = Tensor<Float>.arange(0, 4 * 6 * 5).reshaped(to: [4, 6, 5])
      _ = try x.scalars()
      let f = vmap(
        { (x: Tensor<Float>) in tanh(x) * 2 + x.sum(axis: 0, keepDims: true) },
        inAxes: [.axis(inAxis)], outAxes: .axis(outAxis))
      let before = context.counters.bytesCopied
      let y = try f(x)
      let z = try f(x)
      try context.finish()
      #expect(context.counters.bytesCopied == before)
      #expect(try y.scalars() == z.scalars())
    }
  }

  /// What has no element is neither compiled nor launched; the first batch that has some is.
  @Test func emptyResultsCompileNothing() throws {
    let context = try Context()
    try Context.$override.withValue(context) {
      let x = Tensor<Float>([3, 1, 2])
      #expect(try x.topK(0).values.scalars().isEmpty)
      #expect(try exp(x[0..<0]).scalars().isEmpty)
      let f = vmap { (x: Tensor<Float>) in x * 2 + 1 }
      #expect(try f(Tensor<Float>([])).scalars().isEmpty)
      _ = try f.lowered(x)
      let counters = context.counters
      #expect(counters.programsBuilt + counters.programsLoaded + counters.launches == 0)
      #expect(try f(x).scalars() == [7, 3, 5])
      #expect(context.counters.launches == 1)
    }
  }

  @Test func finishedExamplesStopTheirLanes() throws {
    let limits = (0..<10_000).map { Int32($0 == 777 ? 1000 : 3) }
    let f: @Sendable (Tensor<Int32>) -> (Tensor<Int32>, Tensor<Float>) = { limit in
      whileLoop(Tensor<Int32>(0), Tensor<Float>(1)) { n, _ in
        n .< limit
      } do: { n, x in
        (n + 1, x * 0.999 + 0.1)
      }
    }
    let (counts, executions) = try Executable.$countsIterations.withValue(true) {
      let counted = vmap(f)
      let (n, _) = try counted(Tensor(limits))
      let executable = try counted.entry(Tensor(limits)).executable
      return (try n.scalars(), try executable.countedIterations())
    }
    #expect(counts == limits)
    let width = try Context.forTensors().profile.laneWidth
    var bound = 0
    for start in stride(from: 0, to: limits.count, by: width) {
      bound += Int(limits[start..<min(start + width, limits.count)].max() ?? 0)
    }
    #expect(executions <= bound)
    #expect(executions >= 1000)
  }

  /// A branch is run once for each group of lanes in which some example takes it, and a loop in it as
  /// often as those that take it need.
  @Test func branchesThatNobodyTakesAreNotRun() throws {
    let takers: Set = [777, 5000, 5001]
    let predicates = (0..<10_000).map { takers.contains($0) }
    let f: @Sendable (Tensor<Bool>, Tensor<Float>) -> Tensor<Float> = { isTaken, x in
      cond(isTaken) {
        fori(0, 100, x) { (_: Tensor<Int32>, x: Tensor<Float>) in x * 0.999 + 0.1 }
      } else: {
        x + 1
      }
    }
    let (results, executions) = try Executable.$countsIterations.withValue(true) {
      let counted = vmap(f)
      let x = Tensor<Float>.zeros([10_000])
      let y = try counted(Tensor(predicates), x).scalars()
      let executable = try counted.entry(Tensor(predicates), x).executable
      return (y, try executable.countedIterations())
    }
    #expect(results.indices.allSatisfy { (results[$0] == 1) == !predicates[$0] })
    let width = try Context.forTensors().profile.laneWidth
    var bound = 0
    for start in stride(from: 0, to: predicates.count, by: width) {
      let group = predicates[start..<min(start + width, predicates.count)]
      bound += (group.contains(true) ? 101 : 0) + (group.contains(false) ? 1 : 0)
    }
    #expect(executions <= bound)
    #expect(executions >= 101)
  }

  /// After the first calls, no size compiles anything, on either device.
  @Test func newBatchSizesCompileNothing() async {
    await #expect(processExitsWith: .success) {
      let directory = try PrivateDirectoryForTests.make()
      setenv("POCL_CACHE_DIR", directory, 1)
      setenv("VMAP_CACHE", "0", 1)
      let f = vmap { (x: Tensor<Float>) in tanh(x * 2).sum() + x.max() }
      let g = vmap({ (x: Tensor<Float>) in x.softmax() }, inAxes: 1, outAxes: 1)
      func run(_ size: Int, _ placement: Placement) throws {
        try RunOptions(placement: placement).forcing {
          _ = try f(Tensor<Float>.zeros([size, 3])).scalars().count
          _ = try g(Tensor<Float>.zeros([3, size])).scalars().count
        }
      }
      for placement in [Placement.immediate, .wide] { try run(100, placement) }
      // The inputs of other sizes are programs of their own: make them before.
      let sizes = [1, 7, 1000, 70_000, 2_000_000]
      var inputs: [(Tensor<Float>, Tensor<Float>)] = []
      for size in sizes {
        inputs.append(
          (
            try Tensor(shape: [size, 3], scalars: [Float](repeating: 1, count: size * 3)),
            try Tensor(shape: [3, size], scalars: [Float](repeating: 1, count: size * 3))
          ))
      }
      let context = try Context.forTensors()
      let programs = context.counters.programsBuilt
      let files = PrivateDirectoryForTests.files(in: directory)
      for placement in [Placement.immediate, .wide] {
        for (x, y) in inputs {
          try RunOptions(placement: placement).forcing {
            _ = try f(x).scalars().count
            _ = try g(y).scalars().count
          }
        }
      }
      try #require(context.counters.programsBuilt == programs)
      try #require(PrivateDirectoryForTests.files(in: directory) == files)
    }
  }

  @Test func manyTasksCallOneFunction() async throws {
    let f = vmap { (x: Tensor<Float>) in (x * x).sum() + 1 }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for task in 0..<8 {
        group.addTask {
          for size in [1, 5, 64, 333] {
            let x = Tensor<Float>.full([size, 4], Float(task))
            let expected = Float(task * task * 4 + 1)
            guard try f(x).scalars() == [Float](repeating: expected, count: size) else {
              return false
            }
          }
          return true
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }

  @Test func anEmptyBatchRunsAndKeepsShapes() throws {
    let f = vmap { (x: Tensor<Float>) in (x * 2, x.sum()) }
    let (y, s) = try f(Tensor<Float>.zeros([0, 3]))
    #expect(y.shape == [0, 3])
    #expect(s.shape == [0])
    #expect(try y.scalars().isEmpty)
    let total = vmap(
      { (x: Tensor<Float>) in x.sum(over: "batch") }, outAxes: nil, axisName: "batch")
    #expect(try total(Tensor<Float>.zeros([0, 2])).scalars() == [0, 0])
  }
}
