import Synchronization

/// A loop over the rows of tensors as it is traced.
struct ScanDescription {
  /// What errors call the loop.
  let name: String
  /// What errors call each tensor of the carry.
  let paths: [String]
  /// How many rows there are.
  let length: Int
  /// Whether the last row comes first.
  let isReversed: Bool
  /// The tensors whose rows are gone through.
  let rows: [TensorHandle]
}

extension Trace {
  /// Writes down a scan and gives the last carry and the stacked outputs.
  ///
  /// It is a loop whose state also has a counter, the same for every example, and the stacked outputs,
  /// of which each step replaces one row. The body is traced once: what it gives says what is stacked.
  ///
  /// - Parameter step: Makes of the carry and a row of each tensor the next carry and what is kept of
  ///   this step.
  func scan(
    _ scan: ScanDescription, from initial: [TensorHandle],
    _ step: (_ carry: [TensorHandle], _ rows: [TensorHandle]) throws -> (
      carry: [TensorHandle], outputs: [TensorHandle]
    )
  ) throws(VMapError) -> [TensorHandle] {
    let length = try length(of: scan)
    let last =
      scan.length.isRagged
      ? try .elementwise("sub", length, .counter(1)) : try counter(scan.length - 1, for: scan.name)
    let counterType = ValueType(.int32, [])
    let values = try values(for: initial)
    for value in values { pinExtents(of: value) }

    var stacks: [TensorType] = []
    let body = try region([counterType] + values.map(type(of:))) { state in
      let counter = state[0]
      let position =
        scan.isReversed ? try TensorHandle.elementwise("sub", last, counter) : counter
      let rows = try scan.rows.map { try $0.row(at: position, of: scan.length) }
      let (carry, outputs) = try step(Array(state.dropFirst()), rows)
      var next = [try TensorHandle.elementwise("add", counter, .counter(1))] + carry
      for output in outputs {
        let value = try value(for: output)
        pinExtents(of: value)
        let type = try type(of: value).tensorType(for: scan.name)
        let stack = TensorType(element: type.element, shape: [scan.length] + type.shape)
        _ = try stack.shape.filter { !$0.isRagged }.checkedCount()
        stacks.append(stack)
        let slot = addParameter(stack)
        next.append(try slot.replacingRow(at: position, with: output))
      }
      return next
    }

    var state = [try value(for: counter(0, for: scan.name))] + values
    for stack in stacks {
      let zero = emit(Literal(value: .zero(stack.element)), [])
      let empty = emit(Broadcast(shape: stack.shape, dimensions: []), zero)[0]
      state.append(try value(for: empty))
    }
    let condition = try region(state.map(type(of:))) { state in
      [try TensorHandle.elementwise("lt", state[0], length)]
    }
    let paths = ["the counter"] + scan.paths + stacks.indices.map { "output \($0)" }
    return Array(
      try write(
        scan.name, paths, state, condition, body,
        as: .counted(scan.length.isRagged ? nil : scan.length), makesRows: scan.length.isRagged
      ).dropFirst())
  }

  /// How many rows there are: in the example, where they are those of a ragged dimension.
  private func length(of scan: ScanDescription) throws(VMapError) -> TensorHandle {
    guard scan.length.isRagged, let rows = scan.rows.first else {
      return try counter(scan.length, for: scan.name)
    }
    return try .step(DimensionSize(dimension: 0), rows)
  }

  private func counter(_ value: Int, for name: String) throws(VMapError) -> TensorHandle {
    guard let value = Int32(exactly: value) else {
      throw VMapError(
        .invalidArgument, "\(name): the length \(value) does not fit into 32 bits")
    }
    return .counter(value)
  }

  /// Adds a parameter to the region that is being written.
  private func addParameter(_ type: TensorType) -> TensorHandle {
    state.withLock { state in
      let value = state.addParameter(
        ValueType(type.element, type.shape.map { Extent(size: $0, state.program.axes) })
          .withAxesOfLengths(state.program.axes))
      return state.handle(value, self)
    }
  }
}

extension TensorHandle {
  fileprivate static func counter(_ value: Int32) -> TensorHandle {
    .integer(Int(value), .int32)
  }

  /// The starts of a row.
  private func starts(_ position: TensorHandle) -> [TensorHandle] {
    [position] + shape.dropFirst().map { _ in .counter(0) }
  }

  /// One row of a tensor, which has so many of them.
  fileprivate func row(at position: TensorHandle, of length: Int) throws(VMapError) -> TensorHandle
  {
    let rest = Array(sizes.dropFirst())
    // Nobody will read a row of none, but its type is needed.
    if length == 0 {
      return try .step(
        Broadcast(shape: rest, dimensions: []), .apply(Literal(value: .zero(element)), []))
    }
    let slice = try TensorHandle.step(
      DynamicSlice(sizes: [1] + rest), [self] + starts(position))
    return try slice.reshaped(to: rest)
  }

  /// A tensor with a row replaced.
  fileprivate func replacingRow(
    at position: TensorHandle, with row: TensorHandle
  ) throws(VMapError) -> TensorHandle {
    if shape.first == 0 { return self }
    let update = try row.reshaped(to: [1] + row.sizes)
    return try .step(DynamicUpdateSlice(), [self, update] + starts(position))
  }
}
