/// The first index of the greatest or least element along a dimension; a NaN wins over any number.
struct ArgReduce: Operation {
  let isMaximum: Bool
  let dimension: Int

  var name: String { isMaximum ? "argmax" : "argmin" }

  func checkRagged(_ operands: [TensorType]) {}
  var attributes: [Attribute] { [Attribute("axes", .integers([dimension]), .removedDimensions)] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    let axes = try attributes.integers("axes")
    guard axes.count == 1 else { throw VMapError(.parse, "\(name): takes one axis") }
    return ArgReduce(isMaximum: name == "argmax", dimension: axes[0])
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    guard !operands[0].element.isComplex else {
      throw VMapError(.typeMismatch, "\(name): \(operands[0]) has no order")
    }
    let shape = try operands[0].shape.dropping([dimension], for: name)
    guard operands[0].shape[dimension] > 0 else {
      throw VMapError(
        .invalidArgument,
        "\(name): axis \(dimension) of shape \(operands[0].shape.shapeText) is empty")
    }
    return [TensorType(element: .int32, shape: shape)]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let type = operands[0].type
    let worst = isMaximum ? ScalarLiteral.lowest(type.element) : .highest(type.element)
    let extents = [type.shape[dimension]]
    let result = loops.reduce(
      over: extents, ReductionTree(over: extents), isExact: true,
      initial: [worst, ScalarLiteral(integer: Int64(Int32.max), as: .int32)],
      step: { best, reduced in
        let element = operands[0][index.inserting(reduced, at: [dimension])]
        return better(best, [element, loops.element(reduced[0], .int32)], type.element, loops)
      },
      merge: { a, b in better(a, b, type.element, loops) })
    return [result[1]]
  }

  /// The better of two candidates, each a value and its index.
  private func better(
    _ a: [Expression], _ b: [Expression], _ type: ElementType, _ loops: LoopBuilder
  ) -> [Expression] {
    func test(_ function: ScalarFunction, _ x: Expression, _ y: Expression) -> Expression {
      loops.apply(function, [x, y], .bool)
    }
    func either(_ x: Expression, _ y: Expression) -> Expression { test(.or, x, y) }
    func both(_ x: Expression, _ y: Expression) -> Expression { test(.and, x, y) }
    let aIsNaN = test(.notEqual, a[0], a[0])
    let bIsNaN = test(.notEqual, b[0], b[0])
    let wins = both(
      loops.apply(.not, [aIsNaN], .bool),
      either(test(isMaximum ? .greater : .less, b[0], a[0]), bIsNaN))
    let ties = either(test(.equal, a[0], b[0]), both(aIsNaN, bIsNaN))
    let takes = either(wins, both(ties, test(.less, b[1], a[1])))
    return [
      loops.apply(.select, [takes, b[0], a[0]], type),
      loops.apply(.select, [takes, b[1], a[1]], .int32),
    ]
  }
}
