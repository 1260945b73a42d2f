/// An array that counts along one dimension.
struct Iota: Operation {
  let type: TensorType
  let dimension: Int

  var name: String { "iota" }
  var attributes: [Attribute] {
    [
      Attribute("dtype", .type(type.element)),
      Attribute("shape", .integers(type.shape), .resultShape),
      Attribute("dimension", .integer(dimension)),
    ]
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Iota(
      type: TensorType(
        element: try attributes.type("dtype"), shape: try attributes.integers("shape")),
      dimension: try attributes.integer("dimension"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    guard type.shape.indices.contains(dimension) else {
      throw VMapError(
        .invalidArgument, "iota: dimension \(dimension) is not one of shape \(type.shape.shapeText)"
      )
    }
    return [type]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    [loops.element(index[dimension], type.element)]
  }
}
