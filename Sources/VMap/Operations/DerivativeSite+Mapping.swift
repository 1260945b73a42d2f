/// Rows and elements as map axes of their own.
extension DerivativeSite {
  /// What a function of one row of each operand gives, for all rows; rows are the first dimension.
  func mapping(
    _ operands: [Term], _ body: ([Term]) throws(VMapError) -> [Term]
  ) throws(VMapError) -> [Term] {
    let count = operands[0].sizes[0]
    let axis = trace.makeAxis(name: nil, extent: .constant(count))
    var rows: [Term] = []
    for operand in operands {
      rows.append(try apply(BindAxis(axis: axis, dimension: 0), operand))
    }
    var results: [Term] = []
    for result in try body(rows) {
      results.append(try apply(UnbindAxis(axis: axis, dimension: 0), result))
    }
    return results
  }

  /// What a function of elements gives for those of tensors of one shape.
  func mappingElements(
    _ operands: [Term], _ body: ([Term]) throws(VMapError) -> [Term]
  ) throws(VMapError) -> [Term] {
    let shape = operands[0].sizes
    let count = shape.saturatingProduct()
    return try mapping(operands.map { $0.reshaped(to: [count]) }, body)
      .map { $0.reshaped(to: shape) }
  }

  /// What a function of the vectors along a dimension gives; vectors of the same dimension, which may
  /// be of another length.
  func mappingVectors(
    _ operands: [Term], along dimension: Int,
    _ body: ([Term]) throws(VMapError) -> [Term]
  ) throws(VMapError) -> [Term] {
    let rank = operands[0].sizes.count
    let order = (0..<rank).filter { $0 != dimension } + [dimension]
    var inverse = order
    for (position, dimension) in order.enumerated() { inverse[dimension] = position }
    let outer = order.dropLast().map { operands[0].sizes[$0] }
    let count = outer.saturatingProduct()
    let rows = operands.map { operand in
      operand.transposed(order).reshaped(to: [count, operand.sizes[dimension]])
    }
    return try mapping(rows, body).map { result in
      result.reshaped(to: outer + [result.sizes[1]]).transposed(inverse)
    }
  }

  /// What a region makes of elements.
  func run(_ region: Int, _ arguments: [Term]) throws(VMapError) -> [Term] {
    try trace.inlined(regions[region], arguments, Substitution())
  }
}
