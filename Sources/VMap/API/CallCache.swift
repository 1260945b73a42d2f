import Synchronization

/// A hash of the names and the nesting of trees, in the order in which they are visited (FNV-1a).
struct StructureHash: Hashable, Sendable {
  private var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func beginArgument() { mix(0xff) }
  mutating func beginChild(_ name: String = "") {
    for byte in name.utf8 { mix(byte) }
    mix(0xfd)
  }
  mutating func endChild() { mix(0xfe) }
  mutating func addTensor() { mix(0xfc) }

  private mutating func mix(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
}

/// What decides whether a compiled program fits a call: structure, element types and shapes.
struct CallSignature: Hashable, Sendable {
  struct Leaf: Hashable, Sendable {
    let element: ElementType
    /// The shape, with −1 for dimensions whose size does not matter.
    var shape: [Int]
  }

  var structure = StructureHash()
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
struct SignatureCollector: TreeVisitor {
  private(set) var handles: [TensorHandle] = []
  private(set) var signature = CallSignature()
  /// The trace that an argument belongs to.
  private(set) var trace: Trace?

  mutating func add<Tree: TensorTree>(_ tree: Tree) throws {
    signature.structure.beginArgument()
    var copy = tree
    try copy.visitChildren(&self)
  }

  mutating func callAsFunction<Child: TensorTree>(_ name: String, _ child: inout Child) throws {
    signature.structure.beginChild(name)
    try child.visitChildren(&self)
    signature.structure.endChild()
  }

  mutating func callAsFunction<Child: TensorTree>(_ position: Int, _ child: inout Child) throws {
    signature.structure.beginChild()
    try child.visitChildren(&self)
    signature.structure.endChild()
  }

  mutating func visitTensor(_ tensor: inout AnyTensor) throws {
    handles.append(tensor.handle)
    signature.structure.addTensor()
    signature.leaves.append(
      CallSignature.Leaf(element: tensor.handle.element, shape: tensor.handle.shape))
    if case .traced(let trace, _) = tensor.handle.current { self.trace = trace }
  }
}

/// The compiled programs of one ``Vectorized``, a bounded number of them.
final class CallCache<Output>: Sendable {
  final class Entry: @unchecked Sendable {
    /// For each level, the mapped dimension of each leaf.
    let dimensions: [[Int?]]
    let fixedSizes: [Int?]
    /// Sizes that the function read as numbers: the program holds for these alone.
    let pinned: [Symbol: Int]
    let captured: [TensorHandle]
    let executable: Executable
    /// A result of the function, whose tensors each call replaces.
    let template: Output

    init(
      dimensions: [[Int?]], fixedSizes: [Int?], pinned: [Symbol: Int], captured: [TensorHandle],
      executable: Executable, template: Output
    ) {
      self.dimensions = dimensions
      self.fixedSizes = fixedSizes
      self.pinned = pinned
      self.captured = captured
      self.executable = executable
      self.template = template
    }

    /// The size of each level's axis in a call, or nil where sizes differ.
    func matchingSizes(_ leaves: [CallSignature.Leaf]) -> [Symbol: Int]? {
      var sizes: [Symbol: Int] = [:]
      for (level, dimensions) in dimensions.enumerated() {
        var size = fixedSizes[level]
        for (leaf, dimension) in dimensions.enumerated() {
          guard let dimension else { continue }
          let own = leaves[leaf].shape[dimension]
          if let size, size != own { return nil }
          size = own
        }
        sizes[Symbol(id: level)] = size
      }
      return pinned.allSatisfy { sizes[$0.key] == $0.value } ? sizes : nil
    }

    func sizes(of handles: [TensorHandle]) -> [Symbol: Int] {
      matchingSizes(handles.map { CallSignature.Leaf(element: $0.element, shape: $0.shape) }) ?? [:]
    }
  }

  static var capacity: Int { 64 }

  /// The calls that are ready to run.
  let slots = CallSlots()

  private struct Contents {
    /// Most recently used last.
    var entries: [(signature: CallSignature, entry: Entry)] = []
  }

  private let contents = Mutex(Contents())

  /// A program that fits the call.
  func entry(for signature: CallSignature) -> Entry? {
    contents.withLock { contents in
      for index in contents.entries.indices.reversed() {
        let (key, entry) = contents.entries[index]
        guard key.structure == signature.structure, key.leaves.count == signature.leaves.count,
          zip(key.leaves, signature.leaves).allSatisfy({ $0.accepts($1) }),
          entry.matchingSizes(signature.leaves) != nil
        else { continue }
        if index != contents.entries.count - 1 {
          contents.entries.append(contents.entries.remove(at: index))
        }
        return entry
      }
      return nil
    }
  }

  func insert(_ entry: Entry, for signature: CallSignature) {
    contents.withLock { contents in
      if contents.entries.count >= CallCache.capacity { contents.entries.removeFirst() }
      contents.entries.append((signature, entry))
    }
  }
}

extension CallSignature.Leaf {
  fileprivate func accepts(_ other: CallSignature.Leaf) -> Bool {
    element == other.element && shape.count == other.shape.count
      && zip(shape, other.shape).allSatisfy { $0 == -1 || $0 == $1 }
  }
}
