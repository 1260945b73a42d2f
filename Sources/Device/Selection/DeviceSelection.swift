/// The devices that a context uses, and why.
struct DeviceSelection: Sendable {
  /// The device for large launches.
  let wide: FoundDevice
  /// The device that runs small launches in the calling thread; the same one without a pair.
  let immediate: FoundDevice
  let reason: String

  var isPair: Bool { wide.device.raw != immediate.device.raw }
}

extension DeviceSelection {
  /// Chooses among the devices there are.
  ///
  /// - Parameters:
  ///   - request: `gpu`, `cpu`, `accelerator`, `platform:device` or a part of a name; nil for the
  ///     first GPU, else another accelerator, else the CPU.
  ///   - origin: Where the request comes from, for the messages.
  static func choose(
    _ request: String?, from devices: [FoundDevice], origin: String
  ) throws(DeviceError) -> DeviceSelection {
    guard let request = request?.lowercased(), !request.isEmpty else {
      for kind in [DeviceKind.gpu, .accelerator, .cpu] {
        let candidates = devices.filter { $0.description.kind == kind }
        if let first = candidates.first {
          let rank = kind == .cpu ? ", as there is nothing else" : ""
          return make(first, among: candidates, "the first \(kind.rawValue) found\(rank)")
        }
      }
      throw unknown("", devices, origin)
    }
    let why = "\(origin) asks for \"\(request)\""
    if let kind = DeviceKind(rawValue: request) {
      let candidates = devices.filter { $0.description.kind == kind }
      guard let first = candidates.first else { throw unknown(request, devices, origin) }
      return make(first, among: candidates, why)
    }
    if let exact = devices.first(where: { $0.description.index == request }) {
      return DeviceSelection(wide: exact, immediate: exact, reason: why)
    }
    let candidates = devices.filter { found in
      let description = found.description
      return [description.name, description.platformName, description.vendor].contains {
        $0.lowercased().contains(request)
      }
    }
    guard let first = candidates.first else { throw unknown(request, devices, origin) }
    return make(first, among: candidates, why)
  }

  /// Pairs PoCL's two devices for the CPU where both are candidates.
  private static func make(
    _ device: FoundDevice, among candidates: [FoundDevice], _ reason: String
  ) -> DeviceSelection {
    let platform = candidates.filter {
      $0.description.platformIndex == device.description.platformIndex
    }
    let own = device.description
    guard own.runsInCallingThread || own.runsOnAllCores,
      let immediate = platform.first(where: { $0.description.runsInCallingThread }),
      let wide = platform.first(where: { $0.description.runsOnAllCores })
    else {
      return DeviceSelection(wide: device, immediate: device, reason: reason)
    }
    return DeviceSelection(
      wide: wide, immediate: immediate,
      reason: "\(reason); small launches run on \(immediate.description.name)")
  }

  private static func unknown(
    _ request: String, _ devices: [FoundDevice], _ origin: String
  ) -> DeviceError {
    let list = devices.map { "  \($0.description)" }.joined(separator: "\n")
    return DeviceError(
      .invalidSelection,
      """
      \(origin) asks for "\(request)", which matches no device; use gpu, cpu, accelerator, \
      platform:device or a part of a name. There are:
      \(list)
      """)
  }
}
