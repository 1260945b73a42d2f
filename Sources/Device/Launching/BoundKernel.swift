/// A kernel with sizes and values set once, launched again and again on the buffers of a workspace.
///
/// A launch sets only the buffers that are not those of the launch before. Only one thread may use a
/// bound kernel at a time.
public final class BoundKernel {
  /// A value for one parameter.
  public enum Parameter: Sendable {
    /// The workspace's buffer with this number, at each launch.
    case buffer(Int, BufferAccess = .update)
    /// The same value at each launch.
    case value(Argument)
  }

  /// A parameter that takes a buffer.
  private struct BufferParameter {
    let index: Int
    let number: Int
    let access: BufferAccess
    /// The block that the driver kernel has, 0 for none yet.
    var block: UInt64 = 0
  }

  private let kernel: Kernel
  private let instance: Handle<KernelObject>
  private let workspace: Workspace
  private let session: Session
  private let grid: LaunchGrid
  private let code: LoadedCode?
  private let device: Int
  private let isWide: Bool
  /// Whether a launch on the wide queue is to be done on return.
  private let finishes: Bool
  private let parameters: UnsafeMutableBufferPointer<BufferParameter>
  @exclusivity(unchecked) private var wasLaunched = false

  /// Checks the sizes, and sets the values.
  ///
  /// - Parameters:
  ///   - kernel: A kernel of one of the context's programs.
  ///   - context: Where to run.
  ///   - workspace: Where the buffers are found.
  ///   - parameters: What every parameter is given.
  ///   - global: How many work-items there are along each dimension, none of them 0.
  ///   - local: How many of them form a group.
  ///   - placement: Where to run.
  /// - Throws: As `Context.launch` does.
  public init(
    _ kernel: Kernel, in context: Context, _ workspace: Workspace, _ parameters: [Parameter],
    global: [Int], local: [Int], placement: Placement
  ) throws(DeviceError) {
    self.kernel = kernel
    self.workspace = workspace
    session = context.session
    try session.checkUsable()
    isWide = session.runsWide(placement)
    finishes = !placement.isWide
    device = session.deviceIndex(wide: isWide)
    grid = try LaunchGrid(
      global: global, local: local,
      maximumGroupSize: session.devices[device].description.maximumWorkGroupSize,
      kernel: kernel.name)
    try context.check(
      kernel, argumentCount: parameters.count,
      byteCount: parameters.reduce(0) { $0 + $1.byteCount })
    instance = try kernel.take(device)
    code = kernel.loadedCode(device, local: local)
    var buffers: [BufferParameter] = []
    for case (let index, .buffer(let number, let access)) in parameters.enumerated() {
      buffers.append(BufferParameter(index: index, number: number, access: access))
    }
    self.parameters = .allocate(capacity: buffers.count)
    _ = self.parameters.initialize(from: buffers)
    for case (let index, .value(let value)) in parameters.enumerated() {
      try session.set(value, at: index, of: instance, kernel.name)
    }
  }

  deinit {
    parameters.deallocate()
    guard !Fork.happened else { return }
    kernel.give(instance, device)
  }

  /// Launches the kernel on the workspace's buffers, with the effects of `Context.launch`.
  ///
  /// - Throws: As `Context.launch` does.
  public func launch() throws(DeviceError) {
    try session.checkUsable()
    let isMeasured = session.profiler.isOn
    // Only the wide queue orders itself after what it was given before.
    try bindBuffers(waiting: !isWide || isMeasured)
    try LoadedCode.launch(code, over: grid) { (isAlone) throws(DeviceError) in
      try start(isMeasured: isMeasured, isAlone: isAlone)
    }
    if !wasLaunched {
      kernel.noteLaunch(device)
      wasLaunched = true
    }
    session.tally.launches.count()
  }

  private func start(isMeasured: Bool, isAlone: Bool) throws(DeviceError) {
    if !isWide, !isMeasured, let queue = try workspace.immediateQueue() {
      try session.launchImmediate(kernel, instance, grid, on: queue)
    } else {
      try launchElsewhere(isMeasured: isMeasured, isAlone: isAlone)
    }
  }

  /// Launches on the wide queue or on one that measures.
  private func launchElsewhere(isMeasured: Bool, isAlone: Bool) throws(DeviceError) {
    let uses = parameters.compactMap { parameter in
      workspace[parameter.number].map { BlockUse(block: $0.block, access: parameter.access) }
    }
    let launch = PreparedLaunch(
      name: kernel.name, kernel: instance, grid: grid, uses: uses, parts: [])
    if isMeasured {
      try session.launchMeasured(launch, device: device, isWide: isWide)
    } else if let wide = session.wide {
      try session.launchWide(launch, on: wide)
      // The driver compiles at the first launch: done here, so that the compiler's state is known. And
      // who is alone is done before others come.
      if finishes || isAlone || kernel.isNew(device) { try session.finish(launch) }
    }
    if isWide { session.tally.launchesWide.count() }
  }

  /// Sets the buffers that changed.
  private func bindBuffers(waiting: Bool) throws(DeviceError) {
    for position in parameters.indices {
      let parameter = parameters[position]
      guard let buffer = workspace.buffers[parameter.number] else {
        throw DeviceError(
          .invalidArgument, "argument \(parameter.index) of \"\(kernel.name)\" is missing")
      }
      let (isSame, mustWait) = buffer._withUnsafeGuaranteedRef {
        (
          $0.block.number == parameter.block,
          waiting && session.mustWait(for: $0.block)
        )
      }
      if mustWait {
        try session.wait(for: buffer.takeUnretainedValue().block, to: parameter.access)
      }
      if !isSame { try bind(buffer.takeUnretainedValue(), position) }
    }
  }

  private func bind(_ buffer: Buffer, _ position: Int) throws(DeviceError) {
    // Should setting it fail, the driver kernel's argument is unknown.
    parameters[position].block = 0
    try session.set(.buffer(buffer), at: parameters[position].index, of: instance, kernel.name)
    parameters[position].block = buffer.block.number
  }
}

extension BoundKernel.Parameter {
  fileprivate var byteCount: Int {
    switch self {
    case .buffer: 8
    case .value(let value): value.byteCount
    }
  }
}
