import Device
import Synchronization
import Testing

@testable import VMap
@testable import VMapTestSupport

/// Each call of the driver fails once, wherever it is made: a typed error, nothing kept, and the next call
/// works or says that the device is lost.
@Suite struct InjectedFailureTests {
  typealias Floats = Tensor<Float>

  /// A driver that counts its calls, and fails one of them.
  private final class CountingDriver: Sendable {
    let count = Atomic<Int>(0)
    let failing: Int
    /// What it fails with: that memory has run out, or that the device has no resources, and is lost.
    let code: Int32

    init(failing: Int, with code: Int32 = -6) {
      self.failing = failing
      self.code = code
    }

    /// Whether this is the call that fails.
    private func fails() -> Bool {
      count.wrappingAdd(1, ordering: .relaxed).oldValue == failing
    }

    /// A call that gives a status, in place of another one.
    private func status(_ call: () -> Int32) -> Int32 { fails() ? code : call() }

    /// A call that gives an object.
    private func object(
      _ status: UnsafeMutablePointer<Int32>, _ call: () -> OpaquePointer?
    ) -> OpaquePointer? {
      guard fails() else { return call() }
      status.pointee = code
      return nil
    }

    /// The calls that may fail; what releases has no one to tell.
    var driver: Driver {
      let system = Driver.system
      var driver = system
      driver.createQueue = { [self] context, device, isProfiling, status in
        object(status) { system.createQueue(context, device, isProfiling, status) }
      }
      driver.finish = { [self] queue in status { system.finish(queue) } }
      driver.flush = { [self] queue in status { system.flush(queue) } }
      driver.allocateShared = { [self] in fails() ? nil : system.allocateShared($0, $1, $2) }
      driver.createBuffer = { [self] context, size, status in
        object(status) { system.createBuffer(context, size, status) }
      }
      driver.createSubBuffer = { [self] buffer, origin, size, status in
        object(status) { system.createSubBuffer(buffer, origin, size, status) }
      }
      driver.readBuffer = { [self] queue, buffer, offset, size, target in
        status { system.readBuffer(queue, buffer, offset, size, target) }
      }
      driver.writeBuffer = { [self] queue, buffer, offset, size, source in
        status { system.writeBuffer(queue, buffer, offset, size, source) }
      }
      driver.createProgram = { [self] context, source, status in
        object(status) { system.createProgram(context, source, status) }
      }
      driver.buildProgram = { [self] program, device, options in
        status { system.buildProgram(program, device, options) }
      }
      driver.createKernel = { [self] program, name, status in
        object(status) { system.createKernel(program, name, status) }
      }
      driver.setArgument = { [self] kernel, index, size, value in
        status { system.setArgument(kernel, index, size, value) }
      }
      driver.setSharedArgument = { [self] kernel, index, pointer in
        status { system.setSharedArgument(kernel, index, pointer) }
      }
      driver.enqueueKernel = { [self] queue, kernel, dimensions, global, local, event in
        status { system.enqueueKernel(queue, kernel, dimensions, global, local, event) }
      }
      return driver
    }
  }

  /// Calls of several kinds: kernels one after another, a loop of the host, parts, and reading.
  private static func calls() throws -> [[UInt32]] {
    let x = try Floats(shape: [5, 3], scalars: (0..<15).map { Float($0) / 7 - 1 })
    let sorted = vmap({ (x: Floats) in sort(x) + x.sum(over: "i") }, axisName: "i")
    let looped = vmap(
      { (x: Floats) in whileLoop(x, while: { $0.sum(over: "i").sum() .< 30 }) { $0 + 1 } },
      axisName: "i")
    let parts = vmap(
      { (x: Floats) in x * 2 + axisIndex("i").asType(Float.self) }, axisName: "i", chunk: 2)
    return try [sorted(x), looped(x), parts(x), x + x]
      .map { try $0.scalars().map(\.bitPattern) }
  }

  private static func context(_ driver: Driver, usesMemoryObjects: Bool) throws -> Context {
    var configuration = Context.Configuration()
    configuration.driver = driver
    configuration.usesMemoryObjects = usesMemoryObjects
    configuration.poolLimit = 0
    return try Context(device: nil, profile: nil, configuration: configuration)
  }

  @Test(arguments: [false, true], [Int32(-6), -5])
  func everyCallFailsOnce(usesMemoryObjects: Bool, code: Int32) throws {
    let expected = try Self.calls()
    let counting = CountingDriver(failing: -1)
    let sound = try Self.context(counting.driver, usesMemoryObjects: usesMemoryObjects)
    _ = try Context.$override.withValue(sound) { try Self.calls() }
    let total = counting.count.load(ordering: .relaxed)
    #expect(total > 100)
    // Each context compiles again, so that only some are tried where not all that can be run is.
    let step = BatchCheck.isExhaustive ? 1 : 37
    if BatchCheck.isExhaustive { print("\(total) calls of the driver fail with \(code)") }
    for number in stride(from: 0, to: total, by: step) {
      let failing = CountingDriver(failing: number, with: code)
      guard
        let context = try? Self.context(failing.driver, usesMemoryObjects: usesMemoryObjects)
      else { continue }
      func outcome() -> Result<[[UInt32]], any Error> {
        Result { try Context.$override.withValue(context) { try Self.calls() } }
      }
      switch outcome() {
      case .success(let results): #expect(results == expected, "call \(number)")
      case .failure(let error): #expect(error is VMapError, "call \(number): \(error)")
      }
      switch outcome() {
      case .success(let results): #expect(results == expected, "after call \(number)")
      case .failure(let error):
        let kind = (error as? VMapError)?.device?.kind
        #expect(kind == .deviceLost, "after call \(number): \(error)")
      }
      #expect(context.counters.buffersLive == 0, "call \(number)")
    }
  }
}
