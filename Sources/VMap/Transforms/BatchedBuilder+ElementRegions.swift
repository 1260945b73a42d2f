extension BatchedBuilder {
  /// A region that is a function of elements, for whole batches: elements are elements.
  mutating func elementRegion(_ source: Region, of name: String) throws(VMapError) -> Region {
    try makeRegion { builder throws(VMapError) in
      for parameter in source.parameters {
        builder.values[parameter] = builder.addParameter(builder.source.types[parameter].element)
      }
      try builder.append(source.instructions)
      var results: [BatchedValue] = []
      for result in source.results {
        let value = try builder.batched(result)
        guard value.layout.isEmpty else {
          throw VMapError(
            .internalInconsistency, "\(name): what its function uses varies over a batch")
        }
        results.append(value)
      }
      return results
    }
  }

  /// An operation with regions that are functions of elements, on values that all lie as a layout
  /// says, and scalars.
  mutating func emit(
    _ operation: any Operation, _ tensors: [BatchedValue], scalars: [BatchedValue] = [],
    regions: [Region], as layout: [BatchedDimension]
  ) throws(VMapError) -> [BatchedValue] {
    var written: [Region] = []
    for region in regions { written.append(try elementRegion(region, of: operation.name)) }
    return try emit(operation, (tensors + scalars).map(\.id), regions: written).map {
      BatchedValue(id: $0, layout: layout)
    }
  }

  /// Values brought to the layout in which to combine them.
  mutating func arrangedAlike(
    _ values: [BatchedValue]
  ) throws(VMapError) -> (values: [BatchedValue], layout: [BatchedDimension]) {
    let layout = commonLayout(values)
    var arranged: [BatchedValue] = []
    for value in values { arranged.append(try arrange(value, as: layout)) }
    return (arranged, layout)
  }

  /// The same with scalars after them, which stay as they are; nil where those vary over a batch.
  mutating func arrangedAlike(
    _ values: [BatchedValue], scalars count: Int
  ) throws(VMapError) -> (
    tensors: [BatchedValue], scalars: [BatchedValue], layout: [BatchedDimension]
  )? {
    let scalars = Array(values.suffix(count))
    guard scalars.allSatisfy(\.layout.isEmpty) else { return nil }
    let (tensors, layout) = try arrangedAlike(values.dropLast(count))
    return (tensors, scalars, layout)
  }
}

extension [BatchedDimension] {
  func positions(of dimensions: [Int]) -> [Int] {
    dimensions.map { firstIndex(of: .dimension($0)) ?? 0 }
  }
}
