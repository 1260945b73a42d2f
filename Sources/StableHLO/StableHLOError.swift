import VMap

/// What is wrong with a StableHLO module, and where.
public struct StableHLOError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of error.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The file cannot be read.
    case unreadable
    /// The text is not StableHLO.
    case syntax
    /// The text is StableHLO, but its types, names or attributes contradict each other.
    case invalid
    /// The module is valid, and uses what is not supported yet.
    case unsupported
  }

  /// The kind of error.
  public let kind: Kind
  /// What happened, and what was expected.
  public let message: String
  /// The line, counted from 1, where one is to blame.
  public let line: Int?
  /// The column, in bytes, counted from 1.
  public let column: Int?
  /// What is not supported, each once: operations, and types of elements.
  public let unsupported: [String]
  /// The name of the file, if the module came from one.
  public internal(set) var file: String?

  init(
    _ kind: Kind, _ message: String, at position: TextPosition? = nil, unsupported: [String] = []
  ) {
    self.kind = kind
    // Names and types of a text may be as long as it is, and have characters that are not seen.
    self.message = message.abbreviated(to: kind == .unsupported ? 10_000 : 2000).printable
    line = position?.line
    column = position?.column
    self.unsupported = unsupported
  }

  /// `file:line:column: message`, as compilers print it.
  public var description: String {
    var parts: [String] = []
    if let file { parts.append(file.printable) }
    if let line, let column { parts += ["\(line)", "\(column)"] }
    return parts.isEmpty ? message : "\(parts.joined(separator: ":")): \(message)"
  }
}
