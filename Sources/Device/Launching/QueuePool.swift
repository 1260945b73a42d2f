import Synchronization

/// Queues of one device, each used by one thread at a time.
///
/// PoCL's calling-thread device deadlocks when two threads enqueue on one of its queues.
final class QueuePool: Sendable {
  private let idle = Mutex<[Handle<QueueObject>]>([])
  private let device: DeviceHandle
  private let context: Handle<ContextObject>
  private let driver: Driver
  private let profiling: Bool

  init(
    device: DeviceHandle, context: Handle<ContextObject>, driver: Driver, profiling: Bool = false
  ) {
    self.device = device
    self.context = context
    self.driver = driver
    self.profiling = profiling
  }

  /// Runs a closure with a queue that nobody else uses meanwhile.
  func withQueue<R>(
    _ body: (OpaquePointer) throws(DeviceError) -> R
  ) throws(DeviceError) -> R {
    let queue = try take()
    defer { give(queue) }
    return try body(queue.raw)
  }

  /// Gives back a queue that was taken.
  func give(_ queue: Handle<QueueObject>) { idle.withLock { $0.append(queue) } }

  /// Takes a queue that nobody else uses until it is given back.
  func take() throws(DeviceError) -> Handle<QueueObject> {
    if let queue = idle.withLock({ $0.popLast() }) { return queue }
    return try QueuePool.makeQueue(device, context, driver, profiling: profiling)
  }

  static func makeQueue(
    _ device: DeviceHandle, _ context: Handle<ContextObject>, _ driver: Driver,
    profiling: Bool = false
  ) throws(DeviceError) -> Handle<QueueObject> {
    var status: Int32 = 0
    let queue = driver.createQueue(context.raw, device.raw, profiling, &status)
    guard status == 0, let queue else {
      throw DeviceError(
        .call, "clCreateCommandQueueWithProperties failed for a new queue", status: status)
    }
    return Handle(queue, release: driver.releaseQueue)
  }
}
