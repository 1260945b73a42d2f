/// One token of StableHLO text, as MLIR's lexer cuts it.
struct Token: Equatable {
  enum Kind: Equatable {
    /// `stablehlo.add`, `tensor`, `x3xf32`: letters, digits, `_`, `$` and `.`.
    case word
    /// `%0`, `%arg1`: the name is without the sign.
    case value
    /// `@main`, `@"a name"`.
    case symbol
    /// `#stablehlo.gather`, `#loc1`.
    case attributeName
    /// `!stablehlo.token`.
    case typeName
    /// `^bb0`.
    case block
    /// `12`, `0xFF`.
    case integer
    /// `1.0`, `2.5e-3`.
    case float
    /// `"text"`, with its quotes and escapes.
    case string
    /// A character by itself, or `->`, `::`.
    case punctuation
    case end
  }

  let kind: Kind
  /// Where the token stands in the text, in bytes.
  let range: Range<Int>
}

/// A place in a text, counted from 1.
struct TextPosition: Sendable, Hashable {
  var line: Int
  var column: Int
}

/// The bytes of a module, with the places of its lines.
struct SourceText: Sendable {
  let bytes: [UInt8]

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The line and the column, in bytes, of an offset.
  func position(of offset: Int) -> TextPosition {
    var position = TextPosition(line: 1, column: 1)
    for byte in bytes.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        position.line += 1
        position.column = 1
      } else {
        position.column += 1
      }
    }
    return position
  }
}
