import COpenCL

extension DeviceInventory {
  /// Asks a device for everything in its description.
  func describe(
    _ device: OpaquePointer, index: (Int, Int), platform: (name: String, version: String)
  ) throws(DeviceError) -> DeviceDescription {
    // Added with OpenCL 2.0, so that older devices may not know it.
    let sharing: UInt64 = optionalNumber(device, CL_DEVICE_SVM_CAPABILITIES) ?? 0
    let singles: UInt64 = optionalNumber(device, CL_DEVICE_SINGLE_FP_CONFIG) ?? 0
    let doubles: UInt64 = optionalNumber(device, CL_DEVICE_DOUBLE_FP_CONFIG) ?? 0
    let extensions = try text(device, CL_DEVICE_EXTENSIONS).split(separator: " ").map(String.init)
    let kind: UInt64 = try number(device, CL_DEVICE_TYPE)
    let localKind: UInt32 = try number(device, CL_DEVICE_LOCAL_MEM_TYPE)
    let units: UInt32 = try number(device, CL_DEVICE_MAX_COMPUTE_UNITS)
    let width: UInt32 = try number(device, CL_DEVICE_PREFERRED_VECTOR_WIDTH_FLOAT)
    let group: Int = try number(device, CL_DEVICE_MAX_WORK_GROUP_SIZE)
    let memory: UInt64 = try number(device, CL_DEVICE_GLOBAL_MEM_SIZE)
    let allocation: UInt64 = try number(device, CL_DEVICE_MAX_MEM_ALLOC_SIZE)
    let local: UInt64 = try number(device, CL_DEVICE_LOCAL_MEM_SIZE)
    let arguments: Int = try number(device, CL_DEVICE_MAX_PARAMETER_SIZE)
    let alignmentBits: UInt32 = try number(device, CL_DEVICE_MEM_BASE_ADDR_ALIGN)
    return DeviceDescription(
      platformIndex: index.0, deviceIndex: index.1,
      platformName: platform.name, platformVersion: platform.version,
      name: try text(device, CL_DEVICE_NAME), vendor: try text(device, CL_DEVICE_VENDOR),
      version: try text(device, CL_DEVICE_VERSION),
      driverVersion: try text(device, CL_DRIVER_VERSION),
      languageVersion: try text(device, CL_DEVICE_OPENCL_C_VERSION),
      extensions: Set(extensions), kind: DeviceKind(typeBits: kind), computeUnits: Int(units),
      preferredFloatWidth: Int(width), maximumWorkGroupSize: group,
      globalMemoryBytes: Int(clamping: memory), maximumAllocationBytes: Int(clamping: allocation),
      localMemoryBytes: Int(clamping: local), hasDedicatedLocalMemory: localKind == CL_LOCAL,
      maximumArgumentBytes: arguments, alignment: max(128, Int(alignmentBits) / 8),
      hasDouble: doubles != 0 || extensions.contains("cl_khr_fp64"),
      roundsQuotients: singles & UInt64(CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0,
      hasFineGrainSharedMemory: sharing & UInt64(CL_DEVICE_SVM_FINE_GRAIN_BUFFER) != 0,
      hasSystemSharedMemory: sharing & UInt64(CL_DEVICE_SVM_FINE_GRAIN_SYSTEM) != 0)
  }

  func platformText(_ platform: OpaquePointer, _ name: Int32) throws(DeviceError) -> String {
    try driverText("clGetPlatformInfo") { size, bytes, needed in
      driver.getPlatformInfo(platform, UInt32(name), size, bytes, needed)
    }
  }

  private func number<T: FixedWidthInteger>(
    _ device: OpaquePointer, _ name: Int32
  ) throws(DeviceError) -> T {
    var value: T = 0
    try DeviceError.check(
      driver.getDeviceInfo(device, UInt32(name), MemoryLayout<T>.size, &value, nil),
      "clGetDeviceInfo", "for property \(name)")
    return value
  }

  private func optionalNumber<T: FixedWidthInteger>(
    _ device: OpaquePointer, _ name: Int32
  ) -> T? {
    var value: T = 0
    let status = driver.getDeviceInfo(device, UInt32(name), MemoryLayout<T>.size, &value, nil)
    return status == 0 ? value : nil
  }

  private func text(_ device: OpaquePointer, _ name: Int32) throws(DeviceError) -> String {
    try driverText("clGetDeviceInfo") { size, bytes, needed in
      driver.getDeviceInfo(device, UInt32(name), size, bytes, needed)
    }
  }
}

/// Reads a text of unknown length from one of the driver's information calls.
func driverText(
  _ call: StaticString,
  _ body: (Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Int32
) throws(DeviceError) -> String {
  var count = 0
  try DeviceError.check(body(0, nil, &count), call, "while asking for a text's length")
  guard count > 0 else { return "" }
  var bytes = [UInt8](repeating: 0, count: count)
  try DeviceError.check(body(count, &bytes, nil), call, "while reading a text")
  let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  // Some drivers pad names with spaces.
  let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\n" }
  let trimmed = text.drop(while: isSpace)
  return String(trimmed.reversed().drop(while: isSpace).reversed())
}
