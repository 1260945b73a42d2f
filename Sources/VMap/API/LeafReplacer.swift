extension TensorTree {
  /// The tree with an error in place of its tensors; one that throws when it is visited stays as it is.
  func failing(with error: VMapError) -> Self {
    var copy = self
    var visitor = FailingVisitor(error: error)
    do { try copy.visitChildren(&visitor) } catch { return self }
    return copy
  }
}

/// Replaces the tensors of a tree by an error.
private struct FailingVisitor: StructureVisitor {
  let error: VMapError
  var structure = StructureHash()

  mutating func visitTensor(_ tensor: inout AnyTensor) throws {
    tensor.handle = .failed(error, tensor.handle.element)
  }
}

/// Replaces the tensors of a tree, in the order in which they are collected.
struct LeafReplacer: StructureVisitor {
  private var handles: ArraySlice<TensorHandle>
  var structure = StructureHash()

  init(_ handles: [TensorHandle]) { self.handles = handles[...] }

  /// A tree whose visits differ cannot be put together again.
  static let changedTree = VMapError(
    .invalidArgument, "a TensorTree visited other children the second time")

  /// Checks that every tensor has found its place, in the structure that was collected.
  func finish(_ expected: StructureHash? = nil) throws(VMapError) {
    guard handles.isEmpty, expected == nil || expected == structure else {
      throw LeafReplacer.changedTree
    }
  }

  /// A copy of a tree with the next tensors in place of its own.
  mutating func replace<Tree: TensorTree>(_ tree: Tree) throws -> Tree {
    structure.beginArgument()
    var copy = tree
    try copy.visitChildren(&self)
    return copy
  }

  mutating func visitTensor(_ tensor: inout AnyTensor) throws {
    structure.addTensor()
    guard let handle = handles.popFirst() else {
      throw LeafReplacer.changedTree
    }
    guard handle.element == tensor.handle.element else {
      if case .failed(let error) = handle.current { throw error }
      throw LeafReplacer.changedTree
    }
    tensor.handle = handle
  }
}
