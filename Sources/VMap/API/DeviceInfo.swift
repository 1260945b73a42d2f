import Device

/// What is known of a device, and of what it has done for this process.
public struct DeviceInfo: Sendable, Hashable {
  /// The name, as its driver gives it.
  public let name: String
  /// Why this device was chosen; empty for others.
  public let reason: String
  /// The number of lanes of a vector in generated code; 1 where a work-item is one example.
  public let laneWidth: Int
  /// How many programs were compiled from source.
  public let programsBuilt: Int
  /// How many programs were read from the cache on disk.
  public let programsLoaded: Int
  /// How many kernels were launched.
  public let launches: Int
}

/// The device that tensors live on, with counts of what it has done so far.
///
///     print(try currentDevice().name)
///
/// - Throws: ``VMapError`` of kind `device` where there is no device, telling what to install.
public func currentDevice() throws(VMapError) -> DeviceInfo {
  let context = try Context.forTensors()
  let counters = context.counters
  return DeviceInfo(
    name: context.deviceName, reason: context.selectionReason,
    laneWidth: context.profile.laneWidth, programsBuilt: counters.programsBuilt,
    programsLoaded: counters.programsLoaded, launches: counters.launches)
}

/// All devices there are: the `platform:device` by which `VMAP_DEVICE` selects one, its kind, its name
/// and its platform.
///
///     print(try availableDevices())   // ["0:0 cpu pthread-AMD EPYC (Portable Computing Language)"]
///
/// - Throws: ``VMapError`` of kind `device` where there is no platform.
public func availableDevices() throws(VMapError) -> [String] {
  try VMapError.onDevice { () throws(DeviceError) in
    try Context.devices().map(\.description)
  }
}
