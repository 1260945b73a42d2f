import Synchronization

extension Trace {
  /// Writes down an operation whose regions are functions of elements.
  func emit(
    _ operation: any Operation, _ operands: [TensorHandle],
    elementRegions bodies: [([TensorHandle]) throws -> [TensorHandle]]
  ) throws(VMapError) -> [TensorHandle] {
    let values = try values(for: operands)
    for value in values { pinExtents(of: value) }
    var types: [TensorType] = []
    for value in values { types.append(try type(of: value).tensorType(for: operation.name)) }
    let axes = values.reduce(AxisSet.none) { $0.union(type(of: $1).axes) }
    var regions: [Region] = []
    for (parameters, body) in zip(operation.elementRegions(types), bodies) {
      regions.append(
        try region(parameters.map { ValueType($0.element, [], axes: axes) }, body))
    }
    let handles = try state.withLock { state throws(VMapError) in
      try state.builder.program.inferElementRegions(values, regions)
      return values.map { state.handle($0, self) }
    }
    return emit(operation, handles, regions: regions)
  }
}

extension TensorHandle {
  /// Applies an operation whose regions are functions of elements, with results of given element
  /// types.
  static func apply(
    _ operation: any Operation, _ operands: [TensorHandle], as elements: [ElementType],
    regions: [([TensorHandle]) throws -> [TensorHandle]]
  ) -> [TensorHandle] {
    runTraced(reading: operands, failing: elements) { trace throws(VMapError) in
      try trace.emit(operation, operands, elementRegions: regions)
    }
  }
}
