/// A value made of tensors: what `vmap` takes apart and puts together.
///
/// Tensors, and arrays, optionals and dictionaries of trees are trees. A struct is one by saying so: the
/// fields that are trees are its children, under the names that ``Axes`` and errors use.
///
///     struct Layer: TensorTree {
///       var weights: Tensor<Float>, bias: Tensor<Float>
///     }
///
/// An enum says itself what its children are, and so does a struct that wants other names or another
/// order, or to be visited in less time:
///
///     mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
///       try visit("weights", &weights)
///       try visit("bias", &bias)
///     }
///
/// All tensors must be visited: a call throws ``VMapError`` of kind `invalidArgument` that names one
/// that is not. Trees are values: a class that conforms is refused. What a tree holds besides tensors,
/// such as a number or a case of an enum, belongs to its structure: a function is compiled for it once
/// more when it is another. Functions and other fields that are not `Hashable` cannot be compared, and
/// are those of the first call.
public protocol TensorTree: Sendable, SendableMetatype {
  /// Calls the visitor with each child, always in the same order.
  mutating func visitChildren(_ visit: inout some TreeVisitor) throws
}

extension TensorTree {
  /// Visits the fields that are trees, in the order in which the struct declares them.
  ///
  /// - Throws: ``VMapError`` where the tree is no struct, or such a field is a `let`.
  public mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    let fields = try StoredFields.of(Self.self)
    try withUnsafeMutableBytes(of: &self) { try fields.visit(in: $0, &visit) }
  }
}

/// What ``TensorTree/visitChildren(_:)`` hands its children to.
///
/// The library's own visitors read and replace tensors.
public protocol TreeVisitor {
  /// Visits a child that has a name.
  mutating func callAsFunction<Child: TensorTree>(_ name: String, _ child: inout Child) throws
  /// Visits a child that has a position: an element of an array or a tuple.
  mutating func callAsFunction<Child: TensorTree>(_ position: Int, _ child: inout Child) throws
  /// Visits a tensor; only ``Tensor`` calls this.
  mutating func visitTensor(_ tensor: inout AnyTensor) throws
}

extension Array: TensorTree where Element: TensorTree {
  /// Visits the elements in order.
  public mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    for index in indices { try visit(index, &self[index]) }
  }
}

extension Optional: TensorTree where Wrapped: TensorTree {
  /// Visits what is wrapped, as if it stood there itself.
  public mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    try self?.visitChildren(&visit)
  }
}

extension Dictionary: TensorTree where Key == String, Value: TensorTree {
  /// Visits the values in the order of their keys.
  public mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    for key in keys.sorted() {
      guard var value = self[key] else { continue }
      try visit(key, &value)
      self[key] = value
    }
  }
}

/// A tuple of trees as one tree: Swift's own tuples cannot conform to protocols.
///
///     vmap { (pair: Tuple<Tensor<Float>, Tensor<Float>>) in
///       let (x, y) = pair.elements
///       return x * y
///     }
public struct Tuple<each Element: TensorTree>: TensorTree {
  /// The members.
  public var elements: (repeat each Element)

  /// Makes a tree of its members.
  public init(_ elements: repeat each Element) { self.elements = (repeat each elements) }

  /// Visits the members in order.
  public mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    var position = 0
    func next<Child: TensorTree>(
      _ child: Child, _ visit: inout some TreeVisitor
    ) throws -> Child {
      var child = child
      try visit(position, &child)
      position += 1
      return child
    }
    elements = (repeat try next(each elements, &visit))
  }
}
