/// A function of elements, applied to those of several tensors of one shape at each index.
struct Map: Operation {
  var name: String { "map" }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Map()
  }

  func elementRegions(_ operands: [TensorType]) -> [[TensorType]] {
    [operands.map { TensorType(element: $0.element, shape: []) }]
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    guard let first = operands.first, operands.allSatisfy({ $0.shape == first.shape }) else {
      throw VMapError(
        .shapeMismatch,
        "map: takes tensors of one shape, got "
          + operands.map(\.description).joined(separator: ", "))
    }
    return [first]
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    let types = try unionTypes(operands, regions, axes)
    let results = regions.flatMap(\.results)
    guard regions.count == 1, results.count == 1, results[0].shape.isEmpty else {
      throw VMapError(.shapeMismatch, "map: the function of elements should give one scalar")
    }
    return [ValueType(results[0].element, types[0].shape, axes: types[0].axes)]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    loops.combine([], operands.map { $0[index] })
  }
}

extension Map: Expandable {
  func expanded(at site: DerivativeSite) throws(VMapError) -> [Term]? {
    try site.mappingElements(site.operands) { elements throws(VMapError) in
      try site.run(0, elements)
    }
  }
}
