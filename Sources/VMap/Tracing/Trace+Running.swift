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
    return try trace.run(try results.get()).map {
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

extension Trace {
  /// Ends the trace and runs its program, on its arguments and the tensors that it captured.
  func run(
    _ results: [TensorHandle], _ arguments: [Storage] = [], sizes: [Symbol: Int] = [:]
  ) throws(VMapError) -> [Storage] {
    let program = try finish(results: results)
    let executable = try Executable.make(for: program)
    var inputs = arguments
    for handle in capturedHandles { inputs.append(try handle.storage()) }
    return try executable.run(inputs, sizes: sizes)
  }
}
