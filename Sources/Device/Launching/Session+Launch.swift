extension Session {
  /// The position in `devices` of the device for a placement.
  func deviceIndex(wide: Bool) -> Int { wide ? devices.count - 1 : 0 }

  /// Whether a launch goes to the wide queue.
  func runsWide(_ placement: Placement) -> Bool {
    wide != nil && (placement.isWide || immediate == nil)
  }

  /// Runs a kernel on a queue that nobody else uses; done on return.
  func launchImmediate(
    _ kernel: Kernel, _ instance: Handle<KernelObject>, _ grid: LaunchGrid,
    on queue: OpaquePointer
  ) throws(DeviceError) {
    let status = enqueue(instance, grid, on: queue)
    if status != 0 {
      try retry(kernel.name, grid, after: status) { enqueue(instance, grid, on: queue) }
    }
    let outcome = driver.finish(queue)
    guard outcome == 0 else { throw failure(outcome, "clFinish", kernels: [kernel.name]) }
  }

  /// Submits a kernel to the wide queue.
  func launchWide(_ launch: PreparedLaunch, on wide: WideQueue) throws(DeviceError) {
    func submit() throws(DeviceError) -> Int32 {
      do throws(WideQueue.Failure) {
        return try wide.submit(launch) { queue in enqueue(launch.kernel, launch.grid, on: queue) }
      } catch {
        throw self.error(of: error)
      }
    }
    try retry(launch.name, launch.grid, after: submit(), submit)
  }

  /// Waits for a kernel on the wide queue.
  func finish(_ launch: PreparedLaunch) throws(DeviceError) {
    try settleWide()
    for use in launch.uses where use.access != .read { try wait(for: use.block) }
  }

  /// Runs a kernel on a measuring queue and notes its time; done on return.
  func launchMeasured(
    _ launch: PreparedLaunch, device: Int, isWide: Bool
  ) throws(DeviceError) {
    try profiler.queues[device].withQueue { (queue) throws(DeviceError) in
      var raw: OpaquePointer?
      func submit() -> Int32 { enqueue(launch.kernel, launch.grid, on: queue, event: &raw) }
      try retry(launch.name, launch.grid, after: submit(), submit)
      let event = raw.map { Handle<EventObject>($0, release: driver.releaseEvent) }
      let status = driver.finish(queue)
      guard status == 0 else { throw failure(status, "clFinish", kernels: [launch.name]) }
      guard let event else { return }
      let start = try time(ProgramQuery.commandStart, of: event, launch.name)
      let end = try time(ProgramQuery.commandEnd, of: event, launch.name)
      profiler.note(
        LaunchRecord(
          kernel: launch.name, isWide: isWide, nanoseconds: end >= start ? end - start : 0))
    }
  }

  private func time(
    _ query: UInt32, of event: Handle<EventObject>, _ name: String
  ) throws(DeviceError) -> UInt64 {
    var time: UInt64 = 0
    try DeviceError.check(
      driver.getEventTime(event.raw, query, &time), "clGetEventProfilingInfo", "for \"\(name)\"")
    return time
  }

  private func enqueue(
    _ kernel: Handle<KernelObject>, _ grid: LaunchGrid, on queue: OpaquePointer,
    event: UnsafeMutablePointer<OpaquePointer?>? = nil
  ) -> Int32 {
    driver.enqueueKernel(
      queue, kernel.raw, UInt32(grid.global.count), grid.global, grid.local, event)
  }

  /// Tries a launch once more after freeing the pool when memory ran out, as drivers allocate lazily.
  private func retry(
    _ name: String, _ grid: LaunchGrid, after first: Int32,
    _ body: () throws(DeviceError) -> Int32
  ) throws(DeviceError) {
    var status = first
    if DeviceError.meansExhaustion(status) {
      try releaseIdleMemory()
      status = try body()
    }
    guard status == 0 else {
      throw DeviceError(
        .launchFailed,
        "\"\(name)\" could not be launched over \(grid.global) in groups of \(grid.local)",
        status: status)
    }
  }
}
