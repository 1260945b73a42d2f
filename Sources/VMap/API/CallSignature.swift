/// What decides whether a compiled program fits a call: structure, other fields,
/// element types and shapes.
struct CallSignature: Hashable, Sendable {
  struct Leaf: Hashable, Sendable {
    let element: ElementType
    /// The shape, with −1 for dimensions whose size does not matter.
    var shape: [Int]
    /// Which segmentation says whose its rows are, if it is of examples of different lengths.
    var segments: Int?
  }

  var structure = StructureHash()
  /// What the trees hold besides the tensors that they visit; 0 if that is nothing.
  var fields = 0
  var leaves: [Leaf] = []

  /// The signature with the mapped dimensions left open.
  func masking(_ dimensions: [[Int?]]) -> CallSignature {
    var result = self
    for level in dimensions {
      for (leaf, dimension) in level.enumerated() {
        if let dimension { result.leaves[leaf].shape[dimension] = -1 }
      }
    }
    return result
  }
}

/// Collects the tensors of a call and its signature.
struct SignatureCollector: StructureVisitor {
  private(set) var handles: [TensorHandle] = []
  private(set) var signature = CallSignature()
  /// What is stored of arguments with examples of different lengths; nil where there are none.
  private(set) var ragged: StoredArguments?
  /// The trace that an argument belongs to.
  private(set) var trace: Trace?

  mutating func add<Tree: TensorTree>(_ tree: Tree) throws {
    structure.beginArgument()
    var copy = tree
    try copy.visitChildren(&self)
  }

  var structure: StructureHash {
    get { signature.structure }
    set { signature.structure = newValue }
  }

  /// Takes what the arguments hold besides the tensors that they visit.
  mutating func add(_ fields: FieldReflection) {
    var fields = fields
    fields.add(emptyChildren: structure.emptyChildren)
    signature.fields = fields.hash
  }

  /// Takes what is stored in the place of arguments with examples of different lengths.
  mutating func storeRagged() throws(VMapError) {
    guard handles.contains(where: { $0.raggedRows != nil }) else { return }
    let stored = try StoredArguments(handles)
    (handles, signature.leaves) = (stored.handles, stored.leaves)
    for handle in handles where trace == nil { trace = handle.trace }
    ragged = stored
  }

  mutating func visitTensor(_ tensor: inout AnyTensor) throws {
    handles.append(tensor.handle)
    structure.addTensor()
    signature.leaves.append(
      CallSignature.Leaf(element: tensor.handle.element, shape: tensor.handle.shape))
    if case .traced(let trace, _) = tensor.handle.current { self.trace = trace }
  }
}

extension CallSignature.Leaf {
  func accepts(_ other: CallSignature.Leaf) -> Bool {
    element == other.element && segments == other.segments && shape.count == other.shape.count
      && zip(shape, other.shape).allSatisfy { $0 == -1 || $0 == $1 }
  }
}
