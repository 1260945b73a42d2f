/// A function with a derivative of its own, from which derivatives in both modes follow.
///
///     let root = customJVP({ (x: Tensor<Float>) in newton(x) }, jvp: { x, dx in
///       dx / (2 * sqrt(x))
///     })
///     try grad(root)(x)
///
/// - Parameters:
///   - function: Gives a tensor or a tree of them.
///   - jvp: How the result changes, from the arguments and how each of them does: linear in the
///     changes. It is made of operations that have derivatives, for those of higher order. What changes
///     of integers and truth values is 0.
/// - Returns: The function, which computes what it did, and is differentiated by the rule in any nesting
///   of transforms.
///
/// A rule that gives another structure, element type or shape than the function is an error where it is
/// differentiated. After `jax.custom_jvp`, of whose rule it gives the second result.
public func customJVP<First: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (First) throws -> Output,
  jvp: @escaping @Sendable (First, First) throws -> Output
) -> @Sendable (First) throws -> Output {
  { x in
    try customJVP(
      function, { primals, tangents in try jvp(primals.elements, tangents.elements) }, x)
  }
}

/// A function of two arguments with a derivative of its own.
///
///     let product = customJVP({ (x: Tensor<Float>, y: Tensor<Float>) in x * y }, jvp: { x, y, dx, dy in
///       x * dy + y * dx
///     })
public func customJVP<First: TensorTree, Second: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (First, Second) throws -> Output,
  jvp: @escaping @Sendable (First, Second, First, Second) throws -> Output
) -> @Sendable (First, Second) throws -> Output {
  { x, y in
    try customJVP(
      function,
      { primals, tangents in
        let (x, y) = primals.elements
        let (dx, dy) = tangents.elements
        return try jvp(x, y, dx, dy)
      }, x, y)
  }
}

/// A function of three arguments with a derivative of its own.
public func customJVP<First: TensorTree, Second: TensorTree, Third: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (First, Second, Third) throws -> Output,
  jvp: @escaping @Sendable (First, Second, Third, First, Second, Third) throws -> Output
) -> @Sendable (First, Second, Third) throws -> Output {
  { x, y, z in
    try customJVP(
      function,
      { primals, tangents in
        let (x, y, z) = primals.elements
        let (dx, dy, dz) = tangents.elements
        return try jvp(x, y, z, dx, dy, dz)
      }, x, y, z)
  }
}

private func customJVP<each Input: TensorTree, Output: TensorTree>(
  _ function: @escaping (repeat each Input) throws -> Output,
  _ rule:
    @escaping @Sendable (Tuple<repeat each Input>, Tuple<repeat each Input>) throws -> Output,
  _ inputs: repeat each Input
) throws -> Output {
  let call = try DifferentiatedCall("customJVP", function, .tree, repeat each inputs)
  guard let trace = call.enclosingTrace else { return try function(repeat each inputs) }
  let arguments = try Tuple(repeat each inputs).withoutTensors()
  let tangents: Call.DerivativeRule.Tangents = { changes, site throws(VMapError) in
    do {
      let tangents = zip(changes, site.operands).map { ($0 ?? $1.zeros).handle }
      let output = try rule(
        try arguments.replaced(by: site.operands.map(\.handle)),
        try arguments.replaced(by: tangents))
      return try VMap.changes(
        of: OutputStructure.tree.collect(output, []).map(\.handle), site.results.map(\.handle.type),
        "customJVP: the rule gives")
    } catch { throw VMapError(caught: error) }
  }
  let results = try trace.call(
    "customJVP", call.handles, rule: Call.DerivativeRule(tangents: tangents), call.results)
  return try call.output(results)
}

extension TensorTree {
  /// The tree with other tensors.
  func replaced(by handles: [TensorHandle]) throws -> Self {
    var replacer = LeafReplacer(handles)
    let result = try replacer.replace(self)
    try replacer.finish()
    return result
  }

  /// The tree with nothing in the places of its tensors, for its structure alone.
  func withoutTensors() throws -> Self {
    let unused = VMapError(.internalInconsistency, "a tensor was used that stands for nothing")
    return try replaced(
      by: try argumentLeaves(of: self).map { .failed(unused, $0.handle.element) })
  }
}
