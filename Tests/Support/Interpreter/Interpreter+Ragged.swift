@testable import VMap

/// Dimensions that are as long as each example says.
extension Interpreter {
  /// The shape of a value for one example.
  func shape(of type: ValueType, _ frame: Frame, _ position: Position) throws -> [Int] {
    try type.shape.map { extent in
      guard let axis = extent.raggedAxis else { return extent.value(sizes) }
      return try rows(along: axis, frame, position).count
    }
  }

  /// The rows of an example among those of all that go along an axis.
  private func rows(along axis: Int, _ frame: Frame, _ position: Position) throws -> Range<Int> {
    guard let rows = program.axes[axis].rows, let example = position[rows.axis] else {
      throw InterpreterError("lengths along axis \(axis) are asked for without an example")
    }
    let length = try value(rows.lengths, frame, [:]).integers[example]
    let start = length == 0 ? 0 : try value(rows.starts, frame, [:]).integers[example]
    return start..<start + length
  }

  /// The rows of one example among those of all.
  func bound(
    _ operation: BindRagged, _ all: ReferenceTensor, _ frame: Frame, _ position: Position
  ) throws -> ReferenceTensor {
    let rows = try rows(along: operation.axis, frame, position)
    return ReferenceTensor(all.element, [rows.count] + all.shape.dropFirst()) { index in
      all[[rows.lowerBound + index[0]] + index.dropFirst()]
    }
  }

  /// The rows of all examples, one after another.
  func unbound(
    _ operation: UnbindRagged, _ element: ElementType,
    _ example: (Position) throws -> ReferenceTensor
  ) throws -> ReferenceTensor {
    guard let rows = program.axes[operation.axis].rows else {
      throw InterpreterError("no rows go along axis \(operation.axis)")
    }
    let all = try (0..<extents[rows.axis]).map { try example([rows.axis: $0]) }
    let shape = [all.reduce(0) { $0 + $1.shape[0] }] + (all.first?.shape.dropFirst() ?? [])
    return ReferenceTensor(element, shape, all.flatMap(\.values))
  }

  /// An operation with the sizes that its attributes have for one example.
  func resolved(
    _ operation: any Operation, _ frame: Frame, _ position: Position
  ) throws -> any Operation {
    func sizes(_ shape: [Int]) throws -> [Int] {
      try shape.map { size in
        try size.raggedAxis.map { try rows(along: $0, frame, position).count } ?? size
      }
    }
    switch operation {
    case let operation as Broadcast:
      return Broadcast(shape: try sizes(operation.shape), dimensions: operation.dimensions)
    case let operation as Iota:
      let type = TensorType(
        element: operation.type.element, shape: try sizes(operation.type.shape))
      return Iota(type: type, dimension: operation.dimension)
    case let operation as Reshape: return Reshape(shape: try sizes(operation.shape))
    case let operation as DynamicSlice: return DynamicSlice(sizes: try sizes(operation.sizes))
    case let operation as Slice:
      return Slice(
        starts: operation.starts, limits: try sizes(operation.limits), strides: operation.strides)
    default: return operation
    }
  }
}
