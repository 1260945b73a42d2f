/// Finds fields that hold tensors which ``TensorTree/visitChildren(_:)`` does not replace.
///
/// Such a tensor would be no argument, no result and no part of a loop's state: it would keep its
/// elements without a word.
struct ForgottenField {
  private let replaced: Set<ObjectIdentifier>

  /// Checks a tree all of whose visited tensors were replaced.
  ///
  /// - Parameters:
  ///   - tree: The tree with the new tensors.
  ///   - tensors: The new tensors.
  ///   - path: What the tree is called.
  static func check<Tree: TensorTree>(
    _ tree: Tree, replacedBy tensors: [TensorHandle], at path: TreePath
  ) throws(VMapError) {
    if Tree.self is any SingleTensor.Type { return }
    let search = ForgottenField(replaced: Set(tensors.map(ObjectIdentifier.init)))
    if let error = search.error(in: tree, at: path, of: Tree.self) { throw error }
  }

  /// How many tensors a value holds that were replaced, and how many others.
  private func count(_ value: Any) -> (replaced: Int, forgotten: Int) {
    switch HeldValue(value) {
    case .tensor(let handle): return replaced.contains(ObjectIdentifier(handle)) ? (1, 0) : (0, 1)
    case .parts(let mirror, _):
      return mirror.children.reduce((0, 0)) { counts, child in
        let (replaced, forgotten) = count(child.value)
        return (counts.0 + replaced, counts.1 + forgotten)
      }
    case .plain, .hashable, .object: return (0, 0)
    }
  }

  /// An error about the outermost field in which nothing was replaced.
  private func error(in value: Any, at path: TreePath, of owner: Any.Type) -> VMapError? {
    guard case .parts(let mirror, let isTree) = HeldValue(value) else { return nil }
    // The elements of a container are visited by whoever has it, or by it as a whole.
    let isOwner = isTree && (mirror.displayStyle == .struct || mirror.displayStyle == .enum)
    let owner = isOwner ? type(of: value) : owner
    for (position, child) in mirror.children.enumerated() {
      let counts = count(child.value)
      guard counts.forgotten > 0 else { continue }
      let inner =
        mirror.displayStyle == .optional
        ? path : child.label.map(path.appending(label:)) ?? path.appending(position)
      if counts.replaced > 0 || mirror.displayStyle == .optional {
        return error(in: child.value, at: inner, of: owner)
      }
      return error(of: child, at: inner, of: owner, isStruct: mirror.displayStyle == .struct)
    }
    return nil
  }

  private func error(
    of child: Mirror.Child, at path: TreePath, of owner: Any.Type, isStruct: Bool
  ) -> VMapError {
    let cure =
      if !(child.value is any TensorTree) {
        "\(type(of: child.value)) is no TensorTree, as a struct or a Tuple of trees can be"
      } else if isStruct, let name = child.label {
        "add try visit(\"\(name)\", &\(name)), or leave visitChildren out, which visits all fields"
      } else {
        "visit it too"
      }
    return VMapError(
      .invalidArgument,
      "\(path) holds a tensor that \(owner).visitChildren does not visit, so that it would not be "
        + "replaced: \(cure)")
  }
}

extension TreePath {
  /// The path to a member by its label in a mirror, which is `.0` for one of a tuple.
  fileprivate func appending(label: String) -> TreePath {
    appending(label.hasPrefix(".") ? String(label.dropFirst()) : label)
  }
}
