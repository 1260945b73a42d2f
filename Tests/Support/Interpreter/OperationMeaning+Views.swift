@testable import VMap

extension OperationMeaning {
  static func broadcast(_ operation: Broadcast, _ x: ReferenceTensor) -> ReferenceTensor {
    ReferenceTensor(x.element, operation.shape) { index in
      x[
        zip(operation.dimensions, x.shape).map { dimension, size in
          size == 1 ? 0 : index[dimension]
        }]
    }
  }

  static func reverse(_ operation: Reverse, _ x: ReferenceTensor) -> ReferenceTensor {
    ReferenceTensor(x.element, x.shape) { index in
      x[
        index.enumerated().map { dimension, position in
          operation.dimensions.contains(dimension) ? x.shape[dimension] - 1 - position : position
        }]
    }
  }

  static func slice(_ operation: Slice, _ x: ReferenceTensor) -> ReferenceTensor {
    let shape = x.shape.indices.map { dimension in
      Array(
        stride(
          from: operation.starts[dimension], to: operation.limits[dimension],
          by: operation.strides[dimension])
      ).count
    }
    return ReferenceTensor(x.element, shape) { index in
      x[
        index.enumerated().map { dimension, position in
          operation.starts[dimension] + position * operation.strides[dimension]
        }]
    }
  }

  static func transpose(_ operation: Transpose, _ x: ReferenceTensor) -> ReferenceTensor {
    ReferenceTensor(x.element, operation.permutation.map { x.shape[$0] }) { index in
      var source = index
      for (position, dimension) in zip(index, operation.permutation) {
        source[dimension] = position
      }
      return x[source]
    }
  }

  static func concatenate(
    _ operation: Concatenate, _ operands: [ReferenceTensor]
  ) -> ReferenceTensor {
    let dimension = operation.dimension
    // Which operand, and where in it, each position of the result is.
    var places: [(operand: Int, position: Int)] = []
    for (number, operand) in operands.enumerated() {
      for position in 0..<operand.shape[dimension] { places.append((number, position)) }
    }
    var shape = operands[0].shape
    shape[dimension] = places.count
    return ReferenceTensor(operands[0].element, shape) { index in
      let place = places[index[dimension]]
      var source = index
      source[dimension] = place.position
      return operands[place.operand][source]
    }
  }

  static func pad(
    _ operation: Pad, _ x: ReferenceTensor, with padding: ReferenceTensor
  ) -> ReferenceTensor {
    // For each position of the result along each dimension, the operand's, if any: written down
    // from low to high with the interior spread between, then cut off where an amount is negative.
    let places = x.shape.indices.map { dimension -> [Int?] in
      var line: [Int?] = []
      for position in 0..<x.shape[dimension] {
        if position > 0 { line += [Int?](repeating: nil, count: operation.interior[dimension]) }
        line.append(position)
      }
      let (low, high) = (operation.low[dimension], operation.high[dimension])
      line.insert(contentsOf: [Int?](repeating: nil, count: max(0, low)), at: 0)
      line += [Int?](repeating: nil, count: max(0, high))
      line.removeFirst(max(0, -low))
      line.removeLast(max(0, -high))
      return line
    }
    return ReferenceTensor(x.element, places.map(\.count)) { index in
      let source = zip(places, index).compactMap { line, position in line[position] }
      return source.count == index.count ? x[source] : padding.values[0]
    }
  }
}
