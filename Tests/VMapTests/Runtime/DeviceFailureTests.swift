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
}
