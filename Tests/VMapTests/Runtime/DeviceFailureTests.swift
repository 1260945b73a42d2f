import Device
import Synchronization
import Testing

@testable import VMap

/// What calls give while a device fails, and after that.
@Suite struct DeviceFailureTests {
  typealias F = Tensor<Float>

  /// A driver that fails at the next waits for a queue.
  private final class Faults: Sendable {
    let status: Int32
    let count = Atomic<Int>(0)

    init(_ status: Int32) { self.status = status }

    var driver: Driver {
      var driver = Driver.system
      driver.finish = { [self] queue in
        let outcome = Driver.system.finish(queue)
        guard count.load(ordering: .relaxed) > 0 else { return outcome }
        count.subtract(1, ordering: .relaxed)
        return status
      }
      return driver
    }

    func context() throws -> Context {
      var configuration = Context.Configuration()
      configuration.driver = driver
      return try Context(device: "cpu", profile: nil, configuration: configuration)
    }
  }

  @Test func everyResultOfAFailedCallThrows() throws {
    let faults = Faults(-14)
    try Context.$override.withValue(faults.context()) {
      try RunOptions(placement: .wide).forcing {
        let f = vmap { (x: F) in (x * 2 + 1, x * 3) }
        let x = F([5, 6])
        // The first launch is waited for.
        _ = try f(x)
        let (a, b) = try f(x)
        let sum = try f(b).0
        faults.count.store(1, ordering: .relaxed)
        for tensor in [a, b, a, sum] {
          let error = #expect(throws: VMapError.self) { try tensor.scalars() }
          #expect(error?.device?.kind == .launchFailed)
        }
        #expect(try x.scalars() == [5, 6])
        #expect(try f(x).1.scalars() == [15, 18])
      }
    }
  }

  @Test(arguments: [false, true])
  func aFunctionOutlivesTheDeviceItWasCompiledFor(isKnownByTheCall: Bool) throws {
    let faults = Faults(-5)
    let weight = try F([1, 2]).ready()
    let f = vmap { (x: F) in x * 2 + 1 }
    let capturing = vmap { (x: F) in x + weight.sum() }
    let old = try Context.$override.withValue(faults.context()) {
      // Two shapes, so that the call made last is not the only one prepared.
      for x in [F([1, 2, 3]), F([1, 2])] { #expect(try f(x).shape == x.shape) }
      let x = try F([3, 4]).ready()
      let y = try f(x)
      faults.count.store(1, ordering: .relaxed)
      let error = #expect(throws: VMapError.self) {
        _ = try isKnownByTheCall ? f(x).scalars() : (y + 1).scalars()
      }
      #expect(error?.device?.kind == .deviceLost)
      return y
    }
    // As after the loss of the device of all tensors, the next calls find another context.
    for x: [Float] in [[3, 4], [3, 4], [5, 6, 7]] {
      #expect(try f(F(x)).scalars() == x.map { $0 * 2 + 1 })
    }
    #expect(try capturing(F([1])).scalars() == [4])
    // The tensors that lay on it are gone, and say so.
    for _ in 0..<2 {
      #expect(throws: VMapError.self) { try old.scalars() }
      let error = #expect(throws: VMapError.self) { try f(old).scalars() }
      #expect(error?.device?.kind == .deviceLost)
    }
    #expect(try f(F([1, 2])).scalars() == [3, 5])
  }
}
