import Foundation
import VMap

/// The environment of this process.
enum Environment {
  static func set(_ name: String, _ value: String) { setenv(name, value, 1) }
}

/// What the command prints; each write is checked, so that no result is lost in silence.
enum Console {
  /// Keeps the numbers of the standard streams from going to other files where one is closed.
  static func prepare() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest number that is free; writing to it fails.
      _ = open("/dev/null", O_RDONLY)
    }
    // A file of which pages are read when they are used may be shortened by others until then.
    signal(SIGBUS) { _ in
      let message: StaticString = "Error: a file was shortened while it was read\n"
      _ = write(2, message.utf8Start, message.utf8CodeUnitCount)
      _exit(1)
    }
  }

  static func print(_ text: some CustomStringConvertible) throws(VMapError) {
    try File.print("\(text)\n", to: 1, called: "the standard output")
  }

  static func printError(_ text: String, terminator: String = "\n") throws(VMapError) {
    try File.print("\(text)\(terminator)", to: 2, called: "the standard error")
  }
}

/// What is wrong with a call of the command, as far as its files say; others are wrong by themselves.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// JSON on one call: keys sorted, indented.
enum JSON {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
