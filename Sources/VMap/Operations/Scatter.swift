/// Windows of operands combined with updates, at given indices.
///
/// The operands are several tensors of one shape, the indices, and updates for each tensor. The region
/// makes the new elements of those there and those of the updates. Updates of one element are applied
/// in the order of their indices, and a window that reaches beyond an edge is dropped, as XLA has it.
struct Scatter: Operation {
  let dimensions: WindowDimensions

  var name: String { "scatter" }
  var attributes: [Attribute] {
    [
      Attribute("update_window_dims", .integers(dimensions.window)),
      Attribute("inserted_window_dims", .integers(dimensions.collapsed)),
      Attribute("operand_batching_dims", .integers(dimensions.operandBatching)),
      Attribute("scatter_indices_batching_dims", .integers(dimensions.indexBatching)),
      Attribute("scatter_dims_to_operand_dims", .integers(dimensions.indexed)),
      Attribute("index_vector_dim", .integer(dimensions.vector)),
    ]
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Scatter(
      dimensions: WindowDimensions(
        window: try attributes.integers("update_window_dims"),
        collapsed: try attributes.integers("inserted_window_dims"),
        operandBatching: try attributes.integers("operand_batching_dims"),
        indexBatching: try attributes.integers("scatter_indices_batching_dims"),
        indexed: try attributes.integers("scatter_dims_to_operand_dims"),
        vector: try attributes.integer("index_vector_dim")))
  }

  func elementRegions(_ operands: [TensorType]) -> [[TensorType]] {
    let elements = operands.map { TensorType(element: $0.element, shape: []) }
    let count = (operands.count - 1) / 2
    return [Array(elements[..<count] + elements[(count + 1)...])]
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    guard operands.count >= 3, operands.count % 2 == 1 else {
      throw VMapError(
        .invalidArgument,
        "scatter: takes tensors, indices and as many updates, got \(quantity(operands.count, "operand"))"
      )
    }
    let count = operands.count / 2
    let (tensors, indices) = (operands[..<count], operands[count])
    let updates = operands[(count + 1)...]
    for (tensor, update) in zip(tensors, updates) {
      guard tensor.element == update.element else {
        throw VMapError(
          .typeMismatch,
          "scatter: the updates of \(tensor) should be \(tensor.element.rawValue), got \(update)")
      }
      guard tensor.shape == operands[0].shape, update.shape == updates.first?.shape else {
        throw VMapError(
          .shapeMismatch,
          "scatter: tensors and updates should each have one shape, got "
            + operands.map(\.description).joined(separator: ", "))
      }
    }
    let (shape, windows) = (operands[0].shape, operands[count + 1].shape)
    try dimensions.check(
      name, operand: shape, indices: indices, windowsRank: windows.count)
    let sizes = windowSizes(windows, rank: shape.count)
    let expected = dimensions.windowsShape(indices: indices.shape, sizes: sizes)
    guard expected == windows, zip(sizes, shape).allSatisfy({ $0 <= $1 || $0 == 1 }) else {
      throw VMapError(
        .shapeMismatch,
        "scatter: the updates should have shape \(expected.shapeText), in windows within "
          + "\(shape.shapeText), got \(windows.shapeText)")
    }
    return Array(tensors)
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    let types = try unionTypes(operands, regions, axes)
    let results = regions.flatMap(\.results)
    guard regions.count == 1, results.count == types.count,
      zip(results, types).allSatisfy({ $0.element == $1.element && $0.shape.isEmpty })
    else {
      throw VMapError(
        .typeMismatch,
        "scatter: the function of elements should give "
          + types.map { "\($0.element.rawValue)[]" }.joined(separator: ", "))
    }
    return types
  }

  func replacements(_ operands: [TensorType]) -> WindowCounts? {
    let count = operands.count / 2
    let (shape, windows) = (operands[0].shape, operands[count + 1].shape)
    var sizes = windowSizes(windows, rank: shape.count)
    for dimension in dimensions.operandBatching { sizes[dimension] = shape[dimension] }
    let numbers = dimensions.counting(rank: windows.count)
    let paired = dimensions.indexBatching.map(dimensions.batchPosition)
    let free = numbers.indices.filter { !paired.contains($0) }
    return WindowCounts(
      windows: free.reduce(1) { $0 * windows[numbers[$1]] }, shape: shape, sizes: sizes,
      moving: dimensions.indexed)
  }

  /// The size of a window along each dimension of the operand, from the updates' shape.
  func windowSizes(_ windows: [Int], rank: Int) -> [Int] {
    var sizes = [Int](repeating: 1, count: rank)
    for (dimension, position) in zip(dimensions.kept(rank: rank), dimensions.window) {
      sizes[dimension] = windows[position]
    }
    return sizes
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let count = operands.count / 2
    let (indices, updates) = (operands[count], operands[(count + 1)...])
    let shape = operands[0].type.shape.map { $0.constant ?? 0 }
    let windowShape = operands[count + 1].type.shape
    let sizes = windowSizes(windowShape.map { $0.constant ?? 0 }, rank: shape.count)
    let kept = dimensions.kept(rank: shape.count)
    let counting = dimensions.counting(rank: windowShape.count)
    let paired = Dictionary(
      uniqueKeysWithValues: zip(
        dimensions.indexBatching.map(dimensions.batchPosition), dimensions.operandBatching))
    // The number of a window along a dimension that runs along with one of the operand is known.
    let free = counting.indices.filter { paired[$0] == nil }
    func batch(_ loop: [Expression], _ index: [Expression]) -> [Expression] {
      var open = loop[...]
      return counting.indices.map { position in
        paired[position].map { index[$0] } ?? open.popFirst() ?? loops.graph.index(0)
      }
    }
    let windows = shape.indices.map { dimension in
      let isIndexed = dimensions.indexed.contains(dimension)
      let isPaired = dimensions.operandBatching.contains(dimension)
      return WindowExtent(
        size: isPaired ? shape[dimension] : sizes[dimension],
        start: !isIndexed
          ? nil
          : { loop, index in
            dimensions.start(along: dimension, of: batch(loop, index), indices, loops)
              ?? loops.graph.index(0)
          }, type: indices.type.element)
    }
    let elementTypes = operands[..<count].map(\.type.element)
    return loops.replacingWindows(
      over: free.map { windowShape[counting[$0]] }, of: shape, windows: windows, at: index,
      types: elementTypes, initial: { index in operands[..<count].map { $0[index] } }
    ) { old, loop, inside in
      var source = [Expression](repeating: loops.graph.index(0), count: windowShape.count)
      for (position, value) in zip(counting, batch(loop, index)) { source[position] = value }
      for (position, dimension) in zip(dimensions.window, kept) {
        source[position] = inside[dimension]
      }
      let new = updates.map { $0[source] }
      let readers = (old + new).map { element -> ElementReader in { _ in element } }
      return loops.regions[0].bind(readers).map { $0([]) }
    }
  }
}
