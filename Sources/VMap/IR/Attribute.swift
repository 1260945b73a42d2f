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

  /// What a value says of dimensions; what it is for a whole batch follows from that.
  package enum Role: Hashable, Sendable {
    /// Nothing, or what only the operation's own rule for batches knows.
    case plain
    /// Dimensions of the operands, which the results have, too.
    case dimensions
    /// Dimensions of the operands that the results do not have.
    case removedDimensions
    /// The last dimension of the operands.
    case lastDimension
    /// A number, or a pair of them, for each dimension of the operands: one that leaves the other
    /// dimensions alone is the same in all its places.
    case eachDimension(neutral: Int)
    /// A size within each dimension of the operands: the whole size leaves a dimension alone.
    case eachSize
    /// The shape of the results, whatever that of the operands is.
    case resultShape
    /// The dimension of the results that each dimension of the operands becomes.
    case resultDimensions
    /// The dimension of the operands that each dimension of the results is.
    case permutation
  }

  package let name: String
  package let value: Value
  package let role: Role

  package init(_ name: String, _ value: Value, _ role: Role = .plain) {
    self.name = name
    self.value = value
    self.role = role
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
