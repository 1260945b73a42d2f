import Device

/// What the library's device layer says about this run.
struct DeviceReport {
  private let context: Context

  init() throws { context = try Context.shared() }

  /// The device and why it was chosen.
  var choice: String { "\(context.deviceName): \(context.selectionReason)" }

  /// Where the programs came from so far.
  var programs: String {
    let counters = context.counters
    return "\(counters.programsBuilt) built from source, \(counters.programsLoaded) from disk"
  }
}
