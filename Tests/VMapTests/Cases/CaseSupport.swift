import Synchronization
import Testing
import VMap

extension Tensor where Scalar: TensorNumber {
  /// A tensor of a shape whose elements count from 0, or from another number, in row-major order.
  static func counting(_ shape: Int..., from first: Int = 0) throws -> Tensor {
    let count = shape.reduce(1, *)
    let scalars = (first..<first + count).compactMap(Scalar.init(exactly:))
    return try Tensor(shape: shape, scalars: scalars)
  }
}

/// Checks that a call fails with an error of a kind, whose message has all that is needed to find
/// the mistake.
func expectError<R>(
  _ kind: VMapError.Kind, naming words: String..., at location: SourceLocation = #_sourceLocation,
  _ call: () throws -> R
) {
  let error = #expect(throws: VMapError.self, sourceLocation: location) { try call() }
  guard let error else { return }
  #expect(error.kind == kind, "\(error)", sourceLocation: location)
  for word in words {
    #expect(error.message.contains(word), "\"\(word)\" in \(error)", sourceLocation: location)
  }
}

/// Checks the shape and the elements of a result.
func expect<Scalar: TensorScalar>(
  _ result: Tensor<Scalar>, _ shape: [Int], _ scalars: [Scalar],
  at location: SourceLocation = #_sourceLocation
) throws {
  #expect(result.shape == shape, sourceLocation: location)
  #expect(try result.scalars() == scalars, sourceLocation: location)
}

/// Counts how often a function is run.
final class CallCounter: Sendable {
  private let value = Atomic(0)

  var count: Int { value.load(ordering: .relaxed) }

  func add() { value.add(1, ordering: .relaxed) }
}

/// Two tensors with names.
struct Layer: TensorTree {
  var weights: Tensor<Int32>
  var bias: Tensor<Int32>

  mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    try visit("weights", &weights)
    try visit("bias", &bias)
  }
}

/// A struct of structs, with a field that is no tensor and one that may not be there.
struct Model: TensorTree {
  var title: String
  var layers: [Layer]
  var scale: Tensor<Int32>?

  mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    try visit("layers", &layers)
    try visit("scale", &scale)
  }
}
