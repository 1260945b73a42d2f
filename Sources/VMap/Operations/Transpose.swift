/// The dimensions in another order: dimension i of the result is `permutation[i]` of the operand.
struct Transpose: Operation {
  let permutation: [Int]

  var name: String { "transpose" }

  func checkRagged(_ operands: [TensorType]) {}
  var attributes: [Attribute] { [Attribute("permutation", .integers(permutation), .permutation)] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Transpose(permutation: try attributes.integers("permutation"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let operand = operands[0]
    guard permutation.sorted() == Array(operand.shape.indices) else {
      throw VMapError(
        .invalidArgument,
        "transpose: \(permutation.shapeText) is no permutation of the dimensions of shape "
          + operand.shape.shapeText)
    }
    return [TensorType(element: operand.element, shape: permutation.map { operand.shape[$0] })]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    var source = index
    for (result, dimension) in permutation.enumerated() { source[dimension] = index[result] }
    return [operands[0][source]]
  }

  func layout(
    _ operands: [ElementLayout], of types: [ValueType], as type: ValueType
  ) -> ElementLayout? {
    operands[0].view(as: type) { loop in
      guard case .dimension(let place) = loop else { return loop }
      return permutation.firstIndex(of: place).map(ElementLoop.dimension)
    }
  }
}

extension Transpose: LinearOperation {
  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    var inverse = permutation
    for (result, dimension) in permutation.enumerated() { inverse[dimension] = result }
    return [changes[0]?.transposed(inverse)]
  }
}
