import Foundation

/// One example: checks its answers, writes its picture, and says how it went.
public struct Example {
  private let name: String
  private var failures = 0

  /// Prints the title; the picture's file gets the name.
  public init(_ name: String, _ title: String) {
    self.name = name
    print("\n\(title)\n\(String(repeating: "─", count: title.count))")
  }

  /// Prints what was found, and counts a failure where it is not as expected.
  public mutating func check(_ found: String, _ holds: Bool) {
    print(holds ? found : "WRONG: \(found)")
    if !holds { failures += 1 }
  }

  /// Runs a piece of work, and prints its time.
  public func timed<Result>(_ label: String, _ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    let result = try body()
    let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
    print("\(label): \(rounded(milliseconds)) ms")
    return result
  }

  /// Writes the picture into the folder that the first argument names, and ends the program.
  public func finish(_ picture: Picture) throws -> Never {
    let folder = CommandLine.arguments.dropFirst().first ?? ".build/pictures"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    let path = "\(folder)/\(name).png"
    try picture.png.write(to: URL(fileURLWithPath: path))
    print("picture: \(path)")
    print(failures == 0 ? "All answers are as expected." : "\(failures) answers are wrong.")
    exit(failures == 0 ? 0 : 1)
  }
}

/// A number with three digits, for reading.
public func rounded(_ value: Double) -> String { String(format: "%.3g", value) }
