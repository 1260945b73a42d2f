/// Replaces a state by what a function makes of it, once for each index of a range.
///
///     let sum = fori(0, 10, Tensor<Float>(0)) { i, sum in
///       sum + x[i]
///     }
///
/// - Parameters:
///   - lower: The first index.
///   - upper: The index to stop before; with one not above `lower` the state stays as it is.
///   - initial: Tensors, or trees of them, to begin with.
///   - body: The next state, of the structure, the element types and the shapes of the state.
/// - Returns: The state after the last index. A state that changes its structure or a shape, bounds
///   that 32 bits do not hold, and errors thrown by the function, give tensors whose reading throws.
///
/// The function is run once, on stand-ins, to be compiled. After `lax.fori_loop`.
public func fori<each State: TensorTree>(
  _ lower: Int, _ upper: Int, _ initial: repeat each State,
  do body: @escaping @Sendable (Tensor<Int32>, repeat each State) throws -> (repeat each State)
) -> (repeat each State) {
  fori(Tensor(bound: lower), Tensor(bound: upper), repeat each initial, do: body)
}

/// Replaces a state by what a function makes of it, once for each index of a range whose bounds are
/// tensors.
///
/// Where the bounds vary from example to example, each one stops for itself. Parameters as for the
/// form with bounds that are numbers.
public func fori<each State: TensorTree>(
  _ lower: Tensor<Int32>, _ upper: Tensor<Int32>, _ initial: repeat each State,
  do body: @escaping @Sendable (Tensor<Int32>, repeat each State) throws -> (repeat each State)
) -> (repeat each State) {
  do {
    let state = try LoopState(repeat each initial)
    let loop = LoopDescription(
      name: "fori", paths: ["the lower bound"] + state.leaves.map(\.path.description),
      condition: { handles in (Tensor<Int32>(handle: handles[0]) .< upper).handle },
      body: { handles in
        let index = Tensor<Int32>(handle: handles[0])
        let current = try state.replacing(Array(handles.dropFirst()))
        let next = try body(index, repeat each current)
        return [(index + 1).handle]
          + (try state.handles(ofNext: repeat each next, for: "fori"))
      })
    let results = runLoop(loop, from: [lower.handle] + state.handles)
    return try state.replacing(Array(results.dropFirst()))
  } catch {
    // Only a tree that throws when it is visited ends here, for which there is nothing to replace.
    Trace.current?.record(VMapError(caught: error))
    return (repeat each initial)
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
