/// A function with a way of its own to run on a batch.
///
///     let sine = customVMap({ (x: Tensor<Float>) in sin(x) }, vmap: { size, inAxes, x in
///       (sineOfAll(x), 0)
///     })
///     try vmap(sine)(xs)                      // sineOfAll(xs)
///
/// - Parameters:
///   - function: The per-example function.
///   - rule: Takes its place in a map. It is given the number of examples; for each argument 0 or nil,
///     whether it is mapped; and the arguments, where all tensors of a mapped one have the examples along
///     their first dimension. It gives the results, and where the examples are in each tensor of them:
///     a dimension, or nil for what is the same for all, as in `outAxes`.
/// - Returns: The function. Called in several maps, the rule is that of the innermost one whose axis an
///   argument varies over, and is itself mapped over the others. Where nothing is mapped it is the
///   function.
/// - Throws: What the function and the rule throw, and ``VMapError`` for a rule whose results have another
///   structure, shape or element type than those of the function have with the batch.
///
/// Derivatives in both modes are those of the rule. The program is one for the number of examples there
/// are. After `jax.custom_batching.custom_vmap`.
public func customVMap<First: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (First) throws -> Output,
  vmap rule: @escaping @Sendable (_ size: Int, _ inAxes: Axes, First) throws -> (Output, Axes)
) -> @Sendable (First) throws -> Output {
  { x in try customVMap(function, { try rule($0, $1, $2.elements) }, x) }
}

/// A function of two arguments with a way of its own to run on a batch.
public func customVMap<First: TensorTree, Second: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (First, Second) throws -> Output,
  vmap rule:
    @escaping @Sendable (_ size: Int, _ inAxes: Axes, First, Second) throws -> (Output, Axes)
) -> @Sendable (First, Second) throws -> Output {
  { x, y in
    try customVMap(
      function,
      { size, inAxes, inputs in
        let (x, y) = inputs.elements
        return try rule(size, inAxes, x, y)
      }, x, y)
  }
}

/// A function of three arguments with a way of its own to run on a batch.
public func customVMap<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Output: TensorTree
>(
  _ function: @escaping @Sendable (First, Second, Third) throws -> Output,
  vmap rule:
    @escaping @Sendable (_ size: Int, _ inAxes: Axes, First, Second, Third) throws -> (Output, Axes)
) -> @Sendable (First, Second, Third) throws -> Output {
  { x, y, z in
    try customVMap(
      function,
      { size, inAxes, inputs in
        let (x, y, z) = inputs.elements
        return try rule(size, inAxes, x, y, z)
      }, x, y, z)
  }
}

/// A function whose examples in a map run one after another.
///
///     let slow = sequentialMap { (x: Tensor<Float>) in solve(x) }
///     try vmap(slow)(xs)                      // map(xs) { solve($0) }
///
/// - Parameter function: The per-example function.
/// - Returns: The function, which in a map is a loop over the examples, as `map` is. It needs the memory
///   of one example at a time, and takes no turns of a device's work-items.
///
/// After `jax.custom_batching.sequential_vmap`.
public func sequentialMap<First: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (First) throws -> Output
) -> @Sendable (First) throws -> Output {
  { x in try inSequence(function, x) }
}

/// A function of two arguments whose examples in a map run one after another.
public func sequentialMap<First: TensorTree, Second: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (First, Second) throws -> Output
) -> @Sendable (First, Second) throws -> Output {
  { x, y in try inSequence(function, x, y) }
}

/// A function of three arguments whose examples in a map run one after another.
public func sequentialMap<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Output: TensorTree
>(
  _ function: @escaping @Sendable (First, Second, Third) throws -> Output
) -> @Sendable (First, Second, Third) throws -> Output {
  { x, y, z in try inSequence(function, x, y, z) }
}

private func inSequence<each Input: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (repeat each Input) throws -> Output,
  _ inputs: repeat each Input
) throws -> Output {
  let call = try DifferentiatedCall("sequentialMap", function, .tree, repeat each inputs)
  guard let batch = try call.wholeBatch else { return try function(repeat each inputs) }
  let arguments = (repeat each inputs)
  let places = Array(zip(batch.handles, batch.isMapped))
  let rows = places.filter(\.1).map { AnyTensor(handle: $0.0) }
  let output = try map(rows) { row in
    var next = row.makeIterator()
    let handles = places.map { $1 ? next.next()?.handle ?? $0 : $0 }
    let example = try loopState(repeat each arguments, replacedBy: handles)
    return try inSequence(function, repeat each example)
  }
  return try call.examples(of: output, 0, batch)
}

private func customVMap<each Input: TensorTree, Output: TensorTree>(
  _ function: @escaping (repeat each Input) throws -> Output,
  _ rule: (Int, Axes, Tuple<repeat each Input>) throws -> (Output, Axes),
  _ inputs: repeat each Input
) throws -> Output {
  let call = try DifferentiatedCall("customVMap", function, .tree, repeat each inputs)
  guard let batch = try call.wholeBatch else { return try function(repeat each inputs) }
  let arguments = try Tuple(repeat each inputs).replaced(by: batch.handles)
  let (output, outAxes) = try rule(batch.size, batch.inAxes, arguments)
  return try call.examples(of: output, outAxes, batch)
}

extension DifferentiatedCall where Output: TensorTree {
  /// The call for all examples of the innermost map that it varies over.
  fileprivate var wholeBatch: WholeBatch? {
    get throws(VMapError) {
      guard let trace = enclosingTrace else { return nil }
      return try WholeBatch(of: leaves, counts, in: trace)
    }
  }

  /// Each example's part of a result for all of them.
  fileprivate func examples(
    of output: Output, _ outAxes: Axes, _ batch: WholeBatch
  ) throws(VMapError) -> Output {
    let types = try resultTypes(in: batch.trace)
    let leaves = try LeafCollector.leaves(
      of: output, prefixes: [outAxes], root: "the rule's result", parameter: "what the rule gives",
      errorKind: .outAxesStructure)
    return try OutputStructure.tree.replace(
      output, try batch.examples(of: leaves, types, name))
  }
}
