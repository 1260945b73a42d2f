/// A compile-time parameter of an operation: printed, compared, and part of a program's identity.
package struct Attribute: Hashable, Sendable {
  package enum Value: Hashable, Sendable {
    case integer(Int)
    case integers([Int])
    case lists([[Int]])
    case type(ElementType)
    case literal(ScalarLiteral)
    case word(String)
  }

  package let name: String
  package let value: Value

  package init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

/// The attributes of one application by name, for making the operation again.
struct Attributes: Sendable {
  let operation: String
  let values: [String: Attribute.Value]

  init(operation: String, _ attributes: [Attribute]) {
    self.operation = operation
    values = Dictionary(attributes.map { ($0.name, $0.value) }) { first, _ in first }
  }

  func integer(_ name: String) throws(VMapError) -> Int {
    if case .integer(let value)? = values[name] { return value }
    throw missing(name, "an integer")
  }

  func integers(_ name: String) throws(VMapError) -> [Int] {
    if case .integers(let value)? = values[name] { return value }
    throw missing(name, "a list of integers")
  }

  func lists(_ name: String) throws(VMapError) -> [[Int]] {
    if case .lists(let value)? = values[name] { return value }
    throw missing(name, "lists of integers")
  }

  func type(_ name: String) throws(VMapError) -> ElementType {
    if case .type(let value)? = values[name] { return value }
    throw missing(name, "an element type")
  }

  func literal(_ name: String) throws(VMapError) -> ScalarLiteral {
    if case .literal(let value)? = values[name] { return value }
    throw missing(name, "a constant")
  }

  /// A word, or nil where there is no such attribute.
  func word(_ name: String) throws(VMapError) -> String? {
    guard let value = values[name] else { return nil }
    if case .word(let word) = value { return word }
    throw missing(name, "a word")
  }

  private func missing(_ name: String, _ kind: String) -> VMapError {
    VMapError(.parse, "\(operation): attribute \(name) should be \(kind)")
  }
}
