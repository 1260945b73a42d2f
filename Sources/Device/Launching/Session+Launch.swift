extension Session {
  /// The position in `devices` of the device for a placement.
  func deviceIndex(wide: Bool) -> Int { wide ? devices.count - 1 : 0 }

  /// Runs a kernel on a queue of its own for the calling thread; done on return.
  func launchImmediate(_ launch: PreparedLaunch, on queues: QueuePool) throws(DeviceError) {
    try queues.withQueue { (queue) throws(DeviceError) in
      try retryingOnce(launch) { self.enqueue(launch, on: queue, event: nil) }
      let status = driver.finish(queue)
      guard status == 0 else { throw failure(status, "clFinish", kernels: [launch.name]) }
    }
  }

  /// Submits a kernel to the wide queue.
  func launchWide(_ launch: PreparedLaunch, on wide: WideQueue) throws(DeviceError) {
    try retryingOnce(launch) {
      wide.submit(launch.name, using: launch.blocks, parts: launch.parts) { queue in
        self.enqueue(launch, on: queue, event: nil)
      }
    }
  }

  /// Runs a kernel on a measuring queue and notes its time; done on return.
  func launchMeasured(
    _ launch: PreparedLaunch, device: Int, isWide: Bool
  ) throws(DeviceError) {
    try profiler.queues[device].withQueue { (queue) throws(DeviceError) in
      var raw: OpaquePointer?
      try retryingOnce(launch) { self.enqueue(launch, on: queue, event: &raw) }
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
    _ launch: PreparedLaunch, on queue: OpaquePointer, event: UnsafeMutablePointer<OpaquePointer?>?
  ) -> Int32 {
    driver.enqueueKernel(
      queue, launch.kernel.raw, UInt32(launch.grid.global.count), launch.grid.global,
      launch.grid.local, event)
  }

  /// Tries a launch again after freeing the pool when memory ran out: drivers allocate lazily.
  private func retryingOnce(
    _ launch: PreparedLaunch, _ body: () -> Int32
  ) throws(DeviceError) {
    var status = body()
    if DeviceError.meansExhaustion(status) {
      try releaseIdleMemory()
      status = body()
    }
    guard status == 0 else {
      throw DeviceError(
        .launchFailed,
        """
        "\(launch.name)" could not be launched over \(launch.grid.global) in groups of \
        \(launch.grid.local)
        """, status: status)
    }
  }
}
