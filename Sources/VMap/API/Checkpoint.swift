/// What the way back through a checkpointed function keeps of what was computed on the way forward; the
/// rest is computed again.
///
/// After `jax.checkpoint_policies`.
public enum CheckpointPolicy: Sendable, Hashable {
  /// Nothing but the arguments. Loops with a known number of steps go back from snapshots, as open ones
  /// do, in memory that does not depend on the number of steps.
  case nothing
  /// Everything, as without `checkpoint`.
  case everything
  /// What contractions and convolutions give.
  case dots
  /// What has one of these names, by `checkpointName`.
  case names(Set<String>)
}

/// A function of which its derivative in reverse mode keeps little: what the way back needs is computed
/// again from the arguments.
///
///     let block = checkpoint { (x: Tensor<Float>) in tanh(matmul(w, x)) }
///     let layers = checkpoint(saving: .dots) { (w: Weights, x: Tensor<Float>) in w(x) }
///
/// - Parameters:
///   - policy: What is kept.
///   - function: Gives a tensor or a tree of them; what it uses of its surroundings is differentiated,
///     too.
/// - Returns: The function. Its values and its derivatives are the same as without, bit for bit.
///
/// After `jax.checkpoint`.
public func checkpoint<First: TensorTree, Output: TensorTree>(
  saving policy: CheckpointPolicy = .nothing,
  _ function: @escaping @Sendable (First) throws -> Output
) -> @Sendable (First) throws -> Output {
  { x in try checkpointed(policy, function, x) }
}

/// A function of two arguments whose values are computed again on the way back.
public func checkpoint<First: TensorTree, Second: TensorTree, Output: TensorTree>(
  saving policy: CheckpointPolicy = .nothing,
  _ function: @escaping @Sendable (First, Second) throws -> Output
) -> @Sendable (First, Second) throws -> Output {
  { x, y in try checkpointed(policy, function, x, y) }
}

/// A function of three arguments whose values are computed again on the way back.
public func checkpoint<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Output: TensorTree
>(
  saving policy: CheckpointPolicy = .nothing,
  _ function: @escaping @Sendable (First, Second, Third) throws -> Output
) -> @Sendable (First, Second, Third) throws -> Output {
  { x, y, z in try checkpointed(policy, function, x, y, z) }
}

private func checkpointed<each Input: TensorTree, Output: TensorTree>(
  _ policy: CheckpointPolicy, _ function: @escaping (repeat each Input) throws -> Output,
  _ inputs: repeat each Input
) throws -> Output {
  let call = try DifferentiatedCall("checkpoint", function, .tree, repeat each inputs)
  guard policy != .everything, let trace = call.enclosingTrace else {
    return try function(repeat each inputs)
  }
  return try call.output(try trace.checkpoint(policy, call.handles, call.results))
}

/// The same tree under a name, by which a ``CheckpointPolicy`` may keep it.
///
///     let h = checkpointName(tanh(matmul(w, x)), "hidden")
///
/// After `jax.ad_checkpoint.checkpoint_name`.
public func checkpointName<Tree: TensorTree>(_ tree: Tree, _ name: String) -> Tree {
  tree.replacingTensors { $0.labelled(name) }
}
