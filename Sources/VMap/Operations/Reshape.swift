/// The same elements in row-major order under another shape.
struct Reshape: Operation {
  let shape: [Int]

  var name: String { "reshape" }
  var attributes: [Attribute] { [Attribute("new_sizes", .integers(shape), .resultShape)] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Reshape(shape: try attributes.integers("new_sizes"))
  }

  /// Dimensions of one element may come and go, the others stay.
  func checkRagged(_ operands: [TensorType]) throws(VMapError) {
    if operands[0].shape.filter({ $0 != 1 }) != shape.filter({ $0 != 1 }) {
      try refuseRagged(operands)
    }
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let operand = operands[0]
    if shape.hasRagged { return [TensorType(element: operand.element, shape: shape)] }
    guard shape.allSatisfy({ $0 >= 0 }), try shape.elementCount() == operand.count else {
      throw VMapError(
        .shapeMismatch,
        "reshape: \(quantity(operand.count, "element")) of shape \(operand.shape.shapeText) "
          + "cannot fill \(shape.shapeText)")
    }
    return [TensorType(element: operand.element, shape: shape)]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let graph = loops.graph
    let own = operands[0].type.shape
    if own.contains(where: { $0.raggedAxis != nil }) {
      var rest = zip(shape, index).filter { $0.0 != 1 }.map(\.1)[...]
      return [
        operands[0][
          own.map { $0 == .constant(1) ? graph.index(0) : rest.popFirst() ?? graph.index(0) }]
      ]
    }
    var offset = graph.rowMajor(index, shape.map(Extent.constant))
    var source: [Expression] = []
    for extent in operands[0].type.shape.reversed() {
      let size = max(1, extent.constant ?? 1)
      source.append(graph.remainder(offset, by: size))
      offset = graph.divide(offset, by: size)
    }
    return [operands[0][source.reversed()]]
  }

  func layout(
    _ operands: [ElementLayout], of types: [ValueType], as type: ValueType
  ) -> ElementLayout? {
    // With other dimensions of one element only, the others are what they were.
    func long(_ shape: [Extent]) -> [Int] { shape.indices.filter { shape[$0] != .constant(1) } }
    let (old, new) = (long(types[0].shape), long(type.shape))
    guard old.map({ types[0].shape[$0] }) == new.map({ type.shape[$0] }) else { return nil }
    return operands[0].view(as: type) { loop in
      guard case .dimension(let place) = loop else { return loop }
      return old.firstIndex(of: place).map { .dimension(new[$0]) }
    }
  }
}

extension [Int] {
  /// The number of elements of a shape, checked.
  ///
  /// As in NumPy the sizes other than 0 must not overflow either: strides are made of them.
  func elementCount() throws(VMapError) -> Int {
    var count = 1
    guard !hasRagged else {
      throw VMapError(
        .raggedDimension,
        "the number of elements of shape \(shapeText) is another one for each example")
    }
    for size in self where size != 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow {
        throw VMapError(.sizeOverflow, "shape \(shapeText) has more elements than an Int can count")
      }
      count = product
    }
    return contains(0) ? 0 : count
  }

  /// The shape of a result, whose elements an `Int` must be able to count.
  func counted(for operation: String) throws(VMapError) -> [Int] {
    do throws(VMapError) { _ = try filter { !$0.isRagged }.elementCount() } catch {
      throw error.prefixed("\(operation): ")
    }
    return self
  }
}

extension Reshape: LinearOperation {
  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    [changes[0]?.reshaped(to: site.operands[0].sizes)]
  }
}
