/// A piece of a template: text to copy, a word that depends on type and width, or a function.
enum CodeToken: Sendable, Hashable {
  case text(String)
  case word(Word)
  case function(name: String, type: MathType?)

  /// The words of the templates.
  ///
  /// `F` is the element type, `I` and `U` are the integers of its size, as wide as the function.
  enum Word: String, Sendable {
    case float = "F"
    case signed = "I"
    case unsigned = "U"
    case asFloat = "as_F"
    case asSigned = "as_I"
    case asUnsigned = "as_U"
    case convertFloat = "convert_F"
    case convertSigned = "convert_I"
    case convertUnsigned = "convert_U"
    case select = "SEL"
    case any = "ANY"
  }

  /// Cuts OpenCL C text into tokens.
  static func split(_ bytes: [UInt8]) -> [CodeToken] {
    var tokens: [CodeToken] = []
    var copied: [UInt8] = []
    var position = 0
    while position < bytes.count {
      var end = position
      while end < bytes.count, isIdentifier(bytes[end]) { end += 1 }
      if end == position {
        copied.append(bytes[end])
        position += 1
        continue
      }
      let run = bytes[position..<end]
      if let token = CodeToken(identifier: String(decoding: run, as: UTF8.self)) {
        tokens.append(.text(String(decoding: copied, as: UTF8.self)))
        tokens.append(token)
        copied = []
      } else {
        copied += run
      }
      position = end
    }
    tokens.append(.text(String(decoding: copied, as: UTF8.self)))
    return tokens
  }

  private init?(identifier: String) {
    if let word = Word(rawValue: identifier) {
      self = .word(word)
    } else if identifier.hasPrefix("vm_") {
      let name = String(identifier.dropFirst(3))
      let type = MathType.allCases.first { name.hasSuffix("_\($0.rawValue)") }
      self = .function(name: type == nil ? name : String(name.dropLast(4)), type: type)
    } else {
      return nil
    }
  }

  private static func isIdentifier(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default:
      false
    }
  }

  /// The key of a definition among the others.
  static func key(_ name: String, _ type: MathType?) -> String {
    type.map { "\(name)_\($0.rawValue)" } ?? name
  }
}
