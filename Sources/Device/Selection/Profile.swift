/// What scheduling may know of a device.
public struct Profile: Sendable, Hashable {
  /// The profile's name: the device's kind, or the name of a forced profile.
  public var name: String
  /// The kind of the device.
  public var kind: DeviceKind
  /// How many batch elements one work-item computes in the lanes of a vector: 1, 4, 8 or 16.
  public var laneWidth: Int
  /// How many work-items a group has.
  public var workGroupSize: Int
  /// How many work-items a group can have.
  public var maximumWorkGroupSize: Int
  /// How many compute units there are; cores, on a CPU.
  public var computeUnits: Int
  /// The local memory of a work-group, in bytes.
  public var localMemoryBytes: Int
  /// Whether local memory is faster than ordinary memory.
  public var usesLocalMemory: Bool
  /// Whether the device computes in double precision.
  public var hasDouble: Bool
  /// The largest single allocation, in bytes.
  public var maximumAllocationBytes: Int
  /// All of the device's memory, in bytes.
  public var globalMemoryBytes: Int
  /// The most bytes that a kernel's arguments may have together.
  public var maximumArgumentBytes: Int
  /// Whether buffers are ordinary memory of the host, so that reading them copies nothing.
  public var sharesHostMemory: Bool
  /// Which of each kernel's possible schedules is taken, counted round; `nil` for the one that seems
  /// fastest.
  public var schedule: Int?
}

extension Profile {
  init(_ selection: DeviceSelection) {
    let wide = selection.wide.description
    let immediate = selection.immediate.description
    let isCPU = wide.kind == .cpu
    let widths = [16, 8, 4, 1]
    name = wide.kind.rawValue
    kind = wide.kind
    laneWidth = isCPU ? widths.first { $0 <= wide.preferredFloatWidth } ?? 1 : 1
    workGroupSize = min(isCPU ? 64 : 128, max(1, wide.maximumWorkGroupSize))
    maximumWorkGroupSize = max(
      1, min(wide.maximumWorkGroupSize, immediate.maximumWorkGroupSize))
    computeUnits = max(1, wide.computeUnits)
    localMemoryBytes = min(wide.localMemoryBytes, immediate.localMemoryBytes)
    usesLocalMemory = wide.hasDedicatedLocalMemory
    hasDouble = wide.hasDouble && immediate.hasDouble
    maximumAllocationBytes = min(wide.maximumAllocationBytes, immediate.maximumAllocationBytes)
    globalMemoryBytes = min(wide.globalMemoryBytes, immediate.globalMemoryBytes)
    maximumArgumentBytes = min(wide.maximumArgumentBytes, immediate.maximumArgumentBytes)
    sharesHostMemory = wide.hasFineGrainSharedMemory && immediate.hasFineGrainSharedMemory
  }

  /// The names of the profiles that can be forced.
  public static let forcedNames = ["own", "nvidia", "scalar", "lanes4", "lanes8", "lanes16"]

  /// Gives a device the shape of another one, so that its schedules can be tested anywhere.
  ///
  /// - Parameters:
  ///   - name: `nvidia` for one element a work-item, groups of 32, local memory and as many compute
  ///     units as a GPU has; `scalar`, `lanes4`, `lanes8` or `lanes16` for so many lanes; `own` for the
  ///     device's shape. A number after a slash takes another of each kernel's schedules: `lanes8/3`.
  ///     All of them give the same bits.
  ///   - base: The profile of the device that will run the kernels.
  /// - Returns: The changed profile; sizes and limits stay those of the device.
  /// - Throws: `invalidProfile` for any other name.
  public static func forced(_ name: String, base: Profile) throws(DeviceError) -> Profile {
    var profile = base
    profile.name = name
    let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count > 1 {
      guard let number = Int(parts[1]), number >= 0 else {
        throw DeviceError(.invalidProfile, "\"\(parts[1])\" is no number of a schedule")
      }
      profile.schedule = number
    }
    switch parts[0] {
    case "own": break
    case "nvidia":
      profile.kind = .gpu
      profile.laneWidth = 1
      profile.workGroupSize = 32
      profile.maximumWorkGroupSize = min(256, base.maximumWorkGroupSize)
      profile.localMemoryBytes = min(48 << 10, base.localMemoryBytes)
      profile.computeUnits = 64
      profile.usesLocalMemory = true
    case "scalar": profile.laneWidth = 1
    case "lanes4": profile.laneWidth = 4
    case "lanes8": profile.laneWidth = 8
    case "lanes16": profile.laneWidth = 16
    default:
      throw DeviceError(
        .invalidProfile,
        """
        there is no profile named "\(name)"; VMAP_PROFILE can be \
        \(forcedNames.joined(separator: ", "))
        """)
    }
    return profile
  }
}
