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
    try collector.refuseClass(Tree.self)
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
    try refuseClass(Child.self)
    try child.visitChildren(&self)
    try checkChildren()
    (prefixes, path, childNames, childCount) = outer
  }

  /// Tensors are replaced in copies of trees.
  private func refuseClass<Tree: TensorTree>(_: Tree.Type) throws(VMapError) {
    guard Tree.self is AnyClass else { return }
    throw VMapError(
      .invalidArgument,
      "\(path) is of the class \(Tree.self): a tree must be a value, as a struct is")
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
