import COpenCL
import Synchronization

/// A device together with its platform and what it says about itself.
struct FoundDevice: Sendable {
  let platform: DeviceHandle
  let device: DeviceHandle
  let description: DeviceDescription
}

/// Lists everything that the OpenCL loader finds.
struct DeviceInventory {
  let driver: Driver

  /// PoCL 3.1 crashes when two threads make the first call for its devices at once.
  private static let firstCall = Mutex(())

  /// All devices, in the order of the loader.
  func devices() throws(DeviceError) -> [FoundDevice] {
    try Fork.check()
    return try DeviceInventory.firstCall.withLock { (_) throws(DeviceError) in try list() }
  }

  private func list() throws(DeviceError) -> [FoundDevice] {
    var found: [FoundDevice] = []
    let platforms = try platforms()
    for (platformIndex, platform) in platforms.enumerated() {
      let platformName = try platformText(platform, CL_PLATFORM_NAME)
      let platformVersion = try platformText(platform, CL_PLATFORM_VERSION)
      for (deviceIndex, device) in try devices(of: platform).enumerated() {
        let description = try describe(
          device, index: (platformIndex, deviceIndex), platform: (platformName, platformVersion))
        found.append(
          FoundDevice(
            platform: DeviceHandle(raw: platform), device: DeviceHandle(raw: device),
            description: description))
      }
    }
    guard !found.isEmpty else {
      throw DeviceError(
        .noDevice,
        """
        OpenCL is installed, but none of its \(platforms.count) platforms has a device; on Debian \
        and Ubuntu `apt-get install pocl-opencl-icd` adds the CPU, a GPU needs its vendor's driver \
        (if POCL_DEVICES is set, check its value)
        """)
    }
    return found
  }

  private func platforms() throws(DeviceError) -> [OpaquePointer] {
    var count: UInt32 = 0
    let status = driver.getPlatforms(0, nil, &count)
    if status == Status.platformNotFound || (status == 0 && count == 0) {
      throw DeviceError(
        .noPlatform,
        """
        no OpenCL implementation is installed; on Debian and Ubuntu `apt-get install \
        pocl-opencl-icd` adds one for the CPU, and a GPU's driver brings its own (check that \
        /etc/OpenCL/vendors lists it)
        """, status: status == 0 ? nil : status)
    }
    try DeviceError.check(status, "clGetPlatformIDs", "while counting the platforms")
    var handles = [OpaquePointer?](repeating: nil, count: Int(count))
    try DeviceError.check(
      driver.getPlatforms(count, &handles, nil), "clGetPlatformIDs", "while listing the platforms")
    return handles.compactMap { $0 }
  }

  private func devices(of platform: OpaquePointer) throws(DeviceError) -> [OpaquePointer] {
    var count: UInt32 = 0
    let status = driver.getDevices(platform, 0, nil, &count)
    if status == Status.deviceNotFound || (status == 0 && count == 0) { return [] }
    try DeviceError.check(status, "clGetDeviceIDs", "while counting the devices")
    var handles = [OpaquePointer?](repeating: nil, count: Int(count))
    try DeviceError.check(
      driver.getDevices(platform, count, &handles, nil), "clGetDeviceIDs",
      "while listing the devices")
    return handles.compactMap { $0 }
  }
}
