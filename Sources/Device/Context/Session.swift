import Synchronization

/// The driver's context with its queues and its memory: what buffers, programs and the public
/// context share, and what lives as long as any of them.
final class Session: Sendable {
  let driver: Driver
  let selection: DeviceSelection
  /// The device for launches in the calling thread first, the wide one last; one without a pair.
  let devices: [FoundDevice]
  let context: Handle<ContextObject>
  let sharesMemory: Bool
  /// Whether kernels can be given memory of the host that no driver gave.
  let reachesHostMemory: Bool
  /// Whether blocks have the sizes of `SizeClass`.
  let roundsSizes: Bool
  /// How many bytes the machine can still give; nil where that is not known.
  let availableMemory: @Sendable () -> Int?
  /// Binaries on disk, where they are kept.
  let cache: DiskCache?
  let tally = Tally()
  let pool: BlockPool
  let profiler: Profiler
  /// Queues for the calling thread; nil when no device works in the calling thread.
  let immediate: QueuePool?
  /// Queues for copies to and from the device's own memory, which go on beside the kernels of others.
  let transfers: QueuePool?
  /// The queue for all cores or the GPU; nil when there is only PoCL's calling-thread device.
  let wide: WideQueue?

  private let isLost = Atomic<Bool>(false)
  private let loss = Mutex<DeviceError?>(nil)

  init(
    _ selection: DeviceSelection, driver: Driver, sharesMemory: Bool, roundsSizes: Bool,
    poolLimit: Int, availableMemory: @escaping @Sendable () -> Int?, cache: DiskCache?
  ) throws(DeviceError) {
    self.driver = driver
    self.selection = selection
    self.sharesMemory = sharesMemory
    reachesHostMemory =
      sharesMemory
      && [selection.wide, selection.immediate].allSatisfy(\.description.takesAnyAddress)
    self.roundsSizes = roundsSizes
    self.availableMemory = availableMemory
    self.cache = cache
    let wideDevice = selection.wide
    devices = selection.isPair ? [selection.immediate, wideDevice] : [wideDevice]
    var status: Int32 = 0
    let handle = driver.createContext(
      wideDevice.platform.raw, devices.map(\.device.raw), &status)
    guard status == 0, let handle else {
      throw DeviceError(
        .call, "clCreateContext failed for \(wideDevice.description.name)", status: status)
    }
    let context = Handle<ContextObject>(handle, release: driver.releaseContext)
    self.context = context
    pool = BlockPool(limit: poolLimit)
    profiler = Profiler(
      devices.map {
        QueuePool(device: $0.device, context: context, driver: driver, profiling: true)
      })
    immediate =
      selection.immediate.description.runsInCallingThread
      ? QueuePool(device: selection.immediate.device, context: context, driver: driver) : nil
    transfers =
      sharesMemory ? nil : QueuePool(device: wideDevice.device, context: context, driver: driver)
    wide =
      wideDevice.description.runsInCallingThread
      ? nil : try WideQueue(device: wideDevice.device, context: context, driver: driver)
  }

  deinit {
    // Blocks may go back to the driver only when nothing uses them any more.
    guard !Fork.happened else { return }
    _ = wide?.finish()
    pool.drain(upTo: .max)
  }

  /// Throws when the context cannot be used: after a fork, or when the device was lost.
  func checkUsable() throws(DeviceError) {
    try Fork.check()
    guard wasLost else { return }
    throw loss.withLock { $0 } ?? DeviceError(.deviceLost, "the device was lost")
  }

  /// Whether the device was lost, so that only a new context can help.
  var wasLost: Bool { isLost.load(ordering: .relaxed) }

  /// Turns a failure at a finish or a read into an error, and notes when the device was lost.
  func failure(
    _ status: Int32, _ call: String, kernels names: [String]
  ) -> DeviceError {
    let kernels = names.map { "\"\($0)\"" }.joined(separator: ", ")
    let culprit = names.isEmpty ? "" : " while running \(kernels)"
    guard DeviceError.meansLoss(status) else {
      return DeviceError(.launchFailed, "\(call) failed\(culprit)", status: status)
    }
    let error = DeviceError(
      .deviceLost,
      """
      \(call) failed\(culprit); the device is lost (on GPUs often a sign of an access out of \
      bounds), and this context and its buffers can no longer be used
      """, status: status)
    loss.withLock { if $0 == nil { $0 = error } }
    isLost.store(true, ordering: .relaxed)
    return error
  }

  /// Runs a blocking copy on a queue for it.
  func copy(_ call: String, _ body: (OpaquePointer) -> Int32) throws(DeviceError) {
    var status: Int32 = 0
    if let pool = immediate ?? transfers {
      status = try pool.withQueue { (queue) throws(DeviceError) in body(queue) }
    } else if let wide {
      status = body(wide.raw)
    }
    guard status == 0 else { throw failure(status, call, kernels: []) }
  }
}
