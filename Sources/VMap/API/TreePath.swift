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
  /// For each prefix, outermost `vmap` first, what it says of the tensor.
  let axes: [Axes]
}
