extension TypeSyntax: CustomStringConvertible {
  /// The type as it is written; of a large one, the beginning.
  var description: String {
    var text = ""
    write(to: &text)
    return text.abbreviated(to: TypeSyntax.maximumLength)
  }

  private static let maximumLength = 200

  private func write(to text: inout String) {
    // With aliases in it a type may be longer than any memory.
    guard text.utf8.count <= TypeSyntax.maximumLength else { return }
    switch self {
    case .tensor(let type): text += "\(type)"
    case .function(let type):
      TypeSyntax.write(type.parameters, to: &text)
      text += " -> "
      TypeSyntax.write(type.results, to: &text)
    case .other(let name): text += name
    }
  }

  private static func write(_ types: [TypeSyntax], to text: inout String) {
    text += "("
    for (position, type) in types.enumerated() {
      guard text.utf8.count <= maximumLength else { return }
      if position > 0 { text += ", " }
      type.write(to: &text)
    }
    text += ")"
  }
}

extension String {
  /// The beginning, where the text is longer than so many characters.
  func abbreviated(to count: Int) -> String {
    guard utf8.count > count else { return self }
    return "\(prefix(count))…"
  }
}
