/// Windows of an operand that begin at given indices.
///
/// A window that would reach beyond an edge is moved until it lies inside, as StableHLO has it.
struct Gather: Operation {
  let dimensions: WindowDimensions
  /// The size of a window along each dimension of the operand.
  let sizes: [Int]

  var name: String { "gather" }
  var attributes: [Attribute] {
    [
      Attribute("offset_dims", .integers(dimensions.window)),
      Attribute("collapsed_slice_dims", .integers(dimensions.collapsed)),
      Attribute("operand_batching_dims", .integers(dimensions.operandBatching)),
      Attribute("start_indices_batching_dims", .integers(dimensions.indexBatching)),
      Attribute("start_index_map", .integers(dimensions.indexed)),
      Attribute("index_vector_dim", .integer(dimensions.vector)),
      Attribute("slice_sizes", .integers(sizes)),
    ]
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Gather(
      dimensions: WindowDimensions(
        window: try attributes.integers("offset_dims"),
        collapsed: try attributes.integers("collapsed_slice_dims"),
        operandBatching: try attributes.integers("operand_batching_dims"),
        indexBatching: try attributes.integers("start_indices_batching_dims"),
        indexed: try attributes.integers("start_index_map"),
        vector: try attributes.integer("index_vector_dim")),
      sizes: try attributes.integers("slice_sizes"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let (operand, indices) = (operands[0], operands[1])
    let batchRank = dimensions.batch(rank: indices.shape.count).count
    try dimensions.check(
      name, operand: operand.shape, indices: indices,
      windowsRank: batchRank + dimensions.window.count)
    guard sizes.count == operand.shape.count,
      zip(sizes, operand.shape).allSatisfy({ 0 <= $0 && $0 <= $1 }),
      (dimensions.collapsed + dimensions.operandBatching).allSatisfy({ sizes[$0] <= 1 })
    else {
      throw VMapError(
        .invalidArgument,
        "gather: slice_sizes \(sizes.shapeText) should be within shape \(operand.shape.shapeText), "
          + "and 1 where a dimension is collapsed or a batching dimension")
    }
    let shape = dimensions.windowsShape(indices: indices.shape, sizes: sizes)
    return [TensorType(element: operand.element, shape: try shape.counted(for: name))]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let (operand, indices) = (operands[0], operands[1])
    let shape = operand.type.shape.map { $0.constant ?? 0 }
    // Then there is no window with elements.
    if shape.contains(0) { return [loops.literal(.zero(operand.type.element))] }
    let batch = dimensions.counting(rank: index.count).map { index[$0] }
    var offsets = dimensions.window.map { index[$0] }[...]
    let kept = dimensions.kept(rank: shape.count)
    let source = shape.indices.map { dimension -> Expression in
      if let pair = dimensions.operandBatching.firstIndex(of: dimension) {
        return batch[dimensions.batchPosition(of: dimensions.indexBatching[pair])]
      }
      let offset = kept.contains(dimension) ? offsets.popFirst() : nil
      let within = offset ?? loops.graph.index(0)
      guard let start = dimensions.start(along: dimension, of: batch, indices, loops) else {
        return within
      }
      let last = shape[dimension] - max(1, sizes[dimension])
      let first =
        last == 0
        ? loops.graph.index(0)
        : loops.index(start, of: indices.type.element, from: 0, through: last)
      return loops.graph.add(first, within)
    }
    return [operand[source]]
  }
}

extension Gather: LinearOperation {
  var choosesElements: Bool { true }

  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil, nil] }
    let operand = site.operands[0]
    if operand.sizes.contains(0) || change.sizes.contains(0) { return [operand.zeros, nil] }
    // A scatter drops windows beyond an edge, which a gather moves inside.
    let last = dimensions.indexed.map { operand.sizes[$0] - max(1, sizes[$0]) }
    let starts = dimensions.clamped(site.operands[1], to: last)
    return [
      try site.scatterAdding(Scatter(dimensions: dimensions), operand.zeros, starts, change), nil,
    ]
  }
}

extension WindowDimensions {
  /// Index vectors, each number brought between 0 and one of some limits.
  func clamped(_ indices: Term, to last: [Int]) -> Term {
    var wide = indices
    if wide.element.byteCount < 4 { wide = wide.converted(to: .int32) }
    return .max(.min(wide, limits(wide, last)), wide.integer(0))
  }

  /// The numbers that index vectors are compared with.
  func limits(_ indices: Term, _ numbers: [Int]) -> Term {
    let scalars = numbers.map { indices.integer($0) }
    let shape = indices.sizes
    guard vector < shape.count else { return scalars[0].repeated(to: shape) }
    let parts = scalars.map { $0.reshaped(to: [1]) }
    guard let first = parts.first else { return indices }
    let row =
      parts.count == 1
      ? first
      : Term(parts, as: indices.element) {
        try .step(Concatenate(dimension: 0), parts.map(\.handle))
      }
    return row.repeated(to: shape, along: shape.indices.filter { $0 != vector })
  }
}
