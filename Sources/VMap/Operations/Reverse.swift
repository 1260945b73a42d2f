/// The elements in reverse order along some dimensions.
struct Reverse: Operation {
  let dimensions: [Int]

  var name: String { "rev" }

  func checkRagged(_ operands: [TensorType]) {}
  var attributes: [Attribute] { [Attribute("dimensions", .integers(dimensions), .dimensions)] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Reverse(dimensions: try attributes.integers("dimensions"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    guard dimensions.allSatisfy(operands[0].shape.indices.contains) else {
      throw VMapError(
        .invalidArgument,
        "rev: dimensions \(dimensions.shapeText) are not all of shape \(operands[0].shape.shapeText)"
      )
    }
    return operands
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    var source = index
    for dimension in dimensions {
      let last = loops.graph.add(
        loops.count(operands[0].type.shape[dimension]), loops.graph.index(-1))
      source[dimension] = loops.graph.subtract(last, index[dimension])
    }
    return [operands[0][source]]
  }

  func layout(
    _ operands: [ElementLayout], of types: [ValueType], as type: ValueType
  ) -> ElementLayout? {
    operands[0].view(as: type) { $0 }
  }
}

extension Reverse: LinearOperation {
  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    [changes[0]?.reversed(dimensions)]
  }
}
