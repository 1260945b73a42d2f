extension Attribute {
  /// The attribute as it is printed, `axes=(0, 1)`.
  var text: String { "\(name)=\(value.text)" }
}

extension Attribute.Value {
  /// The value as JAX prints it; lists of integers in pairs where they are.
  var text: String {
    switch self {
    case .integer(let value): return "\(value)"
    case .integers(let values): return Self.tuple(values.map(\.dimensionText))
    case .lists(let lists):
      if lists.isEmpty { return "[]" }
      let texts = lists.map { "[\($0.map(\.dimensionText).joined(separator: ", "))]" }
      guard texts.count == 4 else { return Self.tuple(texts) }
      return Self.tuple([Self.tuple(Array(texts[..<2])), Self.tuple(Array(texts[2...]))])
    case .type(let type): return type.rawValue
    case .literal(let literal): return literal.typedText
    case .word(let word): return word.quotedText
    }
  }

  private static func tuple(_ parts: [String]) -> String {
    parts.count == 1 ? "(\(parts[0]),)" : "(\(parts.joined(separator: ", ")))"
  }
}

extension ScalarLiteral {
  /// The constant with its type, `1.0:f32[]`; what is printed gives back the same bits.
  var typedText: String { "\(exactText):\(type.rawValue)[]" }

  private var exactText: String {
    if type.isComplex { return "complex(\(parts.map(\.exactText).joined(separator: ", ")))" }
    if type == .bool { return bits != 0 ? "True" : "False" }
    guard type.isFloating, double.isNaN else { return text }
    return self == ScalarLiteral(.nan, as: type) ? "nan" : "nan(0x\(String(bits, radix: 16)))"
  }
}
