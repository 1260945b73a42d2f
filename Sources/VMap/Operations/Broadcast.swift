/// A value repeated along new or size-1 dimensions; dimension i of the operand is
/// `dimensions[i]` of the result.
struct Broadcast: Operation {
  let shape: [Int]
  let dimensions: [Int]

  var name: String { "broadcast_in_dim" }

  func checkRagged(_ operands: [TensorType]) {}
  var attributes: [Attribute] {
    [
      Attribute("shape", .integers(shape), .resultShape),
      Attribute("broadcast_dimensions", .integers(dimensions), .resultDimensions),
    ]
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Broadcast(
      shape: try attributes.integers("shape"),
      dimensions: try attributes.integers("broadcast_dimensions"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let operand = operands[0]
    let fits =
      dimensions.count == operand.shape.count
      && zip(dimensions, operand.shape).allSatisfy { dimension, size in
        shape.indices.contains(dimension) && (size == 1 || size == shape[dimension])
      } && Set(dimensions).count == dimensions.count
    guard fits else {
      throw VMapError(
        .shapeMismatch,
        "\(name): shape \(operand.shape.shapeText) does not fit into \(shape.shapeText)")
    }
    return [TensorType(element: operand.element, shape: try shape.counted(for: name))]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let operand = operands[0]
    let source = zip(dimensions, operand.type.shape).map { dimension, extent in
      extent == .constant(1) ? loops.graph.index(0) : index[dimension]
    }
    return [operand[source]]
  }

  func layout(
    _ operands: [ElementLayout], of types: [ValueType], as type: ValueType
  ) -> ElementLayout? {
    operands[0].view(as: type) { loop in
      guard case .dimension(let place) = loop else { return loop }
      return .dimension(dimensions[place])
    }
  }
}

extension Broadcast: LinearOperation {
  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    let own = site.operands[0].sizes
    let repeated = shape.indices.filter { dimension in
      guard let position = dimensions.firstIndex(of: dimension) else { return true }
      return own[position] != shape[dimension]
    }
    // What is left lies in the order of the result.
    let kept = dimensions.indices.sorted { dimensions[$0] < dimensions[$1] }
      .filter { !repeated.contains(dimensions[$0]) }
    let order = kept.indices.sorted { kept[$0] < kept[$1] }
    return [
      changes[0].map { change in
        change.reduced(.sum, over: repeated).transposed(order).reshaped(to: own)
      }
    ]
  }
}
