/// What a device says about itself.
public struct DeviceDescription: Sendable, Hashable, CustomStringConvertible {
  /// The position of the platform in the list of platforms.
  public let platformIndex: Int
  /// The position of the device in its platform's list.
  public let deviceIndex: Int
  /// The platform's name.
  public let platformName: String
  /// The platform's version.
  public let platformVersion: String
  /// The device's name.
  public let name: String
  /// The device's vendor.
  public let vendor: String
  /// The version of OpenCL that the device implements.
  public let version: String
  /// The driver's version.
  public let driverVersion: String
  /// The version of OpenCL C that the device's compiler accepts.
  public let languageVersion: String
  /// The device's extensions.
  public let extensions: Set<String>
  /// The kind of the device.
  public let kind: DeviceKind
  /// How many compute units there are; cores, on a CPU.
  public let computeUnits: Int
  /// The width of float vectors that the device prefers, in elements.
  public let preferredFloatWidth: Int
  /// The largest number of work-items in a group.
  public let maximumWorkGroupSize: Int
  /// All of the device's memory, in bytes.
  public let globalMemoryBytes: Int
  /// The largest single allocation, in bytes.
  public let maximumAllocationBytes: Int
  /// The local memory of a work-group, in bytes.
  public let localMemoryBytes: Int
  /// Whether local memory is memory of its own and not ordinary memory.
  public let hasDedicatedLocalMemory: Bool
  /// The most bytes that a kernel's arguments may have together.
  public let maximumArgumentBytes: Int
  /// The alignment of buffers, in bytes.
  public let alignment: Int
  /// Whether the device computes in double precision.
  public let hasDouble: Bool
  /// Whether quotients and square roots of single precision can be the nearest number there is.
  public let roundsQuotients: Bool
  /// Whether allocations can be shared with the host without maps or copies.
  public let hasFineGrainSharedMemory: Bool
  /// Whether kernels can be given any address of the host, and not only of memory that is OpenCL's.
  public let hasSystemSharedMemory: Bool

  /// How `VMAP_DEVICE` names exactly this device.
  public var index: String { "\(platformIndex):\(deviceIndex)" }

  /// The index, kind, name and platform.
  public var description: String { "\(index) \(kind.rawValue) \(name) (\(platformName))" }
}

extension DeviceDescription {
  /// PoCL's device that runs a kernel inside the call that enqueues it, in the calling thread.
  ///
  /// Two threads that enqueue on one of its queues deadlock PoCL 3 and 4.
  var runsInCallingThread: Bool { isPoCL && hasName(["basic", "cpu-minimal"]) }

  /// PoCL's device with a thread for each core.
  var runsOnAllCores: Bool { isPoCL && !runsInCallingThread && hasName(["pthread", "cpu"]) }

  /// Whether two compilations at once can end the process or wait for each other for ever: in Intel's
  /// runtime for CPUs, both were seen in its compiler.
  var compilesOneAtATime: Bool { platformName == "Intel(R) OpenCL" && kind == .cpu }

  /// Whether the compiler reads Clang's declarations of all built-in functions before each program, and
  /// a macro keeps it from that.
  var readsLongHeader: Bool { majorVersionOfPoCL == 3 }

  /// Whether a launch can end the process when one of the same kernel over fewer work-items runs: with
  /// PoCL before 6.
  var confusesCode: Bool { kind == .cpu && (majorVersionOfPoCL ?? 6) < 6 }

  /// Whether code that no launch runs may be dropped when there is much: PoCL 3 counts the launches on
  /// all cores twice and their ends once, so that their code stays.
  var dropsCode: Bool { runsInCallingThread || (majorVersionOfPoCL ?? 0) > 3 }

  /// Whether kernels take any address of the host.
  ///
  /// They do where the driver says so, and where PoCL 3 runs them in the process, without a word. Later
  /// versions of it look whether the memory is theirs, or say it.
  var takesAnyAddress: Bool {
    hasSystemSharedMemory || kind == .cpu && majorVersionOfPoCL == 3
  }

  /// The version's first number, of "OpenCL 3.0 PoCL 3.1 …".
  private var majorVersionOfPoCL: Int? {
    guard isPoCL, let name = platformVersion.firstRange(of: "PoCL ") else { return nil }
    return Int(platformVersion[name.upperBound...].prefix { $0.isNumber })
  }

  var isPoCL: Bool { platformName == DeviceDescription.platformOfPoCL }

  static let platformOfPoCL = "Portable Computing Language"

  private func hasName(_ candidates: [String]) -> Bool {
    candidates.contains { name == $0 || name.hasPrefix("\($0)-") }
  }
}
