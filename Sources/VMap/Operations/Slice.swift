/// Every `strides`-th element from `starts` up to, but not including, `limits`.
struct Slice: Operation {
  let starts: [Int]
  let limits: [Int]
  let strides: [Int]

  var name: String { "slice" }

  func checkRagged(_ operands: [TensorType]) throws(VMapError) {
    let shape = operands[0].shape
    guard shape.count == limits.count else { return }
    try refuseRagged(
      operands,
      in: shape.indices.filter {
        starts[$0] != 0 || limits[$0] != shape[$0] || strides[$0] != 1
      })
  }
  var attributes: [Attribute] {
    [
      Attribute("start_indices", .integers(starts), .eachDimension(neutral: 0)),
      Attribute("limit_indices", .integers(limits), .eachSize),
      Attribute("strides", .integers(strides), .eachDimension(neutral: 1)),
    ]
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Slice(
      starts: try attributes.integers("start_indices"),
      limits: try attributes.integers("limit_indices"), strides: try attributes.integers("strides"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let shape = operands[0].shape
    let ranks = [starts.count, limits.count, strides.count]
    var sizes: [Int] = []
    for dimension in shape.indices where ranks.allSatisfy({ $0 == shape.count }) {
      let (start, limit, stride) = (starts[dimension], limits[dimension], strides[dimension])
      guard 0 <= start, start <= limit, limit <= shape[dimension], stride > 0 else { break }
      sizes.append(limit == start ? 0 : (limit - start - 1) / stride + 1)
    }
    guard sizes.count == shape.count, ranks.allSatisfy({ $0 == shape.count }) else {
      throw VMapError(
        .invalidArgument,
        "slice: from \(starts.shapeText) to \(limits.shapeText) by \(strides.shapeText) "
          + "is not within shape \(shape.shapeText)")
    }
    return [TensorType(element: operands[0].element, shape: sizes)]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let graph = loops.graph
    let source = index.indices.map {
      graph.add(graph.multiply(index[$0], strides[$0]), graph.index(starts[$0]))
    }
    return [operands[0][source]]
  }

  func layout(
    _ operands: [ElementLayout], of types: [ValueType], as type: ValueType
  ) -> ElementLayout? {
    operands[0].view(as: type) { $0 }
  }
}

extension Slice: LinearOperation {
  var choosesElements: Bool { true }

  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil] }
    let (own, sizes) = (site.operands[0].sizes, change.sizes)
    // An empty slice has no last element.
    if sizes.contains(0) { return [site.operands[0].zeros] }
    let high = own.indices.map { own[$0] - starts[$0] - (sizes[$0] - 1) * strides[$0] - 1 }
    let pad = Pad(low: starts, high: high, interior: strides.map { $0 - 1 })
    return [try site.apply(pad, change, change.constant(0))]
  }
}
