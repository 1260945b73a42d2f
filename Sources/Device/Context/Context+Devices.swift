extension Context {
  /// The devices that can take parts of one piece of work: of PoCL's two for the CPU the one for all
  /// cores.
  ///
  /// - Parameter kind: The kind of device; nil for all.
  /// - Throws: As ``devices()``.
  package static func separateDevices(
    _ kind: DeviceKind? = nil
  ) throws(DeviceError) -> [DeviceDescription] {
    let all = try devices()
    return all.filter { device in
      guard kind == nil || device.kind == kind else { return false }
      return !device.runsInCallingThread
        || !all.contains { $0.platformIndex == device.platformIndex && $0.runsOnAllCores }
    }
  }

  /// Whether a device is one of the context's.
  package func has(_ device: DeviceDescription) -> Bool {
    session.devices.contains { $0.description.index == device.index }
  }
}
