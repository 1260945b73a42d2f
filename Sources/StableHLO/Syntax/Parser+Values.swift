import VMap

extension Parser {
  /// Makes a value of the current function.
  mutating func define(
    _ name: String, _ types: [TypeSyntax], at offset: Int
  ) throws(StableHLOError) -> [Slot] {
    guard !scopes.contains(where: { $0[name] != nil }) else {
      throw contradiction("%\(name) is defined twice", at: offset)
    }
    let slots = try addValues(types, at: offset)
    if !scopes.isEmpty { scopes[scopes.count - 1][name] = slots }
    return slots
  }

  /// Makes values without a name.
  mutating func addValues(
    _ types: [TypeSyntax], at offset: Int
  ) throws(StableHLOError) -> [Slot] {
    guard types.count <= Parser.maximumValues - self.types.count else {
      throw error("a function has more than \(Parser.maximumValues) values", at: offset)
    }
    let slots = Array(self.types.count..<self.types.count + types.count)
    self.types += types
    return slots
  }

  /// A use of a value, `%0` or `%0#1`.
  mutating func use() throws(StableHLOError) -> Slot {
    guard token.kind == .value else { throw expected("a value") }
    let start = token.range.lowerBound
    let name = nameText
    let end = token.range.upperBound
    try advance()
    var number = 0
    if token.kind == .attributeName, token.range.lowerBound == end {
      guard let given = Int(nameText) else { throw expected("a number behind %\(name)#") }
      number = given
      try advance()
    }
    guard let slots = scopes.last(where: { $0[name] != nil })?[name] else {
      throw contradiction("%\(name) is not defined here", at: start)
    }
    guard slots.indices.contains(number) else {
      throw contradiction(
        "%\(name) has \(quantity(slots.count, "value")), there is no %\(name)#\(number)", at: start)
    }
    return slots[number]
  }
}
