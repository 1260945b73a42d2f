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
      "\(name): \(expected) \(other.count) tensors and \(returned) \(tree.count); "
        + "\(extra.path) is in one of them only")
  }
  return tree.map(\.handle)
}

/// Runs a loop in the trace that is being written, or in one of its own.
///
/// What fails is recorded by the trace, and gives tensors whose reading throws.
func runLoop(_ loop: LoopDescription, from initial: [TensorHandle]) -> [TensorHandle] {
  runTraced(reading: initial, failing: initial.map(\.element)) { trace throws(VMapError) in
    try trace.loop(loop, from: initial)
  }
}

/// Runs what needs a trace in the one that is being written, or in one of its own.
///
/// - Parameters:
///   - handles: Tensors that it reads.
///   - elements: The element types of its results, for those that stand for a failure.
///   - body: Writes it down.
func runTraced(
  reading handles: [TensorHandle], failing elements: [ElementType],
  _ body: (Trace) throws(VMapError) -> [TensorHandle]
) -> [TensorHandle] {
  do throws(VMapError) {
    return try tryTraced(reading: handles, body)
  } catch {
    return elements.map { .failed(error, $0) }
  }
}

/// Runs what needs a trace as ``runTraced(reading:failing:_:)`` does; what fails is recorded by the
/// enclosing trace, and thrown.
func tryTraced(
  reading handles: [TensorHandle], _ body: (Trace) throws(VMapError) -> [TensorHandle]
) throws(VMapError) -> [TensorHandle] {
  let enclosing = Trace.current ?? handles.lazy.compactMap(\.trace).first
  do throws(VMapError) {
    for handle in handles {
      if case .failed(let error) = handle.current { throw error }
    }
    if let enclosing { return try settled(body(enclosing)) }
    let trace = Trace()
    defer { trace.abandon() }
    let results = trace.beingCurrent {
      Result { () throws(VMapError) in try body(trace) }
    }
    // An operation that failed inside is the cause of whatever went wrong after it.
    if let error = trace.error { throw error }
    let program = try trace.finish(results: try results.get())
    let executable = try Executable.make(for: program)
    var inputs: [Storage] = []
    for handle in trace.capturedHandles { inputs.append(try handle.storage()) }
    return try executable.run(inputs, sizes: [:]).map {
      TensorHandle(element: $0.element, shape: $0.shape, .stored($0))
    }
  } catch {
    enclosing?.record(error)
    throw error
  }
}

/// The results that a trace has written, or the error that its one stand-in holds.
private func settled(_ results: [TensorHandle]) throws(VMapError) -> [TensorHandle] {
  for result in results {
    if case .failed(let error) = result.current { throw error }
  }
  return results
}
