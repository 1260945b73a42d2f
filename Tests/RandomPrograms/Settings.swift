import Foundation

@testable import VMapTestSupport

/// What a run is asked to do.
struct Settings {
  var seed: UInt64
  var seconds = 60.0
  var count = Int.max
  /// The profiles that every program runs with; by default the device's own, and others by turns.
  var profile: String?
  var options = ProgramGenerator.Options()
  /// Whether the programs' derivatives are checked, and not they themselves.
  var isDifferentiated = false
  /// Where the smallest failing programs are written.
  var found: URL?
  /// How many cases are tried to make one smaller.
  var shrinkLimit = 400
  /// The longest time for that, in seconds.
  var shrinkSeconds = 200.0

  init(_ arguments: ArraySlice<String>) throws {
    seed = UInt64.random(in: 0..<1_000_000_000)
    var rest = arguments
    while let option = rest.popFirst() {
      guard let value = rest.popFirst() else { throw SettingsError("\(option) needs a value") }
      switch option {
      case "--seed": seed = try number(value, option)
      case "--minutes": seconds = 60 * (try number(value, option) as Double)
      case "--count": count = try number(value, option)
      case "--profile": profile = value
      case "--derivatives": isDifferentiated = value == "yes"
      case "--without": options.excluded = try Settings.kinds(value)
      case "--favoring": options.favored = try Settings.kinds(value)
      case "--found": found = URL(fileURLWithPath: value, isDirectory: true)
      case "--shrink": shrinkLimit = try number(value, option)
      default: throw SettingsError("there is no option \(option)")
      }
    }
  }

  private static func kinds(_ text: String) throws -> Set<String> {
    let kinds = Set(text.split(separator: ",").map(String.init))
    let known = Set(ProgramGenerator.weights.map(\.name))
    if let unknown = kinds.subtracting(known).first {
      throw SettingsError("there is no \(unknown) in \(known.sorted().joined(separator: ", "))")
    }
    return kinds
  }

  private func number<Number: LosslessStringConvertible>(
    _ text: String, _ option: String
  ) throws -> Number {
    guard let number = Number(text) else { throw SettingsError("\(option): \(text) is no number") }
    return number
  }
}

struct SettingsError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
