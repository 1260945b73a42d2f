/// Where values belong in a sorted vector: how many of its elements come before each of them.
///
/// Of equal elements those are counted that are on the left of the place; the place is found by halves.
/// NaN comes after all numbers.
struct SearchSorted: Operation {
  let isRight: Bool

  var name: String { "searchsorted" }
  var attributes: [Attribute] {
    [Attribute("right", .literal(ScalarLiteral(isRight ? 1 : 0, as: .bool)))]
  }

  func sharedOperands(of count: Int) -> Range<Int> { 0..<1 }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    SearchSorted(isRight: try attributes.literal("right") == .one(.bool))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let (sorted, values) = (operands[0], operands[1])
    guard !sorted.element.isComplex else {
      throw VMapError(.typeMismatch, "searchsorted: complex numbers have no order, got \(sorted)")
    }
    guard sorted.element == values.element else {
      throw VMapError(
        .typeMismatch, "searchsorted: takes elements of one type, got \(sorted) and \(values)")
    }
    guard sorted.shape.count == 1, sorted.shape[0] <= Int(Int32.max) else {
      throw VMapError(
        .shapeMismatch, "searchsorted: the sorted elements should be a vector, got \(sorted)")
    }
    return [TensorType(element: .int32, shape: values.shape)]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let size = operands[0].type.shape[0].constant ?? 0
    let value = operands[1][index]
    func constant(_ value: Int) -> Expression {
      loops.literal(ScalarLiteral(integer: Int64(value), as: .int32))
    }
    guard size > 0 else { return [constant(0)] }
    let steps = Int.bitWidth - size.leadingZeroBitCount
    let bounds = loops.fold(
      over: [.constant(steps)], [.int32, .int32], from: [constant(0), constant(size)]
    ) { bounds, _ in
      let (low, high) = (bounds[0], bounds[1])
      let half = loops.apply(
        .shiftRightArithmetic, [loops.apply(.subtract, [high, low], .int32), constant(1)], .int32)
      let middle = loops.apply(.add, [low, half], .int32)
      let place = loops.graph.clamp(loops.index(of: middle), below: .constant(size))
      let isOpen = loops.apply(.less, [low, high], .bool)
      let precedes = precedes(operands[0][[place]], value, operands[0].type.element, loops)
      let goesUp = loops.apply(.and, [isOpen, precedes], .bool)
      let stays = loops.apply(.or, [precedes, loops.apply(.not, [isOpen], .bool)], .bool)
      let next = loops.apply(.add, [middle, constant(1)], .int32)
      return [
        loops.apply(.select, [goesUp, next, low], .int32),
        loops.apply(.select, [stays, high, middle], .int32),
      ]
    }
    return [bounds[0]]
  }

  /// Whether an element is on the left of the place of a value.
  private func precedes(
    _ element: Expression, _ value: Expression, _ type: ElementType, _ loops: LoopBuilder
  ) -> Expression {
    func test(_ function: ScalarFunction, _ a: Expression, _ b: Expression) -> Expression {
      loops.apply(function, [a, b], .bool)
    }
    let comes = test(isRight ? .lessOrEqual : .less, element, value)
    guard type.isFloating else { return comes }
    let isNaN = test(.notEqual, value, value)
    if isRight { return test(.or, comes, isNaN) }
    return test(.or, comes, test(.and, isNaN, test(.equal, element, element)))
  }
}
