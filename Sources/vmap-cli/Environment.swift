import Foundation

/// The environment of this process.
enum Environment {
  static func set(_ name: String, _ value: String) { setenv(name, value, 1) }

  /// Prints to the standard error.
  static func printError(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }
}

/// JSON on one call: keys sorted, indented.
enum JSON {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
