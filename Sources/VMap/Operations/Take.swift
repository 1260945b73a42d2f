/// Elements at integer indices along a dimension, as `x[i]` in JAX: negative indices count from the
/// end, and what lies outside is brought to the nearest edge.
struct Take: Operation {
  let dimension: Int

  var name: String { "take" }
  var attributes: [Attribute] { [Attribute("axis", .integer(dimension))] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Take(dimension: try attributes.integer("axis"))
  }

  func checkRagged(_ operands: [TensorType]) {}

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let (operand, indices) = (operands[0], operands[1])
    guard indices.element.isInteger else {
      throw VMapError(
        .typeMismatch, "take: indices should be integers, got \(indices.element.rawValue)")
    }
    guard operand.shape.indices.contains(dimension) else {
      throw VMapError(
        .invalidArgument, "take: axis \(dimension) is not one of shape \(operand.shape.shapeText)")
    }
    guard operand.shape[dimension] > 0 || indices.count == 0 else {
      throw VMapError(
        .invalidArgument,
        "take: axis \(dimension) of shape \(operand.shape.shapeText) has no element to take")
    }
    var shape = operand.shape
    shape.replaceSubrange(dimension...dimension, with: indices.shape)
    return [TensorType(element: operand.element, shape: try shape.counted(for: name))]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let (operand, indices) = (operands[0], operands[1])
    let rank = indices.type.shape.count
    let extent = operand.type.shape[dimension]
    let size = extent.constant ?? 0
    // Small types could not hold the size: widen them first.
    let given = indices.type.element
    let wide: ElementType =
      size > Int(Int32.max) ? .int64 : (given.byteCount < 4 ? .int32 : given)
    var element = indices[Array(index[dimension..<dimension + rank])]
    if wide != given { element = loops.apply(.convert, [element], wide) }
    func constant(_ value: Int) -> Expression {
      loops.literal(ScalarLiteral(integer: Int64(value), as: wide))
    }
    var (count, last) = (constant(size), constant(max(0, size - 1)))
    if let length = loops.length(extent) {
      count = wide == .int32 ? length : loops.apply(.convert, [length], wide)
      let positive = loops.apply(.maximum, [count, constant(1)], wide)
      last = loops.apply(.subtract, [positive, constant(1)], wide)
    }
    if wide.isSignedInteger {
      let isNegative = loops.apply(.less, [element, constant(0)], .bool)
      let fromEnd = loops.apply(.add, [element, count], wide)
      element = loops.apply(.select, [isNegative, fromEnd, element], wide)
      element = loops.apply(.maximum, [element, constant(0)], wide)
    }
    element = loops.apply(.minimum, [element, last], wide)
    var source = index
    source.replaceSubrange(
      dimension..<dimension + rank, with: [loops.index(of: element)])
    return [operand[source]]
  }
}

extension Take: LinearOperation {
  var choosesElements: Bool { true }

  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil, nil] }
    let (operand, indices) = (site.operands[0], site.operands[1])
    let (size, rank) = (operand.sizes[dimension], indices.sizes.count)
    if size == 0 { return [operand.zeros, nil] }
    var inside = indices
    if inside.element.byteCount < 4 { inside = inside.converted(to: .int32) }
    if inside.element.isSignedInteger {
      let zero = inside.integer(0)
      inside = .select(inside .< zero, inside + inside.integer(size), inside)
      inside = .max(inside, zero)
    }
    inside = .min(inside, inside.integer(size - 1))
    let others = operand.sizes.indices.filter { $0 != dimension }
    let scatter = Scatter(
      dimensions: WindowDimensions(
        window: others.map { $0 < dimension ? $0 : $0 + rank - 1 }, collapsed: [dimension],
        operandBatching: [], indexBatching: [], indexed: [dimension], vector: rank))
    return [try site.scatterAdding(scatter, operand.zeros, inside, change), nil]
  }
}
