import ArgumentParser
import VMap

struct Devices: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the OpenCL devices, and says which one is used and why.")

  @OptionGroup var options: DeviceOptions
  @Flag(help: "Print JSON.") var json = false

  private struct Report: Encodable {
    var devices: [String]
    var chosen: String
    var reason: String
    var laneWidth: Int
  }

  func run() throws {
    options.apply()
    let current = try currentDevice()
    let report = Report(
      devices: try availableDevices(), chosen: current.name, reason: current.reason,
      laneWidth: current.laneWidth)
    if json {
      try Console.print(JSON.text(report))
      return
    }
    for device in report.devices { try Console.print(device) }
    try Console.print("used: \(report.chosen) (\(report.reason)), lanes: \(report.laneWidth)")
  }
}
