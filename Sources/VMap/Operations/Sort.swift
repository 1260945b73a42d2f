/// Tensors of one shape sorted together along a dimension, as the region compares elements.
///
/// The region takes two elements of each tensor in turn and tells whether the first comes before the
/// second. Elements of which none comes before the other keep their order.
struct Sort: Operation {
  let dimension: Int

  /// The most elements along the dimension: a work-item keeps them all.
  static let capacity = 4096

  var name: String { "sort" }
  var wholeDimension: Int? { dimension }
  var attributes: [Attribute] { [Attribute("dimension", .integer(dimension), .dimensions)] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Sort(dimension: try attributes.integer("dimension"))
  }

  func elementRegions(_ operands: [TensorType]) -> [[TensorType]] {
    [
      operands.flatMap { operand in
        [TensorType](repeating: TensorType(element: operand.element, shape: []), count: 2)
      }
    ]
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    guard let first = operands.first, operands.allSatisfy({ $0.shape == first.shape }) else {
      throw VMapError(
        .shapeMismatch,
        "sort: takes tensors of one shape, got "
          + operands.map(\.description).joined(separator: ", "))
    }
    guard first.shape.indices.contains(dimension) else {
      throw VMapError(
        .invalidArgument,
        "sort: dimension \(dimension) is not one of shape \(first.shape.shapeText)")
    }
    guard first.shape[dimension] <= Sort.capacity else {
      throw VMapError(
        .invalidArgument,
        "sort: dimension \(dimension) of shape \(first.shape.shapeText) has more than "
          + "\(Sort.capacity) elements, which takes a loop over passes")
    }
    return operands
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    let types = try unionTypes(operands, regions, axes)
    try regions.check(0, gives: [.bool], for: name)
    return types
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    func place(_ position: Expression) -> [Expression] {
      var place = index
      place[dimension] = position
      return place
    }
    let source = loops.once(place(loops.graph.index(0))) {
      loops.sortedPlaces(
        operands[0].type.shape[dimension].constant ?? 1, operands.map(\.type.element),
        element: { slot, position in operands[slot][place(position)] },
        isBefore: { a, b in
          let pairs = zip(a, b).flatMap { [$0, $1] }
          return loops.combine(pairs, [])[0]
        })
    }
    let position = source(index[dimension])
    return operands.map { $0[place(position)] }
  }
}

extension Sort: Differentiable {
  func tangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    let shape = site.operands[0].sizes
    if shape.contains(0) { return changes }
    let positions = Term.indices(shape, along: dimension)
    // The positions are sorted along.
    let sorted = try site.trace.emit(
      self, (site.operands + [positions]).map(\.handle),
      elementRegions: [
        { pairs in try site.run(0, pairs.dropLast(2).map(Term.init)).map(\.handle) }
      ])
    let sources = Term(sorted[sorted.count - 1])
    var results: [Term?] = []
    for change in changes {
      results.append(
        try change.map { change throws(VMapError) in
          try site.taking(change, sources, along: dimension)
        })
    }
    return results
  }
}

extension DerivativeSite {
  /// Elements at positions of their own for each vector along a dimension.
  func taking(
    _ term: Term, _ positions: Term, along dimension: Int
  ) throws(VMapError) -> Term {
    try mappingVectors([term, positions], along: dimension) { vectors throws(VMapError) in
      [vectors[0].taking(vectors[1], along: 0)]
    }[0]
  }
}
