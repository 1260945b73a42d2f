/// Where a tensor stands in an argument or a result, for errors.
struct TreePath: Sendable, Hashable, CustomStringConvertible {
  /// What the whole is called: `argument 1 "x"`, `result`.
  var root: String
  var steps: [String] = []
  /// What the children of the whole are called instead of `root[0]`, where they have names of their
  /// own.
  var childRoot: String?

  /// The root and the way from it, `argument 1 "x".weights[0]`.
  var description: String { root + steps.joined() }

  func appending(_ name: String) -> TreePath {
    let isIdentifier = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    return TreePath(root: root, steps: steps + [isIdentifier ? ".\(name)" : "[\"\(name)\"]"])
  }

  func appending(_ position: Int) -> TreePath {
    if let childRoot { return TreePath(root: "\(childRoot) \(position)") }
    return TreePath(root: root, steps: steps + ["[\(position)]"])
  }
}

/// One tensor of a tree, where it stands and what each of several prefixes says of it.
struct TreeLeaf: Sendable {
  let handle: TensorHandle
  let path: TreePath
  /// For each prefix, outermost `vmap` first: the axis, or nil.
  let axes: [Int?]
}

/// Collects the tensors of a tree and matches axis prefixes against its structure.
struct LeafCollector: TreeVisitor {
  private(set) var leaves: [TreeLeaf] = []
  private var prefixes: [Axes]
  private var path: TreePath
  /// The children seen at the level being visited.
  private var childNames: [String] = []
  private var childCount = 0
  private let parameter: String
  private let errorKind: VMapError.Kind

  init(prefixes: [Axes], root: String, parameter: String, errorKind: VMapError.Kind) {
    self.prefixes = prefixes
    path = TreePath(root: root)
    self.parameter = parameter
    self.errorKind = errorKind
  }

  /// Collects the leaves under a whole argument or result.
  static func leaves<Tree: TensorTree>(
    of tree: Tree, prefixes: [Axes], root: String, parameter: String, errorKind: VMapError.Kind
  ) throws(VMapError) -> [TreeLeaf] {
    var collector = LeafCollector(
      prefixes: prefixes, root: root, parameter: parameter, errorKind: errorKind)
    collector.path.childRoot = (Tree.self as? any RootedTree.Type)?.childRoot
    var copy = tree
    do {
      try copy.visitChildren(&collector)
      try collector.checkChildren()
    } catch {
      throw VMapError(caught: error)
    }
    return collector.leaves
  }

  mutating func callAsFunction<Child: TensorTree>(_ name: String, _ child: inout Child) throws {
    childNames.append(name)
    let inner = try prefixes.map { try entry(of: $0, named: name) }
    try descend(into: &child, path.appending(name), inner)
  }

  mutating func callAsFunction<Child: TensorTree>(_ position: Int, _ child: inout Child) throws {
    childNames.append("\(position)")
    let inner = try prefixes.map { try entry(of: $0, named: nil) }
    try descend(into: &child, path.appending(position), inner)
  }

  /// What a prefix says of the next child.
  private func entry(of prefix: Axes, named name: String?) throws(VMapError) -> Axes {
    switch prefix {
    case .axis, .unmapped: return prefix
    case .each(let entries):
      guard entries.indices.contains(childCount) else {
        throw mismatch("has \(entries.count) entries", prefix)
      }
      return entries[childCount]
    case .named(let entries):
      guard let name else { throw mismatch("names fields", prefix) }
      guard let entry = entries[name] else {
        throw mismatch("has no entry for \"\(name)\"", prefix)
      }
      return entry
    }
  }

  mutating func visitTensor(_ tensor: inout AnyTensor) throws {
    var axes: [Int?] = []
    for prefix in prefixes {
      switch prefix {
      case .axis(let axis): axes.append(axis)
      case .unmapped: axes.append(nil)
      case .each, .named: throw mismatch("is a container, where a tensor stands", prefix)
      }
    }
    childCount = -1
    leaves.append(TreeLeaf(handle: tensor.handle, path: path, axes: axes))
  }

  private mutating func descend<Child: TensorTree>(
    into child: inout Child, _ childPath: TreePath, _ inner: [Axes]
  ) throws {
    let outer = (prefixes, path, childNames, childCount + 1)
    (prefixes, path, childNames, childCount) = (inner, childPath, [], 0)
    try child.visitChildren(&self)
    try checkChildren()
    (prefixes, path, childNames, childCount) = outer
  }

  /// A prefix must not speak of children that are not there.
  private func checkChildren() throws(VMapError) {
    guard childCount >= 0 else { return }
    for prefix in prefixes {
      switch prefix {
      case .each(let entries) where entries.count != childCount:
        throw mismatch("has \(entries.count) entries", prefix)
      case .named(let entries):
        let unknown = entries.keys.filter { !childNames.contains($0) }.sorted()
        guard unknown.isEmpty else {
          throw mismatch("names \(unknown.map { "\"\($0)\"" }.joined(separator: ", "))", prefix)
        }
      default: break
      }
    }
  }

  private func mismatch(_ problem: String, _ prefix: Axes) -> VMapError {
    let children =
      childNames.isEmpty ? "" : " with the children \(childNames.joined(separator: ", "))"
    return VMapError(
      errorKind,
      "\(parameter) must be a prefix of the structure it describes: for \(path)\(children) "
        + "it is \(prefix), which \(problem)")
  }
}

/// Replaces the tensors of a tree, in the order in which they are collected.
struct LeafReplacer: TreeVisitor {
  private var handles: ArraySlice<TensorHandle>
  private var structure = StructureHash()

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

  mutating func callAsFunction<Child: TensorTree>(_ name: String, _ child: inout Child) throws {
    structure.beginChild(name)
    try child.visitChildren(&self)
    structure.endChild()
  }

  mutating func callAsFunction<Child: TensorTree>(_ position: Int, _ child: inout Child) throws {
    structure.beginChild()
    try child.visitChildren(&self)
    structure.endChild()
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
