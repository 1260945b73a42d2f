extension Context {
  /// What tests change about a context.
  package struct Configuration: Sendable {
    /// The calls to make.
    package var driver = Driver.system
    /// Whether to use memory objects even where memory could be shared with the host.
    package var usesMemoryObjects = false
    /// Whether memory is asked for in sizes that many buffers share.
    ///
    /// Without it, and without a pool, whoever watches accesses sees where each buffer ends.
    package var roundsSizes = true
    /// Changes the profile that the device has, or that was forced on it.
    package var changeProfile: @Sendable (inout Profile) -> Void = { _ in }
    /// The most bytes that the pool keeps; nil for a quarter of the device's memory.
    package var poolLimit: Int?
    /// How many bytes the machine can still give; nil where that is not known.
    package var availableMemory: @Sendable () -> Int? = HostMemory.available
    /// The most programs that are kept for the next request of the same source.
    package var programLimit = 1024
    /// Where binaries are kept; nil for the user's directory if there is to be one, empty for nowhere.
    package var cacheDirectory: String?
    /// The most bytes of binaries on disk.
    package var cacheByteLimit = 512 << 20

    package init() {}

    func changed(_ profile: Profile) -> Profile {
      var profile = profile
      changeProfile(&profile)
      return profile
    }

    func cache(for device: DeviceDescription) -> DiskCache? {
      guard let cacheDirectory else {
        return .standard(driverKeepsCode: device.isPoCL, byteLimit: cacheByteLimit)
      }
      return DiskCache(directory: cacheDirectory, byteLimit: cacheByteLimit)
    }
  }
}
