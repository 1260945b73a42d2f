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

/// Replaces a state by what a function makes of it, while a condition on it holds, but not more often
/// than a limit says.
///
///     let (root, isOpen) = whileLoop(x, limit: 50) {
///       abs($0 * $0 - 2) .> 1e-6
///     } do: {
///       ($0 + 2 / $0) / 2
///     }
///
/// - Parameters:
///   - initial: A tensor, or a tree of them, to begin with.
///   - limit: The most steps that an example makes.
///   - condition: A scalar truth value: whether to go on.
///   - body: The next state.
/// - Returns: The state, and whether the limit ended the loop: the condition still holds. A limit that
///   is negative, or that 32 bits do not hold, gives tensors whose reading throws.
public func whileLoop<State: TensorTree>(
  _ initial: State, limit: Int,
  while condition: @escaping @Sendable (State) throws -> Tensor<Bool>,
  do body: @escaping @Sendable (State) throws -> State
) -> (State, Tensor<Bool>) {
  let state = tracedWhile(initial, limit: limit, while: condition, do: body)
  return (state, holds(condition, of: state))
}

/// Replaces a state of several trees by what a function makes of it, while a condition on it holds, but
/// not more often than a limit says.
///
/// Parameters and results as for the form with one.
@_disfavoredOverload
public func whileLoop<each State: TensorTree>(
  _ initial: repeat each State, limit: Int,
  while condition: @escaping @Sendable (repeat each State) throws -> Tensor<Bool>,
  do body: @escaping @Sendable (repeat each State) throws -> (repeat each State)
) -> ((repeat each State), Tensor<Bool>) {
  let state = tracedWhile(repeat each initial, limit: limit, while: condition, do: body)
  return ((repeat each state), holds(condition, of: repeat each state))
}

/// Whether a condition holds of a state, where an error it throws gives a tensor that holds it.
private func holds<each State: TensorTree>(
  _ condition: (repeat each State) throws -> Tensor<Bool>, of state: repeat each State
) -> Tensor<Bool> {
  do {
    return try condition(repeat each state)
  } catch {
    return Tensor(handle: .failed(VMapError(caught: error), .bool))
  }
}

/// A number of steps as a tensor.
private func steps(limit: Int) throws(VMapError) -> Tensor<Int32> {
  guard let steps = Int32(exactly: limit), steps >= 0 else {
    throw VMapError(
      .invalidArgument,
      "whileLoop: the limit should be a number of steps of 31 bits, it is \(limit)")
  }
  return Tensor(steps)
}

private func tracedWhile<each State: TensorTree>(
  _ initial: repeat each State, limit: Int? = nil,
  while condition: @escaping @Sendable (repeat each State) throws -> Tensor<Bool>,
  do body: @escaping @Sendable (repeat each State) throws -> (repeat each State)
) -> (repeat each State) {
  do {
    let leaves = try loopLeaves(of: repeat each initial)
    let template = (repeat each initial)
    let fields = FieldReflection.hash(of: repeat each initial)
    // The steps made so far come last, where there is a limit.
    let counter = limit == nil ? [] : [Tensor<Int32>(0).handle]
    let loop = LoopDescription(
      name: "whileLoop", paths: leaves.map(\.path.description) + counter.map { _ in "the counter" },
      condition: { handles in
        let current = try loopState(
          repeat each template, replacedBy: Array(handles[..<leaves.count]))
        let holds = try condition(repeat each current)
        guard let limit else { return holds.handle }
        let count = Tensor<Int32>(handle: handles[leaves.count])
        return try TensorHandle.elementwise(
          "and", (count .< steps(limit: limit)).handle, holds.handle)
      },
      body: { handles in
        let current = try loopState(
          repeat each template, replacedBy: Array(handles[..<leaves.count]))
        let next = try body(repeat each current)
        try requireSameFields(
          FieldReflection.hash(of: repeat each next), fields, "whileLoop", .loopStateMismatch,
          "the body changes the state")
        let results = try loopHandles(
          ofNext: loopLeaves(of: repeat each next), after: leaves, for: "whileLoop")
        return results
          + handles[leaves.count...].map { (Tensor<Int32>(handle: $0) + 1).handle }
      })
    let results = runLoop(loop, from: leaves.map(\.handle) + counter)
    return try loopState(
      repeat each initial, replacedBy: Array(results[..<leaves.count]))
  } catch {
    return failedState(repeat each initial, error: VMapError(caught: error))
  }
}
