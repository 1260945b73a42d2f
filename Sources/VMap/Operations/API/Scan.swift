/// Goes through the rows of tensors with a carry, and stacks what each step gives.
///
///     let (sum, sums) = scan(Tensor<Float>(0), x) { sum, x in
///       (sum + x, sum + x)
///     }
///
/// Several tensors go in a tree, such as an array, a struct or a ``Tuple``, which takes the place of
/// Swift's own tuples here:
///
///     let (last, y) = scan(Tuple(a, b), xs) { carry, x in
///       let (a, b) = carry.elements
///       return (Tuple(b, a + x), a)
///     }
///
/// - Parameters:
///   - initial: The carry to begin with: a tensor or a tree of them.
///   - xs: A tensor or a tree of them, which are as long along their first dimension; each step sees
///     one row of each.
///   - reverse: Whether the last row comes first; outputs stand where the rows stand they are made of.
///   - body: The next carry, of the structure, the element types and the shapes of the carry, and what
///     to keep of this step: a tensor or a tree of them.
/// - Returns: The last carry, and the outputs stacked along a new first dimension.
/// - Throws: What the body throws. Lengths that disagree, and a carry that changes its structure or a
///   shape, give tensors whose reading throws.
///
/// The body is run once, on stand-ins, to be compiled. After `lax.scan`.
public func scan<Carry: TensorTree, Rows: TensorTree, Output: TensorTree, Failure: Error>(
  _ initial: Carry, _ xs: Rows, reverse: Bool = false,
  do body: @Sendable (Carry, Rows) throws(Failure) -> (Carry, Output)
) throws(Failure) -> (Carry, Output) {
  try tracedScan("scan", initial, xs, length: nil, reverse, body)
}

/// Makes a number of steps with a carry, and stacks what each step gives.
///
///     let (_, powers) = scan(Tensor<Float>(1), length: 10) { x in (x * 2, x) }
///
/// - Parameters:
///   - initial: The carry to begin with: a tensor or a tree of them.
///   - length: The number of steps.
///   - body: The next carry, and what to keep of this step.
///
/// Results and errors are those of ``scan(_:_:reverse:do:)``. After `lax.scan` without `xs`.
public func scan<Carry: TensorTree, Output: TensorTree, Failure: Error>(
  _ initial: Carry, length: Int,
  do body: @Sendable (Carry) throws(Failure) -> (Carry, Output)
) throws(Failure) -> (Carry, Output) {
  try tracedScan("scan", initial, NoTensors(), length: length, false) {
    (carry: Carry, _) throws(Failure) -> (Carry, Output) in try body(carry)
  }
}

/// What a function gives for each row of tensors, one after another.
///
///     let norms = map(rows) { row in sqrt((row * row).sum()) }
///
/// - Parameters:
///   - xs: A tensor or a tree of them, which are as long along their first dimension.
///   - function: Makes a tensor, or a tree of them, of a row of each.
/// - Returns: The results stacked along a new first dimension.
/// - Throws: What the function throws. Lengths that disagree give tensors whose reading throws.
///
/// `vmap` does the same for all rows at once. After `lax.map`.
public func map<Rows: TensorTree, Output: TensorTree, Failure: Error>(
  _ xs: Rows, _ function: @Sendable (Rows) throws(Failure) -> Output
) throws(Failure) -> Output {
  try tracedScan("map", NoTensors(), xs, length: nil, false) {
    (carry: NoTensors, row: Rows) throws(Failure) -> (NoTensors, Output) in
    (carry, try function(row))
  }.1
}

/// A tree without a tensor.
private struct NoTensors: TensorTree {
  mutating func visitChildren(_ visit: inout some TreeVisitor) throws {}
}

// There are no forms with tuples, as `cond` has them: the compiler crashes where it calls a function
// whose result has a pack inside of a tuple (Swift 6.3).

private func tracedScan<Carry: TensorTree, Rows: TensorTree, Output: TensorTree, Failure: Error>(
  _ name: String, _ initial: Carry, _ xs: Rows, length: Int?, _ reverse: Bool,
  _ body: (Carry, Rows) throws(Failure) -> (Carry, Output)
) throws(Failure) -> (Carry, Output) {
  var thrown: Failure?
  var output: Output?
  func step(_ carry: Carry, _ rows: Rows) throws -> (Carry, Output) {
    do throws(Failure) {
      let next = try body(carry, rows)
      output = next.1
      return next
    } catch {
      thrown = error
      throw error
    }
  }
  do {
    let carried = try leaves(of: initial, "carry")
    let inputs = try leaves(of: xs, "xs")
    let handles = try tryTraced(reading: (carried + inputs).map(\.handle)) {
      trace throws(VMapError) in
      let description = ScanDescription(
        name: name, paths: carried.map(\.path.description),
        length: try scanLength(name, inputs, given: length), isReversed: reverse,
        rows: inputs.map(\.handle))
      return try trace.scan(description, from: carried.map(\.handle)) { carry, rows in
        let (next, output) = try step(
          replaced(initial, by: carry), replaced(xs, by: rows))
        try requireSameFields(
          FieldReflection.hash(of: next), FieldReflection.hash(of: initial), name,
          .loopStateMismatch, "the body changes the carry")
        return (
          try loopHandles(
            ofNext: leaves(of: next, "carry"), after: carried, for: name, "the carry has"),
          try leaves(of: output, "output").map(\.handle)
        )
      }
    }
    if let output {
      return (
        try replaced(initial, by: Array(handles[..<carried.count])),
        try replaced(output, by: Array(handles[carried.count...]))
      )
    }
  } catch {
    if let thrown { throw thrown }
    return try failedScan(initial, xs, VMapError(caught: error), output, body)
  }
  return try failedScan(initial, xs, LeafReplacer.changedTree, output, body)
}

/// What a scan gives that failed: trees whose tensors hold the error.
private func failedScan<Carry: TensorTree, Rows: TensorTree, Output: TensorTree, Failure: Error>(
  _ initial: Carry, _ xs: Rows, _ error: VMapError, _ output: Output?,
  _ body: (Carry, Rows) throws(Failure) -> (Carry, Output)
) throws(Failure) -> (Carry, Output) {
  let carry = failedState(initial, error: error)
  if let output { return (carry, output.failing(with: error)) }
  return (carry, try body(carry, xs.failing(with: error)).1.failing(with: error))
}

private func replaced<Tree: TensorTree>(_ tree: Tree, by handles: [TensorHandle]) throws -> Tree {
  var replacer = LeafReplacer(handles)
  return try replacer.replace(tree)
}

private func leaves<Tree: TensorTree>(
  of tree: Tree, _ root: String
) throws(VMapError) -> [TreeLeaf] {
  try LeafCollector.leaves(
    of: tree, prefixes: [], root: root, parameter: root, errorKind: .loopStateMismatch)
}

/// The length that all tensors have along their first dimension.
private func scanLength(
  _ name: String, _ leaves: [TreeLeaf], given: Int?
) throws(VMapError) -> Int {
  if let given {
    guard given >= 0 else {
      throw VMapError(.invalidArgument, "\(name): the length should not be negative, got \(given)")
    }
    return given
  }
  guard let first = leaves.first else {
    throw VMapError(
      .invalidArgument, "\(name): there is no tensor in xs; with length: it takes none")
  }
  for leaf in leaves {
    guard let length = leaf.handle.sizes.first else {
      throw VMapError(
        .shapeMismatch,
        "\(name): \(leaf.path) should have a dimension to go along, it is \(leaf.handle.type)")
    }
    guard length == first.handle.shape.first else {
      throw VMapError(
        .shapeMismatch,
        "\(name): tensors should be as long along their first dimension: "
          + "\(first.path) is \(first.handle.type), \(leaf.path) is \(leaf.handle.type)")
    }
  }
  return first.handle.shape[0]
}
