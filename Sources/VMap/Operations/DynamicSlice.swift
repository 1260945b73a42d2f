/// A window of an operand that begins at given indices, one scalar for each dimension.
///
/// A window that would reach beyond an edge is moved until it lies inside.
struct DynamicSlice: Operation {
  let sizes: [Int]

  var name: String { "dynamic_slice" }
  var attributes: [Attribute] { [Attribute("slice_sizes", .integers(sizes), .eachSize)] }

  func sharedOperands(of count: Int) -> Range<Int> { 1..<count }

  /// Of a ragged dimension all or one row.
  func checkRagged(_ operands: [TensorType]) throws(VMapError) {
    let shape = operands[0].shape
    guard sizes.count == shape.count else { return }
    try refuseRagged(
      operands, in: shape.indices.filter { sizes[$0] != shape[$0] && sizes[$0] != 1 })
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    DynamicSlice(sizes: try attributes.integers("slice_sizes"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    try Self.checkStarts(operands.dropFirst(), of: operands[0], sizes, for: name)
    return [TensorType(element: operands[0].element, shape: sizes)]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let firsts = Self.firsts(operands.dropFirst(), of: operands[0], sizes, loops)
    // An empty slice has no element to ask for.
    if operands[0].type.shape.contains(.constant(0)) {
      return [loops.literal(.zero(operands[0].type.element))]
    }
    return [operands[0][zip(firsts, index).map { loops.graph.add($0, $1) }]]
  }

  /// Checks the starts of a window of an operand.
  static func checkStarts(
    _ starts: ArraySlice<TensorType>, of operand: TensorType, _ sizes: [Int], for name: String
  ) throws(VMapError) {
    guard starts.allSatisfy({ $0.element.isInteger && $0.element == starts.first?.element }) else {
      throw VMapError(
        .typeMismatch,
        "\(name): starts should be integers of one type, got "
          + starts.map(\.description).joined(separator: ", "))
    }
    guard starts.count == operand.shape.count, starts.allSatisfy(\.shape.isEmpty) else {
      throw VMapError(
        .shapeMismatch,
        "\(name): takes a scalar for each dimension of \(operand) to start at, got "
          + (starts.isEmpty ? "none" : starts.map(\.description).joined(separator: ", ")))
    }
    guard sizes.count == operand.shape.count,
      zip(sizes, operand.shape).allSatisfy({ 0 <= $0 && $0 <= $1 })
    else {
      throw VMapError(
        .invalidArgument, "\(name): sizes \(sizes.shapeText) should be within \(operand)")
    }
  }

  /// Where a window begins along each dimension, inside.
  static func firsts(
    _ starts: ArraySlice<Operand>, of operand: Operand, _ sizes: [Int], _ loops: LoopBuilder
  ) -> [Expression] {
    zip(starts, zip(operand.type.shape, sizes)).map { start, sizes in
      if sizes.0.raggedAxis != nil {
        if sizes.1 != 1 { return loops.graph.index(0) }
        let last = loops.graph.add(loops.count(sizes.0), loops.graph.index(-1))
        let first = loops.index(
          start[[]], of: start.type.element, from: 0, through: Int(Int32.max))
        return loops.graph.maximum(loops.graph.minimum(first, last), loops.graph.index(0))
      }
      let last = (sizes.0.constant ?? 0) - sizes.1
      if last <= 0 { return loops.graph.index(0) }
      return loops.index(start[[]], of: start.type.element, from: 0, through: last)
    }
  }
}

/// An operand with a window replaced by an update, which begins at given indices, one scalar for each
/// dimension.
///
/// A window that would reach beyond an edge is moved until it lies inside.
struct DynamicUpdateSlice: Operation {
  var name: String { "dynamic_update_slice" }

  func sharedOperands(of count: Int) -> Range<Int> { 2..<count }

  /// Of a ragged dimension all or one row.
  func checkRagged(_ operands: [TensorType]) throws(VMapError) {
    let (shape, sizes) = (operands[0].shape, operands[1].shape)
    guard sizes.count == shape.count else { return }
    try refuseRagged(
      operands, in: shape.indices.filter { sizes[$0] != shape[$0] && sizes[$0] != 1 })
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    DynamicUpdateSlice()
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let (operand, update) = (operands[0], operands[1])
    guard operand.element == update.element else {
      throw VMapError(.typeMismatch, "\(name): \(operand) cannot be updated with \(update)")
    }
    try DynamicSlice.checkStarts(operands.dropFirst(2), of: operand, update.shape, for: name)
    return [operand]
  }

  func replacements(_ operands: [TensorType]) -> WindowCounts? {
    WindowCounts(
      windows: 1, shape: operands[0].shape, sizes: operands[1].shape,
      moving: Array(operands[0].shape.indices))
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let (operand, update) = (operands[0], operands[1])
    let shape = operand.type.shape.map { $0.size ?? 0 }
    let windows = zip(shape, update.type.shape).enumerated().map { dimension, sizes in
      let start = operands[2 + dimension]
      let size = sizes.1.size ?? 0
      return WindowExtent(
        size: size, start: size == sizes.0 ? nil : { _, _ in start[[]] },
        type: start.type.element, isDropped: false)
    }
    return loops.replacingWindows(
      over: [], of: shape, windows: windows, at: index, types: [operand.type.element],
      initial: { [operand[$0]] }, combine: { _, _, inside in [update[inside]] })
  }
}

extension DynamicSlice: LinearOperation {
  var choosesElements: Bool { true }

  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil] }
    let starts = site.operands.dropFirst()
    return try site.apply(DynamicUpdateSlice(), [site.operands[0].zeros, change] + starts)
      + starts.map { _ in nil }
  }
}

extension DynamicUpdateSlice: LinearOperation {
  var choosesElements: Bool { true }

  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    let (update, starts) = (site.operands[1], Array(site.operands.dropFirst(2)))
    guard let change = changes[0] else { return site.operands.map { _ in nil } }
    let rest = site.wanted[0] ? try site.apply(self, [change, update.zeros] + starts)[0] : nil
    let own = try site.apply(DynamicSlice(sizes: update.sizes), [change] + starts)[0]
    return [rest, own] + starts.map { _ in nil }
  }
}
