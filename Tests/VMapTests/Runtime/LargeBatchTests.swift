import Device
import Glibc
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

  /// Pieces of one worker are copied while the kernels of another run.
  @Test func piecesOverlap() throws {
    let count = 1 << 20
    let samples = (0..<count * 20).map { Float($0 % 1013) / 500 - 1 }
    func bits() throws -> [UInt32] {
      let f = vmap({ (x: Floats) in x.sum() + x[3] })
      return try f(Floats(shape: [count, 20], scalars: samples)).scalars().map(\.bitPattern)
    }
    let whole = try bits()
    let context = try Self.context(largest: 16 << 20, usesMemoryObjects: true)
    let parts = try Context.$override.withValue(context) { try bits() }
    #expect(parts == whole)
    #expect(context.counters.launches > 5)
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

  /// Two contexts that know nothing of each other, one of which has memory objects.
  @Test func partsOnTwoDevices() throws {
    let own = try Context.forTensors()
    let other = try Self.context(usesMemoryObjects: true)
    let x = try Floats(shape: [20_000, 3], scalars: BitIdentityTests.samples(20_000, 3))
    let f = vmap({ (x: Floats) in (x - x.sum(over: "i")) * 2 }, axisName: "i")
    let whole = try f(x)
    let executable = try f.entry(x).executable
    let inputs = [try x.handle.storage()]
    let results = try executable.divided(on: [own, other]).run(
      inputs, sizes: [Symbol(id: 0): 20_000],
      Division(contexts: [own, other], lengths: [4096, 4096]))
    let shared = Floats(handle: TensorHandle(results[0]))
    #expect(try shared.scalars().map(\.bitPattern) == whole.scalars().map(\.bitPattern))
    #expect(other.counters.launches > 0)
  }

  /// A worker that fails ends the call with its error.
  @Test func aDeviceThatFails() throws {
    var configuration = Context.Configuration()
    configuration.driver.enqueueKernel = { _, _, _, _, _, _ in -4 }
    let other = try Context(device: nil, profile: nil, configuration: configuration)
    let f = vmap({ (x: Floats) in x * 2 })
    let x = Floats.ones([5000])
    let executable = try f.entry(x).executable
    let inputs = [try x.handle.storage()]
    #expect(throws: VMapError.self) {
      try executable.divided(on: [other]).run(
        inputs, sizes: [Symbol(id: 0): 5000], Division(contexts: [other], lengths: [64]))
    }
    #expect(try f(x).scalars() == Array(repeating: 2, count: 5000))
  }

  /// Processes that share a batch out, as threads of this one.
  @Test(arguments: [1, 2, 3]) func processesGiveTheSameBits(count: Int) throws {
    let x = try Floats(shape: [9001, 3], scalars: BitIdentityTests.samples(9001, 3))
    let f: @Sendable (Floats) -> (Floats, Floats) = { x in (x - x.mean(over: "i"), x.sum()) }
    let whole = try vmap(f, outAxes: [1, .sum], axisName: "i")(x)
    let meeting = Meeting(count)
    let bits = Mutex<[[UInt32]]>([])
    let failures = Mutex<[String]>([])
    Workers.run(count) { rank in
      do {
        let mesh = ThreadMesh(rank: rank, count: count, meeting: meeting)
        let (a, b) = try vmap(f, outAxes: [1, .sum], axisName: "i", mesh: mesh)(x)
        let own = try a.scalars().map(\.bitPattern) + b.scalars().map(\.bitPattern)
        bits.withLock { $0.append(own) }
      } catch { failures.withLock { $0.append("\(error)") } }
    }
    #expect(failures.withLock { $0 } == [])
    let expected = try whole.0.scalars().map(\.bitPattern) + whole.1.scalars().map(\.bitPattern)
    #expect(bits.withLock { $0 } == Array(repeating: expected, count: count))
  }

  /// What is handed on from phase to phase may vary over the axes of inner maps.
  @Test func sumsThatVaryOverInnerMaps() throws {
    let x = try Floats(shape: [9001, 7, 3], scalars: BitIdentityTests.samples(9001, 21))
    let f: @Sendable (Floats) -> Floats = { x in x + x.sum(over: "i") - x.mean(over: "j") }
    @Sendable func bits(_ mesh: (any ProcessMesh)? = nil) throws -> [UInt32] {
      let mapped = vmap(vmap(f, axisName: "j"), axisName: "i", mesh: mesh)
      return try mapped(x).scalars().map(\.bitPattern)
    }
    let whole = try bits()
    let meeting = Meeting(3)
    let results = Mutex<[[UInt32]]>([])
    Workers.run(3) { rank in
      let own = try? bits(ThreadMesh(rank: rank, count: 3, meeting: meeting))
      results.withLock { $0.append(own ?? []) }
    }
    #expect(results.withLock { $0 } == [whole, whole, whole])
    let other = try Self.context(usesMemoryObjects: true)
    let executable = try vmap(vmap(f, axisName: "j"), axisName: "i").entry(x).executable
    let parts = try executable.divided(on: [other]).run(
      [x.handle.storage()], sizes: [Symbol(id: 0): 9001, Symbol(id: 1): 7],
      Division(contexts: [other], lengths: [4096]))
    let own = try Context.forTensors()
    let mixed = try executable.divided(on: [own, other]).run(
      [x.handle.storage()], sizes: [Symbol(id: 0): 9001, Symbol(id: 1): 7],
      Division(contexts: [own, other], lengths: [4096, 4096]))
    for storage in [parts[0], mixed[0]] {
      let result = Floats(handle: TensorHandle(storage))
      #expect(try result.scalars().map(\.bitPattern) == whole)
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
    let calls = Mutex(0)
    _ = try withProgress({ _ in
      calls.withLock { $0 += 1 }
      _ = try? f(.ones([2]))
    }) { try f(.ones([100])) }
    #expect(calls.withLock { $0 } == 25)
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

/// A process that is a thread.
private struct ThreadMesh: ProcessMesh {
  let rank: Int
  let count: Int
  let meeting: Meeting

  func gather(_ own: UnsafeRawBufferPointer, _ counts: [Int]) throws -> [UInt8] {
    meeting.exchange(Array(own), rank)
  }
}

/// Where threads wait for each other, and leave bytes for all.
private final class Meeting: Sendable {
  private struct State {
    var round = 0
    var given: [Int: [UInt8]] = [:]
    var all: [UInt8] = []
  }

  private let count: Int
  private let state = Mutex(State())

  init(_ count: Int) { self.count = count }

  func exchange(_ own: [UInt8], _ rank: Int) -> [UInt8] {
    let round = state.withLock { state in
      state.given[rank] = own
      if state.given.count == count {
        state.all = (0..<count).flatMap { state.given[$0] ?? [] }
        state.given = [:]
        state.round += 1
        return state.round - 1
      }
      return state.round
    }
    // Nobody begins the next round before all have left this one: each needs what it gave.
    while true {
      let all = state.withLock { $0.round > round ? $0.all : nil }
      if let all { return all }
      usleep(100)
    }
  }
}
