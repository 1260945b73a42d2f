import Device
import Synchronization
import Testing

@testable import VMap
@testable import VMapTestSupport

/// Batches that do not fit: devices whose allocations and whose memory are small.
@Suite struct LargeBatchTests {
  typealias Floats = Tensor<Float>

  /// A device that allocates little at once, or has little left.
  static func context(
    largest: Int = .max, available: Int = .max, usesMemoryObjects: Bool = false
  ) throws -> Context {
    var configuration = Context.Configuration()
    configuration.usesMemoryObjects = usesMemoryObjects
    configuration.changeProfile = {
      $0.maximumAllocationBytes = min($0.maximumAllocationBytes, largest)
      $0.globalMemoryBytes = min($0.globalMemoryBytes, available)
    }
    configuration.availableMemory = { available }
    configuration.poolLimit = 0
    return try Context(device: nil, profile: nil, configuration: configuration)
  }

  static let function: @Sendable (Floats, Floats) -> (Floats, Floats) = { x, w in
    (tanh(x) * w + axisIndex("i").asType(Float.self), x.sum())
  }

  static func results(_ count: Int, axis: Int = 0) throws -> [[UInt32]] {
    let samples = BitIdentityTests.samples(count, 4)
    let shape = axis == 0 ? [count, 4] : [4, count]
    let x = try Floats(shape: shape, scalars: samples)
    let f = vmap(
      function, inAxes: [.axis(axis), nil], outAxes: [.axis(axis), 0], axisName: "i")
    let (a, b) = try f(x, Floats([1, 2, 3, 4]))
    return try [a.scalars().map(\.bitPattern), b.scalars().map(\.bitPattern)]
  }

  /// Tensors that are larger than what the device allocates at once are the host's.
  @Test(arguments: [false, true], [0, 1])
  func largerThanAnAllocation(usesMemoryObjects: Bool, axis: Int) throws {
    let count = 10_000
    let whole = try Self.results(count, axis: axis)
    let context = try Self.context(
      largest: count * 4, usesMemoryObjects: usesMemoryObjects)
    let parts = try Context.$override.withValue(context) { try Self.results(count, axis: axis) }
    #expect(parts == whole)
    #expect(context.counters.launches >= 4)
  }

  /// What is computed on the way has no room for all examples.
  @Test func moreThanTheMemoryThatIsLeft() throws {
    let f: @Sendable (Floats) -> Floats = { x in
      sort(sort(outer(x, x).reshaped([1024])).reshaped([32, 32]).sum(axis: 0))
    }
    func bits(_ count: Int) throws -> [UInt32] {
      let x = try Floats(shape: [count, 32], scalars: BitIdentityTests.samples(count, 32))
      return try vmap(f)(x).scalars().map(\.bitPattern)
    }
    let count = 40_000
    let whole = try bits(count)
    let context = try Self.context(available: 90 << 20)
    let parts = try Context.$override.withValue(context) { try bits(count) }
    #expect(parts == whole)
    #expect(context.counters.launches > 2)
  }

  @Test func devicesGiveTheSameBits() throws {
    let count = 9001
    let x = try Floats(shape: [count, 3], scalars: BitIdentityTests.samples(count, 3))
    for subject in PartTests.subjects {
      let whole = try subject.run(x, nil, nil)
      for (a, b) in zip(whole, try subject.run(x, 2000, .all)) {
        #expect(try a.scalars().map(\.bitPattern) == b.scalars().map(\.bitPattern), "\(subject)")
      }
    }
    expectError(.device, naming: "no such thing") {
      try vmap({ (x: Floats) in x }, devices: ["no such thing"])(.ones([2]))
    }
  }

  /// A tensor of another device can be used.
  @Test func tensorsOfOtherContexts() throws {
    let context = try Self.context()
    let x = try Context.$override.withValue(context) { try Floats([1, 2, 3]).ready() }
    let f = vmap({ (x: Floats) in x + 1 })
    #expect(try f(.ones([3])).scalars() == [2, 2, 2])
    #expect(try f(x).scalars() == [2, 3, 4])
    #expect(try (x + Floats([1, 1, 1])).scalars() == [2, 3, 4])
  }

  @Test func progressIsTold() throws {
    let told = Mutex<[BatchProgress]>([])
    let f = vmap({ (x: Floats) in x * 2 })
    let y = try withProgress({ progress in told.withLock { $0.append(progress) } }) {
      try f(.ones([100]))
    }
    #expect(try y.scalars() == Array(repeating: 2, count: 100))
    let progress = told.withLock { $0 }
    #expect(progress.map(\.done) == progress.map(\.done).sorted())
    #expect(progress.last == BatchProgress(done: 100, count: 100))
    #expect(progress.count == 25)
  }

  @Test func aCancelledTaskStops() async throws {
    let f = vmap({ (x: Floats) in x * 2 }, chunk: 10)
    let error = await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return #expect(throws: VMapError.self) { try f(.ones([100])) }
    }.value
    #expect(error?.kind == .cancelled)
    #expect(try f(.ones([100])).shape == [100])
  }

  @Test func waitingInATask() async throws {
    let y = try vmap({ (x: Floats) in x * 2 })(.ones([4]))
    #expect(try await y.ready().scalars() == [2, 2, 2, 2])
    let failed = Floats([1, 2])[5]
    await #expect(throws: VMapError.self) { _ = try await failed.ready() }
  }
}
