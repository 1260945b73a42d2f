import COpenCL
import Glibc
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
  private static let firstCall = Mutex(false)

  /// All devices, in the order of the loader.
  func devices() throws(DeviceError) -> [FoundDevice] {
    try Fork.check()
    return try DeviceInventory.firstCall.withLock { (wasMade) throws(DeviceError) in
      // The clock of files may be a little behind.
      let start = time(nil) - 1
      defer {
        if !wasMade { DriverCache.removeProbes(since: start) }
        wasMade = true
      }
      return try list()
    }
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
    guard !found.isEmpty else { throw try noDevice(platforms) }
    return found
  }

  private func platforms() throws(DeviceError) -> [OpaquePointer] {
    var count: UInt32 = 0
    let status = driver.getPlatforms(0, nil, &count)
    if status == Status.platformNotFound || (status == 0 && count == 0) {
      throw noPlatform(status == 0 ? nil : status)
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

// MARK: What to say where nothing is found

extension DeviceInventory {
  private func noDevice(_ platforms: [OpaquePointer]) throws(DeviceError) -> DeviceError {
    var platformNames: [String] = []
    var texts: [String] = []
    for platform in platforms {
      let name = try platformText(platform, CL_PLATFORM_NAME)
      platformNames.append(name)
      texts.append("\(name), \(try platformText(platform, CL_PLATFORM_VERSION))")
    }
    var advice = """
      on Debian and Ubuntu `apt-get install pocl-opencl-icd` adds the CPU, a GPU needs its vendor's \
      driver
      """
    if platformNames.contains(DeviceDescription.platformOfPoCL) {
      let devices = ProcessEnvironment.value("POCL_DEVICES") ?? ""
      let problem = DriverCache.problem ?? "POCL_DEVICES, \"\(devices)\", should name its devices"
      advice = "PoCL is there: \(problem)"
    }
    return DeviceError(
      .noDevice,
      """
      none of the platforms that OpenCL found has a device (\(texts.joined(separator: "; "))); \
      \(advice)
      """)
  }

  private func noPlatform(_ status: Int32?) -> DeviceError {
    let folder = ProcessEnvironment.value("OCL_ICD_VENDORS") ?? "/etc/OpenCL/vendors"
    let files = PrivateDirectory.names(in: folder).filter { $0.hasSuffix(".icd") }.sorted()
    guard !files.isEmpty else {
      return DeviceError(
        .noPlatform,
        """
        no OpenCL implementation is installed: \(folder) lists none; on Debian and Ubuntu `apt-get \
        install pocl-opencl-icd` adds one for the CPU, and a GPU's driver brings its own, in \
        /etc/OpenCL/vendors
        """, status: status)
    }
    return DeviceError(
      .noPlatform,
      """
      no OpenCL implementation works: \(folder) lists \(files.joined(separator: ", ")), and none of \
      the libraries named there could be loaded; on Debian and Ubuntu `apt-get install --reinstall \
      pocl-opencl-icd` mends PoCL's
      """, status: status)
  }
}
