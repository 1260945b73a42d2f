/// Tensors that count as constants where what is made of them is differentiated.
///
///     let target = stopGradient(model(w, next))
///     return square(model(w, x) - target).sum()
///
/// - Parameter tree: A tensor or a tree of them.
/// - Returns: The same tree, whose derivatives are 0.
///
/// After `lax.stop_gradient`.
public func stopGradient<Tree: TensorTree>(_ tree: Tree) -> Tree {
  do {
    let leaves = try LeafCollector.leaves(
      of: tree, prefixes: [], root: "tree", parameter: "tree", errorKind: .invalidArgument)
    var replacer = LeafReplacer(leaves.map { $0.handle.withoutDerivative })
    return try replacer.replace(tree)
  } catch {
    return failedState(tree, error: VMapError(caught: error))
  }
}
