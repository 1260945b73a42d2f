extension BatchedBuilder {
  /// A value transposed, and repeated over what it lacks, to lie as a layout says.
  ///
  /// - Parameter shape: The shape of one example, where it is not the value's own.
  mutating func arrange(
    _ value: BatchedValue, as layout: [BatchedDimension], shape: [Int]? = nil
  ) throws(VMapError) -> BatchedValue {
    if value.layout == layout { return value }
    guard value.layout.allSatisfy(layout.contains) else {
      throw VMapError(.internalInconsistency, "a value varies over more axes than its type says")
    }
    var result = value
    let kept = layout.filter(value.layout.contains)
    if kept != value.layout {
      let permutation = kept.map { value.layout.position(of: $0) }
      result = try emit(Transpose(permutation: permutation), [value], as: kept)
    }
    if kept == layout { return result }
    let example = if let shape { shape } else { try exampleShape(of: value) }
    let broadcast = Broadcast(
      shape: try physicalShape(example, layout),
      dimensions: kept.map { layout.position(of: $0) })
    return try emit(broadcast, [result], as: layout)
  }

  /// The layout in which to combine values element by element: that of the first value that has all
  /// axes and dimensions, else one with the axes first.
  func commonLayout(_ values: [BatchedValue]) -> [BatchedDimension] {
    let axes = values.reduce(AxisSet.none) { $0.union($1.axes) }
    let rank = values.map(\.rank).max() ?? 0
    if let whole = values.first(where: { $0.rank == rank && $0.axes == axes }) {
      return whole.layout
    }
    return axes.ids.map { .axis($0) } + (0..<rank).map { .dimension($0) }
  }

  /// An operation on each element.
  mutating func elementwise(
    _ operation: any Operation, _ operands: [BatchedValue]
  ) throws(VMapError) -> BatchedValue { try lift(operation, operands)[0] }

  /// An elementwise operation by its name.
  mutating func elementwise(
    _ name: String, _ operands: [BatchedValue]
  ) throws(VMapError) -> BatchedValue {
    let operation = try Elementwise.make(
      name: name, attributes: Attributes(operation: name, []))
    return try elementwise(operation, operands)
  }
}
