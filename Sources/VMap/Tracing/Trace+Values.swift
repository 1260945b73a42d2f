import Synchronization

/// What a tensor is in a program: a value of the trace, a constant, or a captured tensor.
extension Trace {
  /// The value that a tensor is in this program.
  func value(for handle: TensorHandle) throws(VMapError) -> ValueID {
    switch handle.current {
    case .failed(let error): throw error
    case .ragged: throw TensorHandle.hasNoOneShape
    case .traced(let trace, let value):
      guard trace === self, !isFinished else {
        throw trace.isFinished
          ? Trace.hasReturned
          : VMapError(.tracerEscaped, "a value of one traced function was used in another one")
      }
      let (isVisible, isOpen) = state.withLock { state in
        (
          state.open.contains(state.owner[value]),
          state.closedAxes.isEmpty
            || state.closedAxes.isDisjoint(with: state.builder.type(of: value).axes.ids)
        )
      }
      guard isOpen else {
        throw VMapError(
          .tracerEscaped, "a value made inside an inner vmap was used outside of it")
      }
      guard isVisible else {
        throw VMapError(
          .tracerEscaped, "a value made inside the body of a loop was used outside of it")
      }
      return value
    case .recorded(let recording) where recording.isConstant:
      return try value(for: replay(recording))
    case .recorded:
      _ = try handle.storage()
      return capture(handle)
    case .stored:
      return capture(handle)
    }
  }

  /// The values that tensors are in this program.
  func values(for handles: some Sequence<TensorHandle>) throws(VMapError) -> [ValueID] {
    var values: [ValueID] = []
    for handle in handles { values.append(try value(for: handle)) }
    return values
  }

  /// Writes down recorded operations again, as part of this program.
  ///
  /// - Parameter known: What tensors are in this program, where that is known already.
  func replay(
    _ recording: Recording, known: [ObjectIdentifier: TensorHandle] = [:]
  ) throws(VMapError) -> TensorHandle {
    var known = known
    func visit(_ recording: Recording) throws(VMapError) -> TensorHandle {
      var operands: [TensorHandle] = []
      for operand in recording.operands {
        if let done = known[ObjectIdentifier(operand)] {
          operands.append(done)
        } else if case .recorded(let inner) = operand.current {
          let handle = try visit(inner)
          known[ObjectIdentifier(operand)] = handle
          operands.append(handle)
        } else {
          operands.append(operand)
        }
      }
      let result = emit(recording.operation, operands)[0]
      if case .failed(let error) = result.current { throw error }
      return result
    }
    return try visit(recording)
  }

  private func capture(_ handle: TensorHandle) -> ValueID {
    state.withLock { state in
      if let known = state.captures[ObjectIdentifier(handle)] { return known }
      let value = state.addCapture(
        ValueType(handle.element, handle.shape.map(Extent.constant)))
      state.captures[ObjectIdentifier(handle)] = value
      state.captured.append((handle, value))
      return value
    }
  }
}
