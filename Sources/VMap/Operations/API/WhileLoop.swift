/// Replaces a state by what a function makes of it, while a condition on it holds.
///
///     let power = whileLoop(x) { $0 .< 100 } do: { $0 * 2 }
///
/// Inside a `vmap` each example stops for itself when the condition varies from example to example; a
/// condition that does not is tested once for all of them.
///
/// - Parameters:
///   - initial: A tensor, or a tree of them, to begin with.
///   - condition: A scalar truth value: whether to go on.
///   - body: The next state, of the structure, the element types and the shapes of the state.
/// - Returns: The first state for which the condition does not hold. A state that changes its
///   structure or a shape, and errors thrown by the functions, give tensors whose reading throws.
///
/// Both functions are run once, on stand-ins, to be compiled. After `lax.while_loop`.
public func whileLoop<State: TensorTree>(
  _ initial: State,
  while condition: @escaping @Sendable (State) throws -> Tensor<Bool>,
  do body: @escaping @Sendable (State) throws -> State
) -> State {
  tracedWhile(initial, while: condition, do: body)
}

/// Replaces a state of several trees by what a function makes of it, while a condition on it holds.
///
///     let (x, steps) = whileLoop(x, Tensor<Int32>(0)) { x, _ in
///       x .< 100
///     } do: { x, steps in
///       (x * 2, steps + 1)
///     }
///
/// Parameters as for the form with one.
@_disfavoredOverload
public func whileLoop<each State: TensorTree>(
  _ initial: repeat each State,
  while condition: @escaping @Sendable (repeat each State) throws -> Tensor<Bool>,
  do body: @escaping @Sendable (repeat each State) throws -> (repeat each State)
) -> (repeat each State) {
  tracedWhile(repeat each initial, while: condition, do: body)
}

private func tracedWhile<each State: TensorTree>(
  _ initial: repeat each State,
  while condition: @escaping @Sendable (repeat each State) throws -> Tensor<Bool>,
  do body: @escaping @Sendable (repeat each State) throws -> (repeat each State)
) -> (repeat each State) {
  do {
    let leaves = try loopLeaves(of: repeat each initial)
    let template = (repeat each initial)
    let loop = LoopDescription(
      name: "whileLoop", paths: leaves.map(\.path.description),
      condition: { handles in
        let current = try loopState(repeat each template, replacedBy: handles)
        return try condition(repeat each current).handle
      },
      body: { handles in
        let current = try loopState(repeat each template, replacedBy: handles)
        let next = try body(repeat each current)
        return try loopHandles(
          ofNext: loopLeaves(of: repeat each next), after: leaves, for: "whileLoop")
      })
    return try loopState(
      repeat each initial, replacedBy: runLoop(loop, from: leaves.map(\.handle)))
  } catch {
    // Only a tree that throws when it is visited ends here, for which there is nothing to replace.
    Trace.current?.record(VMapError(caught: error))
    return (repeat each initial)
  }
}
