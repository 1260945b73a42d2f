import VMap

extension Rule {
  static let bits: [String: Body] = [
    "stablehlo.bitcast_convert": { application in
      let operand = try application.operands(1)[0]
      let target = try application.result()
      let (from, to) = (operand.elementType, target.element)
      if from.byteCount == to.byteCount { return [try operand.bits(as: to)] }
      guard let own = from.word, let other = to.word else {
        throw LoweringError.unsupported("\(application.name) to a type of another size")
      }
      let count = max(from.byteCount / to.byteCount, to.byteCount / from.byteCount)
      let words = try operand.bits(as: own)
      let parts =
        from.byteCount > to.byteCount
        ? try words.divided(into: count, as: other) : try words.joined(count, as: other)
      return [try parts.bits(as: to)]
    }
  ]
}

extension ElementType {
  /// The unsigned type of this size, whose bits stand for those of an element; nil where an element is
  /// none of numbers of up to 64 bits.
  fileprivate var word: ElementType? {
    guard isInteger || isFloating else { return nil }
    return [1: ElementType.uint8, 2: .uint16, 4: .uint32, 8: .uint64][byteCount]
  }
}

extension AnyTensor {
  fileprivate func bits(as element: ElementType) throws -> AnyTensor {
    guard element != elementType else { return self }
    return try .applying(
      "bitcast_convert_type", [Attribute("new_dtype", .type(element))], to: [self])
  }

  /// Each word in parts along a new last dimension, the lowest bits first.
  fileprivate func divided(into count: Int, as element: ElementType) throws -> AnyTensor {
    let shape = type.shape + [count]
    let distances = try AnyTensor.distances(shape, elementType, step: element.byteCount * 8)
    let words = try broadcast(to: shape, dimensions: Array(type.shape.indices))
    return try .applying("shift_right_logical", to: [words, distances]).converted(to: element)
  }

  /// The words whose parts stand along the last dimension.
  fileprivate func joined(_ count: Int, as element: ElementType) throws -> AnyTensor {
    let shape = type.shape
    guard let last = shape.last, last == count else {
      throw LoweringError.invalid("takes \(count) elements along the last dimension, got \(type)")
    }
    let distances = try AnyTensor.distances(shape, element, step: elementType.byteCount * 8)
    let parts = try AnyTensor.applying(
      "shift_left", to: [try converted(to: element), distances])
    // No two parts have a bit in common.
    return try .applying(
      "reduce_sum", [Attribute("axes", .integers([shape.count - 1]))], to: [parts])
  }

  /// How far the parts of a word along the last dimension are from its lowest bit.
  private static func distances(
    _ shape: [Int], _ element: ElementType, step: Int
  ) throws -> AnyTensor {
    let type = TensorType(element: element, shape: shape)
    let numbers = try AnyTensor.applying(
      "iota",
      [
        Attribute("dtype", .type(element)), Attribute("shape", .integers(shape)),
        Attribute("dimension", .integer(shape.count - 1)),
      ], to: [])
    let steps = try AnyTensor.filled(
      type, with: ScalarLiteral(integer: Int64(step), as: element))
    return try .applying("mul", to: [numbers, steps])
  }
}
