/// Collects the tensors of a tree and matches axis prefixes against its structure.
struct LeafCollector: TreeVisitor {
  private(set) var leaves: [TreeLeaf] = []
  /// What was put into the places of the tensors.
  private var markers: [TensorHandle] = []
  private var level: Level
  private let parameter: String
  private let errorKind: VMapError.Kind

  init(prefixes: [Axes], root: String, parameter: String, errorKind: VMapError.Kind) {
    level = Level(prefixes: prefixes, path: TreePath(root: root))
    self.parameter = parameter
    self.errorKind = errorKind
  }

  /// The node being visited.
  private struct Level {
    let prefixes: [Axes]
    var path: TreePath
    /// The names of the children seen so far; nil for one that has a position.
    var children: [String?] = []
    var isTensor = false
  }

  /// Collects the leaves under a whole argument or result.
  static func leaves<Tree: TensorTree>(
    of tree: Tree, prefixes: [Axes], root: String, parameter: String, errorKind: VMapError.Kind
  ) throws(VMapError) -> [TreeLeaf] {
    var collector = LeafCollector(
      prefixes: prefixes, root: root, parameter: parameter, errorKind: errorKind)
    try collector.refuseClass(Tree.self)
    collector.level.path.childRoot = (Tree.self as? any RootedTree.Type)?.childRoot
    var copy = tree
    do {
      try copy.visitChildren(&collector)
      try collector.checkChildren()
    } catch {
      throw VMapError(caught: error)
    }
    try ForgottenField.check(copy, replacedBy: collector.markers, at: TreePath(root: root))
    return collector.leaves
  }

  mutating func callAsFunction<Child: TensorTree>(_ name: String, _ child: inout Child) throws {
    let inner = level.prefixes.map { entry(of: $0, named: name) }
    level.children.append(name)
    try descend(into: &child, level.path.appending(name), inner)
  }

  mutating func callAsFunction<Child: TensorTree>(_ position: Int, _ child: inout Child) throws {
    let inner = level.prefixes.map { entry(of: $0, named: nil) }
    level.children.append(nil)
    try descend(into: &child, level.path.appending(position), inner)
  }

  /// What a prefix says of the next child: of one that it forgets, anything, because ``checkChildren()``
  /// tells of it when all children are known.
  private func entry(of prefix: Axes, named name: String?) -> Axes {
    switch prefix {
    case .axis, .axes, .unmapped, .ragged, .sum: prefix
    case .each(let entries):
      entries.indices.contains(level.children.count) ? entries[level.children.count] : .unmapped
    case .named(let entries): name.flatMap { entries[$0] } ?? .unmapped
    }
  }

  mutating func visitTensor(_ tensor: inout AnyTensor) throws {
    for prefix in level.prefixes {
      switch prefix {
      case .axis, .axes, .unmapped, .ragged, .sum: break
      case .each, .named: throw mismatch("is a container, where a tensor stands", prefix)
      }
    }
    level.isTensor = true
    leaves.append(TreeLeaf(handle: tensor.handle, path: level.path, axes: level.prefixes))
    let marker = TensorHandle(
      element: tensor.handle.element, shape: tensor.handle.shape, .failed(LeafCollector.taken))
    markers.append(marker)
    tensor.handle = marker
  }

  private static let taken = VMapError(
    .internalInconsistency, "a tensor was read whose place in a tree was looked at")

  private mutating func descend<Child: TensorTree>(
    into child: inout Child, _ childPath: TreePath, _ inner: [Axes]
  ) throws {
    let outer = level
    level = Level(prefixes: inner, path: childPath)
    try refuseClass(Child.self)
    try child.visitChildren(&self)
    try checkChildren()
    level = outer
  }

  /// Tensors are replaced in copies of trees.
  private func refuseClass<Tree: TensorTree>(_: Tree.Type) throws(VMapError) {
    guard Tree.self is AnyClass else { return }
    throw VMapError(
      .invalidArgument,
      "\(level.path) is of the class \(Tree.self): a tree must be a value, as a struct is")
  }

  /// A prefix must speak of all children and of no other ones.
  private func checkChildren() throws(VMapError) {
    guard !level.isTensor else { return }
    for prefix in level.prefixes {
      switch prefix {
      case .each(let entries) where entries.count != level.children.count:
        throw mismatch("has \(quantity(entries.count, "entry", "entries"))", prefix)
      case .named(let entries):
        let names = level.children.compactMap { $0 }
        guard names.count == level.children.count else { throw mismatch("names fields", prefix) }
        let missing = names.filter { entries[$0] == nil }
        let unknown = entries.keys.filter { !names.contains($0) }.sorted()
        let problems = [
          missing.isEmpty ? nil : "has no entry for \(quoted(missing))",
          unknown.isEmpty
            ? nil
            : "names \(quoted(unknown)), which \(unknown.count == 1 ? "is no child" : "are no children")",
        ].compactMap { $0 }
        guard problems.isEmpty else {
          throw mismatch(problems.joined(separator: " and "), prefix)
        }
      default: break
      }
    }
  }

  private func mismatch(_ problem: String, _ prefix: Axes) -> VMapError {
    let names = level.children.compactMap { $0 }
    let children =
      if level.children.isEmpty {
        ""
      } else if names.count == level.children.count {
        " with the \(names.count == 1 ? "child" : "children") \(listed(names))"
      } else {
        " with \(quantity(level.children.count, "child", "children"))"
      }
    return VMapError(
      errorKind,
      "\(parameter) must be a prefix of the structure it describes: for \(level.path)\(children) "
        + "it is \(prefix), which \(problem)")
  }

  private func quoted(_ names: [String]) -> String { listed(names.map { "\"\($0)\"" }) }

  /// The first names of a list, so that an error stays readable.
  private func listed(_ names: [String]) -> String {
    names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
  }
}
