import Testing

@testable import Device

@Suite struct SelectionTests {
  private func device(
    _ index: (Int, Int), _ name: String, _ kind: DeviceKind, platform: String = "Vendor"
  ) throws -> FoundDevice {
    let raw = try #require(OpaquePointer(bitPattern: 0x1000 + index.0 * 0x100 + index.1 * 8))
    return FoundDevice(
      platform: DeviceHandle(raw: raw), device: DeviceHandle(raw: raw),
      description: DeviceDescription(
        platformIndex: index.0, deviceIndex: index.1, platformName: platform,
        platformVersion: "OpenCL 3.0", name: name, vendor: "Maker", version: "", driverVersion: "",
        languageVersion: "", extensions: [], kind: kind, computeUnits: 2, preferredFloatWidth: 8,
        maximumWorkGroupSize: 1024, globalMemoryBytes: 1, maximumAllocationBytes: 1,
        localMemoryBytes: 1, hasDedicatedLocalMemory: false, maximumArgumentBytes: 1,
        alignment: 128, hasDouble: true, roundsQuotients: true, hasFineGrainSharedMemory: true,
        hasSystemSharedMemory: false))
  }

  private func choose(
    _ request: String?, _ devices: [FoundDevice]
  ) throws(DeviceError) -> (wide: String, immediate: String) {
    let choice = try DeviceSelection.choose(request, from: devices, origin: "VMAP_DEVICE")
    return (choice.wide.description.name, choice.immediate.description.name)
  }

  private func everything(old: Bool = true) throws -> [FoundDevice] {
    let pocl = "Portable Computing Language"
    return [
      try device((0, 0), old ? "basic-zen" : "cpu-minimal-zen", .cpu, platform: pocl),
      try device((0, 1), old ? "pthread-zen" : "cpu-zen", .cpu, platform: pocl),
      try device((1, 0), "Intel Xeon", .cpu, platform: "Intel(R) OpenCL"),
      try device((2, 0), "FPGA", .accelerator),
      try device((3, 0), "NVIDIA H200", .gpu, platform: "NVIDIA CUDA"),
      try device((3, 1), "NVIDIA T4", .gpu, platform: "NVIDIA CUDA"),
    ]
  }

  @Test func theOrderIsGPUThenAcceleratorThenCPU() throws {
    let all = try everything()
    #expect(try choose(nil, all) == ("NVIDIA H200", "NVIDIA H200"))
    #expect(try choose("", all) == ("NVIDIA H200", "NVIDIA H200"))
    #expect(try choose(nil, Array(all[..<4])) == ("FPGA", "FPGA"))
    #expect(try choose(nil, Array(all[..<3])) == ("pthread-zen", "basic-zen"))
    #expect(try choose(nil, [all[2]]) == ("Intel Xeon", "Intel Xeon"))
  }

  @Test(arguments: [false, true]) func theCPUDevicesArePaired(old: Bool) throws {
    let all = try everything(old: old)
    let (wide, immediate) = old ? ("pthread-zen", "basic-zen") : ("cpu-zen", "cpu-minimal-zen")
    #expect(try choose("cpu", all) == (wide, immediate))
    #expect(try choose("CPU", all) == (wide, immediate))
    #expect(try choose("portable", all) == (wide, immediate))
    #expect(try choose("0:1", all) == (wide, wide))
    #expect(try choose("0:0", all) == (immediate, immediate))
    #expect(try choose("cpu", Array(all[1...])) == (wide, wide))
    #expect(try choose("cpu", [all[0], all[2]]) == (immediate, immediate))
  }

  @Test func requestsByKindIndexAndName() throws {
    let all = try everything()
    #expect(try choose("gpu", all).wide == "NVIDIA H200")
    #expect(try choose("accelerator", all).wide == "FPGA")
    #expect(try choose("3:1", all).wide == "NVIDIA T4")
    #expect(try choose("t4", all).wide == "NVIDIA T4")
    #expect(try choose("intel", all).wide == "Intel Xeon")
  }

  @Test(arguments: ["9:0", "radeon", ":", "0:", "-1"])
  func anUnknownRequestListsWhatThereIs(request: String) throws {
    let all = try everything()
    let error = deviceError { try choose(request, all) }
    #expect(error?.kind == .invalidSelection)
    for found in all { #expect(error?.message.contains(found.description.name) == true) }
    #expect(error?.message.contains("VMAP_DEVICE asks for \"\(request)\"") == true)
  }

  @Test func aKindThatIsMissingIsAnError() throws {
    let all = try everything()
    #expect(deviceError { try choose("gpu", Array(all[..<3])) }?.kind == .invalidSelection)
  }

  @Test func noPlatformNamesThePackageToInstall() {
    let faults = FaultyDriver()
    faults.fail("clGetPlatformIDs", -1001)
    let error = deviceError { try makeContext(faults) }
    #expect(error?.kind == .noPlatform)
    #expect(error?.status == -1001)
    #expect(error?.message.contains("pocl-opencl-icd") == true)
  }

  @Test func noDeviceIsAnErrorOfItsOwn() {
    let faults = FaultyDriver()
    faults.fail("clGetDeviceIDs", -1)
    #expect(deviceError { try makeContext(faults) }?.kind == .noDevice)
  }

  @Test func otherFailuresNameTheCall() {
    let faults = FaultyDriver()
    faults.fail("clGetDeviceIDs", -6)
    let error = deviceError { try makeContext(faults) }
    #expect(error?.kind == .call)
    #expect(error?.message.contains("clGetDeviceIDs") == true)
    #expect(error?.statusName == "CL_OUT_OF_HOST_MEMORY")
  }

  @Test func theListOfDevicesSaysWhatIsHere() throws {
    let devices = try Context.devices()
    let cpu = try #require(devices.first { $0.kind == .cpu })
    #expect(cpu.computeUnits > 0 && cpu.globalMemoryBytes > 0 && cpu.maximumAllocationBytes > 0)
    #expect(!cpu.name.isEmpty && !cpu.platformName.isEmpty && !cpu.driverVersion.isEmpty)
    #expect(cpu.description.hasPrefix(cpu.index))
    #expect(try makeContext().deviceDescription.kind == .cpu)
    #expect(try makeContext().selectionReason.contains("\"cpu\""))
  }
}
