/// Its operand, but as a value that nobody knows to be the same: what is made of it is computed again, where
/// it has been computed from the operand already.
struct Barrier: Operation {
  /// Distinguishes it from others of the same operand.
  let number: Int

  var name: String { "optimization_barrier" }

  func checkRagged(_ operands: [TensorType]) {}
  var attributes: [Attribute] { [Attribute("id", .integer(number))] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Barrier(number: try attributes.integer("id"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] { operands }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    [operands[0][index]]
  }

  func layout(
    _ operands: [ElementLayout], of types: [ValueType], as type: ValueType
  ) -> ElementLayout? { operands[0] }
}

extension Barrier: LinearOperation {
  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    changes
  }
}
