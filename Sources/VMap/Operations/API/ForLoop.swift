/// Replaces a state by what a function makes of it, once for each index of a range.
///
///     let sum = fori(0, 10, Tensor<Float>(0)) { i, sum in
///       sum + x[i]
///     }
///
/// - Parameters:
///   - lower: The first index.
///   - upper: The index to stop before; with one not above `lower` the state stays as it is.
///   - initial: A tensor, or a tree of them, to begin with.
///   - body: The next state, of the structure, the element types and the shapes of the state.
/// - Returns: The state after the last index. A state that changes its structure or a shape, bounds
///   that 32 bits do not hold, and errors thrown by the function, give tensors whose reading throws.
///
/// The function is run once, on stand-ins, to be compiled. After `lax.fori_loop`.
public func fori<State: TensorTree>(
  _ lower: Int, _ upper: Int, _ initial: State,
  do body: @escaping @Sendable (Tensor<Int32>, State) throws -> State
) -> State {
  tracedFor(Tensor(bound: lower), Tensor(bound: upper), initial, do: body)
}

/// Replaces a state of several trees by what a function makes of it, once for each index of a range.
///
///     let (a, b) = fori(0, 10, x, y) { i, a, b in
///       (b, a + b)
///     }
///
/// Parameters as for the form with one.
@_disfavoredOverload
public func fori<each State: TensorTree>(
  _ lower: Int, _ upper: Int, _ initial: repeat each State,
  do body: @escaping @Sendable (Tensor<Int32>, repeat each State) throws -> (repeat each State)
) -> (repeat each State) {
  tracedFor(Tensor(bound: lower), Tensor(bound: upper), repeat each initial, do: body)
}

/// Replaces a state by what a function makes of it, once for each index of a range whose bounds are
/// tensors.
///
/// Where the bounds vary from example to example, each one stops for itself. Parameters as for the
/// form with bounds that are numbers.
public func fori<State: TensorTree>(
  _ lower: Tensor<Int32>, _ upper: Tensor<Int32>, _ initial: State,
  do body: @escaping @Sendable (Tensor<Int32>, State) throws -> State
) -> State {
  tracedFor(lower, upper, initial, do: body)
}

/// Replaces a state of several trees by what a function makes of it, once for each index of a range
/// whose bounds are tensors.
@_disfavoredOverload
public func fori<each State: TensorTree>(
  _ lower: Tensor<Int32>, _ upper: Tensor<Int32>, _ initial: repeat each State,
  do body: @escaping @Sendable (Tensor<Int32>, repeat each State) throws -> (repeat each State)
) -> (repeat each State) {
  tracedFor(lower, upper, repeat each initial, do: body)
}

private func tracedFor<each State: TensorTree>(
  _ lower: Tensor<Int32>, _ upper: Tensor<Int32>, _ initial: repeat each State,
  do body: @escaping @Sendable (Tensor<Int32>, repeat each State) throws -> (repeat each State)
) -> (repeat each State) {
  do {
    let leaves = try loopLeaves(of: repeat each initial)
    let template = (repeat each initial)
    let fields = FieldReflection.hash(of: repeat each initial)
    let loop = LoopDescription(
      name: "fori", paths: ["the lower bound"] + leaves.map(\.path.description),
      condition: { handles in (Tensor<Int32>(handle: handles[0]) .< upper).handle },
      body: { handles in
        let index = Tensor<Int32>(handle: handles[0])
        let current = try loopState(
          repeat each template, replacedBy: Array(handles.dropFirst()))
        let next = try body(index, repeat each current)
        try requireSameFields(
          FieldReflection.hash(of: repeat each next), fields, "fori", .loopStateMismatch,
          "the body changes the state")
        let results = try loopHandles(
          ofNext: loopLeaves(of: repeat each next), after: leaves, for: "fori")
        return [(index + 1).handle] + results
      })
    let values = [lower.handle] + leaves.map(\.handle)
    let results = runTraced(
      reading: values + [upper.handle], failing: values.map(\.element)
    ) { trace throws(VMapError) in
      try lower.handle.checkIsScalar("lower bound", of: loop.name)
      try upper.handle.checkIsScalar("upper bound", of: loop.name)
      return try trace.loop(loop, from: values)
    }
    return try loopState(repeat each initial, replacedBy: Array(results.dropFirst()))
  } catch {
    return failedState(repeat each initial, error: VMapError(caught: error))
  }
}

extension Tensor<Int32> {
  /// A bound of a loop that counts in 32 bits.
  fileprivate init(bound: Int) {
    guard let value = Int32(exactly: bound) else {
      let error = VMapError(.invalidArgument, "fori: the bound \(bound) does not fit into 32 bits")
      self.init(handle: .failed(error, .int32))
      return
    }
    self.init(value)
  }
}
