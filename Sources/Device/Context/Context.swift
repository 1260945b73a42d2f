/// A device made ready for work: its memory, its programs and its queues.
///
/// Everything may be used from many threads at once. Where the CPU's OpenCL has one device for the
/// calling thread and one for all cores, a context uses both, on the same buffers.
public final class Context: Sendable {
  /// What scheduling may know of the device.
  public let profile: Profile
  /// The device's name.
  public let deviceName: String

  let session: Session
  let programs: ProgramTable

  /// Makes a context of its own; `shared()` is the one to use in programs.
  ///
  /// - Parameters:
  ///   - selection: `gpu`, `cpu`, `accelerator`, `platform:device` or a part of a name. By default
  ///     the environment variable `VMAP_DEVICE` decides, else the first GPU, else another
  ///     accelerator, else the CPU.
  ///   - profile: The name of a profile to force, as `Profile.forced` takes it. By default the
  ///     environment variable `VMAP_PROFILE` decides, else the device.
  /// - Throws: `noPlatform`, `noDevice`, `invalidSelection`, `invalidProfile`, `forked`, or `call`
  ///   when the driver fails.
  public convenience init(
    device selection: String? = nil, profile: String? = nil
  ) throws(DeviceError) {
    try self.init(device: selection, profile: profile, configuration: Configuration())
  }

  package init(
    device selection: String?, profile: String?, configuration: Configuration
  ) throws(DeviceError) {
    ProcessEnvironment.prepare()
    let driver = configuration.driver
    let found = try DeviceInventory(driver: driver).devices()
    let origin = selection == nil ? "VMAP_DEVICE" : "the program"
    let choice = try DeviceSelection.choose(
      selection ?? ProcessEnvironment.value("VMAP_DEVICE"), from: found, origin: origin)
    var profileOfDevice = Profile(choice)
    if configuration.usesMemoryObjects { profileOfDevice.sharesHostMemory = false }
    if let name = profile ?? ProcessEnvironment.value("VMAP_PROFILE") {
      self.profile = configuration.changed(try Profile.forced(name, base: profileOfDevice))
    } else {
      self.profile = configuration.changed(profileOfDevice)
    }
    deviceName = choice.wide.description.name
    session = try Session(
      choice, driver: driver, sharesMemory: profileOfDevice.sharesHostMemory,
      roundsSizes: configuration.roundsSizes,
      poolLimit: configuration.poolLimit ?? profileOfDevice.globalMemoryBytes / 4,
      availableMemory: configuration.availableMemory,
      cache: configuration.cache(for: choice.wide.description))
    programs = ProgramTable(limit: configuration.programLimit)
  }

  /// Lists everything that OpenCL finds on this machine.
  ///
  /// - Returns: The devices in the order of the loader; `index` names each for `VMAP_DEVICE`.
  /// - Throws: `noPlatform`, `noDevice`, `forked`, or `call` when the driver fails.
  public static func devices() throws(DeviceError) -> [DeviceDescription] {
    ProcessEnvironment.prepare()
    return try DeviceInventory(driver: .system).devices().map(\.description)
  }

  /// Why this device was chosen.
  public var selectionReason: String { session.selection.reason }

  /// Whether the device was lost: then nothing made with this context works any more.
  package var wasLost: Bool { session.wasLost }

  /// What the device says about itself.
  public var deviceDescription: DeviceDescription { session.selection.wide.description }

  /// What the context has done so far.
  public var counters: Counters { session.tally.snapshot }

  /// Makes a buffer; its contents are undefined.
  ///
  /// - Parameter byteCount: The size in bytes; 0 is allowed.
  /// - Returns: A buffer whose memory comes from the pool where possible.
  /// - Throws: `invalidArgument` for a negative size, `sizeOverflow`, or `allocationFailed` when
  ///   the device has no such memory even after the pool was freed.
  public func makeBuffer(byteCount: Int) throws(DeviceError) -> Buffer {
    try session.makeBuffer(byteCount: byteCount, limit: profile.maximumAllocationBytes)
  }

  /// Makes a buffer of memory of the host that is not OpenCL's, which kernels read where it is.
  ///
  /// - Parameters:
  ///   - bytes: The memory; nobody changes it for as long as the buffer, or work on it, exists.
  ///   - owner: Kept until then.
  /// - Returns: Nil where the device does not reach the memory.
  /// - Throws: `deviceLost`; `forked`.
  package func makeBuffer(
    over bytes: UnsafeRawBufferPointer, keeping owner: any Sendable
  ) throws(DeviceError) -> Buffer? {
    try session.makeBuffer(over: bytes, keeping: owner)
  }

  /// Checks that there is room for what is to be allocated piece by piece, before the first piece is.
  ///
  /// - Parameters:
  ///   - byteCount: How many bytes there will be.
  ///   - what: What takes them, for the error.
  /// - Throws: `allocationFailed` where the device has not so much memory, or less of it is left.
  package func requireRoom(for byteCount: Int, of what: String) throws(DeviceError) {
    try session.requireRoom(
      for: byteCount, of: what, within: session.sharesMemory ? .max : profile.globalMemoryBytes)
  }

  /// Waits until every launch so far is done.
  ///
  /// - Throws: What a kernel failed with since the last call, naming it; `deviceLost`; `forked`.
  public func finish() throws(DeviceError) {
    try session.checkUsable()
    try session.finishWide()
  }
}
