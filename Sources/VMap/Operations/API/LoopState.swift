// The state of a loop: trees taken apart into tensors and put together again. These are functions and
// no type, because a stored pack crashes the compiler (Swift 6.3).

/// The tensors of a state, and where they stand.
func loopLeaves<each State: TensorTree>(
  of state: repeat each State
) throws(VMapError) -> [TreeLeaf] {
  var leaves: [TreeLeaf] = []
  var position = 0
  func add<Tree: TensorTree>(_ tree: Tree) throws(VMapError) {
    leaves += try LeafCollector.leaves(
      of: tree, prefixes: [], root: "state \(position)", parameter: "state",
      errorKind: .loopStateMismatch)
    position += 1
  }
  do { repeat try add(each state) } catch { throw VMapError(caught: error) }
  return leaves
}

/// A state with other tensors.
func loopState<each State: TensorTree>(
  _ state: repeat each State, replacedBy handles: [TensorHandle]
) throws -> (repeat each State) {
  var replacer = LeafReplacer(handles)
  return (repeat try replacer.replace(each state))
}

/// A state after a loop that could not be written: its tensors hold the error.
///
/// The enclosing trace, if there is one, throws it.
func failedState<each State: TensorTree>(
  _ state: repeat each State, error: VMapError
) -> (repeat each State) {
  Trace.current?.record(error)
  return (repeat (each state).failing(with: error))
}

/// The tensors of the state that a loop's body returns, which must have the structure of the one before.
func loopHandles(
  ofNext next: [TreeLeaf], after leaves: [TreeLeaf], for name: String,
  _ expected: String = "the state has"
) throws(VMapError) -> [TensorHandle] {
  try handles(next, like: leaves, name, .loopStateMismatch, "the body returns", expected)
}

/// The tensors of a tree that must have the structure of another one.
///
/// - Parameters:
///   - returned: Says in errors what the tree does, such as "the body returns".
///   - expected: Says it of the other one.
func handles(
  _ tree: [TreeLeaf], like other: [TreeLeaf], _ name: String, _ kind: VMapError.Kind,
  _ returned: String, _ expected: String
) throws(VMapError) -> [TensorHandle] {
  for (leaf, model) in zip(tree, other) where leaf.path != model.path {
    throw VMapError(kind, "\(name): \(returned) \(leaf.path) where \(expected) \(model.path)")
  }
  guard tree.count == other.count else {
    let extra = (tree.count > other.count ? tree : other)[min(tree.count, other.count)]
    throw VMapError(
      kind,
      "\(name): \(expected) \(quantity(other.count, "tensor")) and \(returned) \(tree.count); "
        + "\(extra.path) is in one of them only")
  }
  return tree.map(\.handle)
}

/// Checks that only tensors differ between two trees: a program cannot keep other fields for each
/// example or each step.
///
/// - Parameter change: Says in errors what makes them differ.
func requireSameFields(
  _ fields: Int, _ expected: Int, _ name: String, _ kind: VMapError.Kind, _ change: String
) throws(VMapError) {
  guard fields == expected else {
    throw VMapError(
      kind, "\(name): \(change) in a field that is no tensor: make it a tensor that is visited")
  }
}
