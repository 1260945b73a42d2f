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
  tree.replacingTensors(\.withoutDerivative)
}

extension TensorTree {
  /// The tree with others in the places of its tensors.
  func replacingTensors(_ replacement: (TensorHandle) -> TensorHandle) -> Self {
    do {
      let leaves = try LeafCollector.leaves(
        of: self, prefixes: [], root: "tree", parameter: "tree", errorKind: .invalidArgument)
      return try replaced(by: leaves.map { replacement($0.handle) })
    } catch {
      return failedState(self, error: VMapError(caught: error))
    }
  }
}
