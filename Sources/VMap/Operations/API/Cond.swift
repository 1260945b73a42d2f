/// What one of two functions gives, by a truth value.
///
///     let y = cond(x .> 0) {
///       sqrt(x)
///     } else: {
///       x * x
///     }
///
/// Where the predicate varies from example to example each one takes its own branch: a branch that no
/// example of a group of lanes takes is not run, and what an example does not take cannot be seen in
/// its result: it may divide by zero, and a loop in it may run for ever.
///
/// - Parameters:
///   - predicate: A scalar.
///   - then: What is given where the predicate holds: a tensor or a tree of them.
///   - otherwise: What is given elsewhere, of the same structure, element types and shapes.
/// - Returns: The result of the branch taken. Branches of different types and a predicate that is no
///   scalar give tensors whose reading throws.
///
/// Both functions are run, on stand-ins, to be compiled. After `lax.cond`.
public func cond<Result: TensorTree>(
  _ predicate: Tensor<Bool>, then: @escaping @Sendable () -> Result,
  else otherwise: @escaping @Sendable () -> Result
) -> Result {
  choose(
    "cond", by: ("predicate", predicate.handle), [predicate, .!predicate], [then, otherwise],
    named: ["then", "else"])
}

/// Two trees that one of two functions gives, by a truth value.
///
///     let (low, high) = cond(x .< y) {
///       (x, y)
///     } else: {
///       (y, x)
///     }
///
/// Parameters as for the form with one.
@_disfavoredOverload
public func cond<First: TensorTree, Second: TensorTree>(
  _ predicate: Tensor<Bool>, then: @escaping @Sendable () -> (First, Second),
  else otherwise: @escaping @Sendable () -> (First, Second)
) -> (First, Second) {
  cond(predicate, then: tuple(of: then), else: tuple(of: otherwise)).elements
}

/// Three trees that one of two functions gives, by a truth value.
@_disfavoredOverload
public func cond<First: TensorTree, Second: TensorTree, Third: TensorTree>(
  _ predicate: Tensor<Bool>, then: @escaping @Sendable () -> (First, Second, Third),
  else otherwise: @escaping @Sendable () -> (First, Second, Third)
) -> (First, Second, Third) {
  cond(predicate, then: tuple(of: then), else: tuple(of: otherwise)).elements
}

/// Four trees that one of two functions gives, by a truth value.
@_disfavoredOverload
public func cond<First: TensorTree, Second: TensorTree, Third: TensorTree, Fourth: TensorTree>(
  _ predicate: Tensor<Bool>, then: @escaping @Sendable () -> (First, Second, Third, Fourth),
  else otherwise: @escaping @Sendable () -> (First, Second, Third, Fourth)
) -> (First, Second, Third, Fourth) {
  cond(predicate, then: tuple(of: then), else: tuple(of: otherwise)).elements
}

/// What one of several functions gives, by a number.
///
///     let y = switchCase(kind, { x }, { x * x }, { exp(x) })
///
/// - Parameters:
///   - index: A scalar: which function. Below 0 it is the first, beyond the last one the last.
///   - first: What is given for 0: a tensor or a tree of them.
///   - others: What is given for 1, 2, …, of the same structure, element types and shapes.
/// - Returns: The result of the branch taken, as for `cond`.
///
/// After `lax.switch`.
public func switchCase<Result: TensorTree>(
  _ index: Tensor<Int32>, _ first: @escaping @Sendable () -> Result,
  _ others: (@Sendable () -> Result)...
) -> Result {
  choose(by: index, [first] + others)
}

private func choose<Result: TensorTree>(
  by index: Tensor<Int32>, _ branches: [@Sendable () -> Result]
) -> Result {
  let last = Int32(clamping: branches.count - 1)
  let choices = branches.indices.map { number -> Tensor<Bool> in
    let own = Int32(clamping: number)
    if branches.count == 1 { return index .== index }
    if own == 0 { return index .<= own }
    return own == last ? index .>= own : index .== own
  }
  return choose(
    "switchCase", by: ("index", index.handle), choices, branches,
    named: branches.indices.map { "branch \($0)" })
}

/// Two trees that one of several functions gives, by a number.
///
///     let (value, slope) = switchCase(kind, { (x, one) }, { (x * x, 2 * x) })
///
/// Parameters as for the form with one.
@_disfavoredOverload
public func switchCase<First: TensorTree, Second: TensorTree>(
  _ index: Tensor<Int32>, _ first: @escaping @Sendable () -> (First, Second),
  _ others: (@Sendable () -> (First, Second))...
) -> (First, Second) {
  choose(by: index, ([first] + others).map { tuple(of: $0) }).elements
}

/// Three trees that one of several functions gives, by a number.
@_disfavoredOverload
public func switchCase<First: TensorTree, Second: TensorTree, Third: TensorTree>(
  _ index: Tensor<Int32>, _ first: @escaping @Sendable () -> (First, Second, Third),
  _ others: (@Sendable () -> (First, Second, Third))...
) -> (First, Second, Third) {
  choose(by: index, ([first] + others).map { tuple(of: $0) }).elements
}

/// Four trees that one of several functions gives, by a number.
@_disfavoredOverload
public func switchCase<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Fourth: TensorTree
>(
  _ index: Tensor<Int32>, _ first: @escaping @Sendable () -> (First, Second, Third, Fourth),
  _ others: (@Sendable () -> (First, Second, Third, Fourth))...
) -> (First, Second, Third, Fourth) {
  choose(by: index, ([first] + others).map { tuple(of: $0) }).elements
}

/// A function that gives several trees as one that gives a tree.
private func tuple<each Result: TensorTree>(
  of branch: @escaping @Sendable () -> (repeat each Result)
) -> @Sendable () -> Tuple<repeat each Result> {
  {
    let results = branch()
    return Tuple(repeat each results)
  }
}

private func choose<Result: TensorTree>(
  _ name: String, by selector: (name: String, handle: TensorHandle), _ choices: [Tensor<Bool>],
  _ branches: [@Sendable () -> Result], named branchNames: [String]
) -> Result {
  // Runs once more than it must, for its structure alone: nobody needs what it computes.
  let trace = Trace.current ?? choices.lazy.compactMap(\.handle.trace).first ?? Trace()
  let template = trace.unused { branches[0]() }
  do {
    let expected = try branchLeaves(of: template)
    let choice = BranchDescription(
      name: name, branchNames: branchNames, choices: choices.map(\.handle),
      branches: zip(branchNames, branches).map { branchName, branch in
        {
          let result = branch()
          try requireSameFields(
            FieldReflection.hash(of: result), FieldReflection.hash(of: template), name,
            .branchMismatch, "\(branchName) differs from \(branchNames[0])")
          return try handles(
            branchLeaves(of: result), like: expected, name, .branchMismatch,
            "\(branchName) gives", "\(branchNames[0]) gives")
        }
      })
    let results = runTraced(
      reading: [selector.handle] + choice.choices, failing: expected.map(\.handle.element)
    ) { trace throws(VMapError) in
      try selector.handle.checkIsScalar(selector.name, of: name)
      return try trace.choose(choice)
    }
    var replacer = LeafReplacer(results)
    return try replacer.replace(template)
  } catch {
    return failedState(template, error: VMapError(caught: error))
  }
}

private func branchLeaves<Tree: TensorTree>(of tree: Tree) throws(VMapError) -> [TreeLeaf] {
  try LeafCollector.leaves(
    of: tree, prefixes: [], root: "result", parameter: "result", errorKind: .branchMismatch)
}
