import Device
import Testing

@testable import VMap

/// What a call costs that is like one before: nothing but the launches.
@Suite struct WarmCallTests {
  typealias F = Tensor<Float>

  /// The difference that calls make in a context's counters, after the first two.
  private func cost(
    of calls: Int, _ body: () throws -> Void, in context: Context
  ) throws -> Counters {
    for _ in 0..<2 { try body() }
    let before = context.counters
    for _ in 0..<calls { try body() }
    var cost = context.counters
    cost.launches -= before.launches
    cost.argumentsSet -= before.argumentsSet
    cost.bytesAllocated -= before.bytesAllocated
    cost.buffersReused -= before.buffersReused
    cost.bytesCopied -= before.bytesCopied
    cost.buffersLive -= before.buffersLive
    return cost
  }

  /// Runs a test in a context of its own, as other tests count at the same time.
  private func inOwnContext(_ body: (Context) throws -> Void) throws {
    let context = try Context()
    try Context.$override.withValue(context) { try body(context) }
  }

  private func batch(_ size: Int, _ start: Float = 0) throws -> F {
    try F(shape: [size, 4], scalars: (0..<size * 4).map { start + Float($0) })
  }

  @Test func aCallOnTheSameTensorsSetsNothingAndAllocatesNothing() throws {
    try inOwnContext { context in
      let f = vmap { (x: F, y: F) in x + y }
      let (x, y) = (try batch(8), try batch(8, 3))
      let cost = try cost(of: 100, { try f(x, y).ready() }, in: context)
      #expect(cost.launches == 100)
      #expect(cost.argumentsSet == 0)
      #expect(cost.bytesAllocated == 0)
      #expect(cost.buffersReused == 0)
      #expect(cost.buffersLive == 0)
      #expect(try f(x, y).scalars() == (0..<32).map { Float($0) * 2 + 3 })
    }
  }

  @Test func aCallSetsOnlyTheArgumentThatChanged() throws {
    try inOwnContext { context in
      let f = vmap({ (w: F, x: F) in w * x }, inAxes: [nil, 0])
      let w = try F(shape: [4], scalars: [1, 2, 3, 4])
      let inputs = [try batch(8), try batch(8, 100)]
      var number = 0
      let cost = try cost(
        of: 10,
        {
          number += 1
          try f(w, inputs[number % 2]).ready()
        }, in: context)
      #expect(cost.argumentsSet == 10)
    }
  }

  @Test func aResultThatIsTheNextArgumentNeedsNoNewMemory() throws {
    try inOwnContext { context in
      let f = vmap { (x: F) in x + 1 }
      var x = try batch(8)
      let cost = try cost(of: 50, { x = try f(x) }, in: context)
      #expect(cost.bytesAllocated == 0)
      #expect(cost.buffersReused == 0)
      // The two pieces of memory change places at each call.
      #expect(cost.argumentsSet == 100)
      #expect(try x.scalars() == (0..<32).map { Float($0) + 52 })
    }
  }

  @Test func resultsThatAreHeldAreNotWrittenAgain() throws {
    let f = vmap { (x: F, n: F) in (x + n, x * n) }
    let x = try batch(3)
    var results: [(F, F)] = []
    for n in 0..<6 { results.append(try f(x, F.full([3], Float(n)))) }
    for (n, (sum, product)) in results.enumerated() {
      #expect(try sum.scalars() == (0..<12).map { Float($0 + n) })
      #expect(try product.scalars() == (0..<12).map { Float($0 * n) })
    }
  }

  @Test func aResultThatAnotherReaderHoldsIsNotWrittenAgain() throws {
    let f = vmap { (x: F) in x * 2 }
    let first = try f(try batch(2)).handle.storage()
    for n in 0..<4 { _ = try f(try batch(2, Float(n + 1))) }
    let tensor = F(handle: TensorHandle(first))
    #expect(try tensor.scalars() == (0..<8).map { Float($0) * 2 })
  }

  @Test func intermediateValuesAreKept() throws {
    try inOwnContext { context in
      // Each row is normalized by what all rows have in common: more than one kernel.
      let f = vmap(
        { (x: F) in (x - x.sum(over: "rows")) * x.softmax() }, axisName: "rows")
      let x = try batch(16)
      #expect(try f.lowered(x).kernelCount > 1)
      let cost = try cost(of: 20, { try f(x).ready() }, in: context)
      #expect(cost.launches >= 40)
      #expect(cost.argumentsSet == 0)
      #expect(cost.bytesAllocated == 0)
      #expect(cost.buffersReused == 0)
    }
  }

  @Test func largeResultsAreNotKept() throws {
    try inOwnContext { context in
      let f = vmap { (x: F) in x + 1 }
      let x = try F(
        shape: [1000, 100], scalars: [Float](repeating: 1, count: 100_000))
      try f(x).ready()
      let before = context.counters.buffersLive
      let result = try f(x).ready()
      #expect(context.counters.buffersLive == before + 1)
      #expect(result.shape == [1000, 100])
    }
  }

  @Test func callsOfOtherSizesTypesAndStructuresAlternate() throws {
    let f = vmap { (xs: [String: F]) in xs.values.map { $0.sum() }.reduce(F(0), +) }
    for round in 0..<3 {
      for size in [1, 5, 2] {
        let x = try batch(size, Float(round))
        let row = { (i: Int) in (0..<4).map { Float(round + i * 4 + $0) }.reduce(0, +) }
        #expect(try f(["a": x]).scalars() == (0..<size).map(row))
        #expect(try f(["a": x, "b": x]).scalars() == (0..<size).map { row($0) * 2 })
      }
    }
  }

  @Test func moreShapesThanAreKeptWork() throws {
    let f = vmap { (x: F) in x.sum() }
    for _ in 0..<2 {
      for size in 1...2 * CallSlots.capacity {
        #expect(try f(F.ones([size, 3])).scalars() == [Float](repeating: 3, count: size))
      }
    }
  }

  @Test func tasksCallOneFunctionOnTheSameShapes() async throws {
    let f = vmap { (x: F, y: F) in x * 2 + y }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for task in 0..<6 {
        group.addTask {
          let x = try F(shape: [4, 2], scalars: [Float](repeating: Float(task), count: 8))
          var y = try F(shape: [4, 2], scalars: [Float](repeating: 0, count: 8))
          for call in 1...200 {
            y = try f(x, y)
            guard try y.scalars() == [Float](repeating: Float(task * 2 * call), count: 8) else {
              return false
            }
          }
          return true
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }

  @Test func argumentsThatAreNotReadyOrFailedAreSeen() throws {
    let f = vmap { (x: F) in x + 1 }
    let x = try batch(2)
    #expect(try f(x).scalars().first == 1)
    #expect(try f(x + 1).scalars().first == 2)
    #expect(throws: VMapError.self) { try f(x + F.ones([3, 7])) }
    #expect(try f(x).scalars().first == 1)
  }

  @Test func argumentsAndCapturedTensorsCanBeResults() throws {
    let c = try batch(1, 7)
    let f = jit { (x: F) in (x, c, x + c) }
    for n in 0..<3 {
      let x = try batch(1, Float(n))
      let (same, captured, sum) = try f(x)
      #expect(try same.scalars() == x.scalars())
      #expect(try captured.scalars() == c.scalars())
      #expect(try sum.scalars().first == Float(n + 7))
    }
  }

  @Test func aWarmFunctionIsTracedWhereItIsCalledInATrace() throws {
    let inner = vmap { (x: F) in x * 3 }
    let x = try batch(4)
    #expect(try inner(x).scalars().last == 45)
    let outer = jit { (y: F) throws in try inner(y) + inner(x) }
    #expect(try outer(x).scalars().last == 90)
    #expect(try inner(x).scalars().last == 45)
  }
}
