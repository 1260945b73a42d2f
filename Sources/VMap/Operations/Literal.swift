/// A scalar constant.
struct Literal: Operation {
  let value: ScalarLiteral

  var name: String { "constant" }
  var attributes: [Attribute] { [Attribute("value", .literal(value))] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Literal(value: try attributes.literal("value"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    [TensorType(element: value.type, shape: [])]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    // Constants that programs share stay in the code; others are arguments of the kernel, so that a
    // function made again with a new constant finds its kernels.
    let common: Set<Double> = [0, 1, -1, 2, 0.5]
    let parts = value.parts.map { part in
      let stays = part.type == .bool || common.contains(part.double)
      return loops.graph.make(stays ? .literal(part) : .argument(part))
    }
    return [loops.graph.element(value.type, from: parts)]
  }
}
