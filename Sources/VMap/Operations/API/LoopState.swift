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
  ofNext next: [TreeLeaf], after leaves: [TreeLeaf], for name: String
) throws(VMapError) -> [TensorHandle] {
  for (before, after) in zip(leaves, next) where before.path != after.path {
    throw VMapError(
      .loopStateMismatch,
      "\(name): the body returns \(after.path) where the state has \(before.path)")
  }
  guard next.count == leaves.count else {
    let extra = (next.count > leaves.count ? next : leaves)[min(next.count, leaves.count)]
    throw VMapError(
      .loopStateMismatch,
      "\(name): the state has \(leaves.count) tensors and the body returns \(next.count); "
        + "\(extra.path) is in one of them only")
  }
  return next.map(\.handle)
}

/// Runs a loop in the trace that is being written, or in one of its own.
///
/// What fails is recorded by the trace, and gives tensors whose reading throws.
func runLoop(_ loop: LoopDescription, from initial: [TensorHandle]) -> [TensorHandle] {
  writeInTrace(initial, as: initial.map(\.element)) { trace throws(VMapError) in
    try trace.loop(loop, from: initial)
  }
}

/// Writes operations with regions into the trace that is being written, or runs them in one of their
/// own.
///
/// What fails is recorded by the trace, and gives tensors of the given element types whose reading
/// throws.
func writeInTrace(
  _ operands: [TensorHandle], as elements: [ElementType],
  _ write: (Trace) throws(VMapError) -> [TensorHandle]
) -> [TensorHandle] {
  var enclosing = Trace.current
  for handle in operands {
    if case .traced(let trace, _) = handle.current { enclosing = enclosing ?? trace }
  }
  do throws(VMapError) {
    for handle in operands {
      if case .failed(let error) = handle.current { throw error }
    }
    if let enclosing { return try settled(write(enclosing)) }
    let trace = Trace()
    defer { trace.abandon() }
    let results = trace.beingCurrent {
      Result { () throws(VMapError) in try write(trace) }
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
    return elements.map { .failed(error, $0) }
  }
}

/// The results that a trace has written, or the error that its one stand-in holds.
private func settled(_ results: [TensorHandle]) throws(VMapError) -> [TensorHandle] {
  for result in results {
    if case .failed(let error) = result.current { throw error }
  }
  return results
}
