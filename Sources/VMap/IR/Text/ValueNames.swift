/// The names of a program's values in print: a, b, …, z, aa, ab, … in order of appearance.
struct ValueNames {
  /// Words of the grammar, which name no value.
  static let reserved: Set<String> = ["axes", "in", "inf", "lambda", "let", "nan"]

  private var names: [ValueID: String] = [:]
  private var next = 0

  /// The name of a value, a new one at its first appearance.
  mutating func name(of value: ValueID) -> String {
    if let known = names[value] { return known }
    var name = ValueNames.name(at: next)
    while ValueNames.reserved.contains(name) {
      next += 1
      name = ValueNames.name(at: next)
    }
    next += 1
    names[value] = name
    return name
  }

  /// The name at a position of the sequence.
  private static func name(at position: Int) -> String {
    var letters: [UInt8] = []
    var rest = position
    repeat {
      letters.append(UInt8(ascii: "a") + UInt8(rest % 26))
      rest = rest / 26 - 1
    } while rest >= 0
    return String(decoding: letters.reversed(), as: UTF8.self)
  }
}
