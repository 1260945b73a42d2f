extension Context {
  /// Launches a kernel.
  ///
  /// Launches take effect in the order of the calls, as far as they share buffers. An error of a
  /// wide launch may surface only when one of its buffers is used, and does so at each use, or at
  /// `finish()`. A kernel's first launch on a device is done when the call returns, wherever it runs; so
  /// is one that makes PoCL before 6 load code, as over a wider range than before.
  ///
  /// - Parameters:
  ///   - kernel: A kernel of one of this context's programs.
  ///   - arguments: A value for every parameter.
  ///   - global: How many work-items there are along one to three dimensions; nothing is launched
  ///     when one of them is 0.
  ///   - local: How many of them form a group; each divides its `global`.
  ///   - placement: Where to run.
  /// - Throws: `invalidArgument` when sizes or arguments do not fit, `sizeOverflow`,
  ///   `launchFailed`, `deviceLost`, `forked`, and `buildFailed` when the code for the device is
  ///   compiled only now.
  public func launch(
    _ kernel: Kernel, _ arguments: [Argument], global: [Int], local: [Int], placement: Placement
  ) throws(DeviceError) {
    try session.checkUsable()
    let isWide = session.runsWide(placement)
    let device = session.deviceIndex(wide: isWide)
    let grid = try LaunchGrid(
      global: global, local: local,
      maximumGroupSize: session.devices[device].description.maximumWorkGroupSize,
      kernel: kernel.name)
    try check(
      kernel, argumentCount: arguments.count,
      byteCount: arguments.reduce(0) { $0 + $1.byteCount })
    guard !grid.isEmpty else { return }
    let instance = try kernel.take(device)
    defer { kernel.give(instance, device) }
    let prepared = try session.prepare(kernel.name, instance, arguments, grid)
    let isMeasured = session.profiler.isOn
    // Only the wide queue orders itself after what it was given before.
    if !isWide || isMeasured {
      for use in prepared.uses { try session.wait(for: use.block, to: use.access) }
    }
    let code = kernel.loadedCode(device, local: local)
    try LoadedCode.launch(code, over: grid) { (isAlone) throws(DeviceError) in
      if isMeasured {
        try session.launchMeasured(prepared, device: device, isWide: isWide)
      } else if isWide, let wide = session.wide {
        try session.launchWide(prepared, on: wide)
        // The driver compiles at the first launch: done here, so that the compiler's state is known.
        // And who is alone is done before others come.
        if !placement.isWide || isAlone || kernel.isNew(device) { try session.finish(prepared) }
      } else if let immediate = session.immediate {
        try immediate.withQueue { (queue) throws(DeviceError) in
          try session.launchImmediate(kernel, instance, grid, on: queue)
        }
      }
    }
    kernel.noteLaunch(device)
    session.tally.launches.count()
    if isWide { session.tally.launchesWide.count() }
  }

  /// Checks the number and the size of a kernel's arguments.
  func check(
    _ kernel: Kernel, argumentCount: Int, byteCount: Int
  ) throws(DeviceError) {
    guard kernel.program.session === session else {
      throw DeviceError(.invalidArgument, "\"\(kernel.name)\" belongs to another context")
    }
    // A driver kernel keeps its arguments: a missing one would be that of an earlier launch.
    guard argumentCount == kernel.parameterCount else {
      throw DeviceError(
        .invalidArgument,
        """
        "\(kernel.name)" has \(kernel.parameterCount) parameters, but \(argumentCount) arguments \
        were given
        """)
    }
    guard byteCount <= profile.maximumArgumentBytes else {
      throw DeviceError(
        .invalidArgument,
        """
        the arguments of "\(kernel.name)" have \(byteCount) bytes, the device takes \
        \(profile.maximumArgumentBytes); put some of them into a buffer
        """)
    }
  }

  /// Runs a closure and measures the launches that happen meanwhile, of all threads.
  ///
  /// Each launch is done before the next one starts while anybody measures.
  ///
  /// - Parameter body: What to measure.
  /// - Returns: What the closure returned, and the launches in the order of their ends.
  /// - Throws: What the closure throws.
  public func profileLaunches<R, E: Error>(
    _ body: () throws(E) -> R
  ) throws(E) -> (result: R, launches: [LaunchRecord]) {
    let collector = session.profiler.begin()
    let result: R
    do {
      result = try body()
    } catch {
      _ = session.profiler.end(collector)
      throw error
    }
    return (result, session.profiler.end(collector))
  }
}
