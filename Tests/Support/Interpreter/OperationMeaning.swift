@testable import VMap

/// What each operation of the IR means for one example, found by the operation's type.
enum OperationMeaning {
  /// The one result of an operation.
  static func result(
    of operation: any Operation, _ operands: [ReferenceTensor]
  ) throws -> ReferenceTensor {
    switch operation {
    case let operation as Elementwise: try ElementwiseMeaning.result(operation.name, operands)
    case let operation as IntegerPower: try integerPower(operation, operands[0])
    case let operation as ReducePrecision: reducePrecision(operation, operands[0])
    case let operation as Convert: try convert(operation, operands[0])
    case let operation as Literal: literal(operation.value)
    case let operation as Iota: iota(operation)
    case let operation as Broadcast: broadcast(operation, operands[0])
    case let operation as Reshape:
      ReferenceTensor(operands[0].element, operation.shape, operands[0].values)
    case is Barrier: operands[0]
    case let operation as DimensionSize:
      ReferenceTensor(.int32, [], integers: [operands[0].shape[operation.dimension]])
    case let operation as Reverse: reverse(operation, operands[0])
    case let operation as Slice: slice(operation, operands[0])
    case let operation as Transpose: transpose(operation, operands[0])
    case let operation as Concatenate: concatenate(operation, operands)
    case let operation as Pad: pad(operation, operands[0], with: operands[1])
    case let operation as Reduce:
      try reduce(operands[0], operation.dimensions) {
        try Reductions.reduce(operation.name, operands[0].element, $0)
      }
    case let operation as ArgReduce:
      reduce(operands[0], [operation.dimension], to: .int32) {
        Reductions.argument(ofMaximum: operation.isMaximum, operands[0].element, $0)
      }
    case let operation as DotGeneral: dotGeneral(operation, operands[0], operands[1])
    case let operation as Convolution: convolution(operation, operands[0], operands[1])
    case let operation as Cumulative: try cumulative(operation, operands[0])
    case let operation as SearchSorted: searchSorted(operation, operands[0], operands[1])
    case let operation as Gather: gather(operation, operands[0], operands[1])
    case let operation as DynamicSlice:
      dynamicSlice(operation, operands[0], operands.dropFirst())
    case is DynamicUpdateSlice:
      dynamicUpdateSlice(operands[0], operands[1], operands.dropFirst(2))
    case let operation as Take: take(operation, operands[0], operands[1])
    default: throw InterpreterError("the interpreter does not know \(operation.name)")
    }
  }

  private static func literal(_ value: ScalarLiteral) -> ReferenceTensor {
    ReferenceTensor(
      value.type, [], [ReferenceScalar(bits: value.bits, imaginary: value.imaginaryBits)])
  }

  private static func iota(_ operation: Iota) -> ReferenceTensor {
    let type = operation.type.element
    return ReferenceTensor(type, operation.type.shape) { index in
      let count = index[operation.dimension]
      return ReferenceScalar(
        bits: type.isInexact ? type.part.bits(Double(count)) : type.bits(Int128(count)))
    }
  }

  private static func integerPower(
    _ operation: IntegerPower, _ x: ReferenceTensor
  ) throws -> ReferenceTensor {
    let type = x.element
    return ReferenceTensor(
      type, x.shape,
      try x.values.map { value in
        if type.isComplex {
          let power = ComplexMeaning.product(
            [ReferenceScalar](repeating: value, count: abs(operation.exponent)), type)
          if operation.exponent >= 0 { return power }
          let one = ReferenceTensor(type, [], [type.scalar(ReferenceComplex(1))])
          return try ElementwiseMeaning.result(
            "div", [one, ReferenceTensor(type, [], [power])]
          ).values[0]
        }
        if type.isFloating { return try ErrorBounds.integerPower(value, operation.exponent, type) }
        let power = IntegerFunctions.power(type.integer(value.bits), operation.exponent)
        return ReferenceScalar(bits: type.bits(power), bound: value.bound)
      })
  }

  private static func reducePrecision(
    _ operation: ReducePrecision, _ x: ReferenceTensor
  ) -> ReferenceTensor {
    let type = x.element
    return ReferenceTensor(
      type, x.shape,
      x.values.map { value in
        let number = type.number(value.bits)
        let rounded = FloatFormat.reduced(
          number, of: type, exponentBits: operation.exponentBits,
          mantissaBits: operation.mantissaBits)
        return ReferenceScalar(bits: type.bits(rounded), bound: value.bound > 0 ? .infinity : 0)
      })
  }

  private static func convert(
    _ operation: Convert, _ x: ReferenceTensor
  ) throws -> ReferenceTensor {
    let target = operation.target
    return ReferenceTensor(
      target, x.shape,
      x.values.map { value in
        if x.element == target { return value }
        guard operation.keepsBits else { return Conversion.value(value, x.element, target) }
        return ReferenceScalar(bits: value.bits, bound: value.bound > 0 ? .infinity : 0)
      })
  }

  /// All elements along some dimensions, in row-major order, combined into one.
  private static func reduce(
    _ x: ReferenceTensor, _ dimensions: [Int], to element: ElementType? = nil,
    _ combine: ([ReferenceScalar]) throws -> ReferenceScalar
  ) rethrows -> ReferenceTensor {
    let kept = x.shape.indices.filter { !dimensions.contains($0) }
    let reduced = x.shape.indices.filter { dimensions.contains($0) }
    return try ReferenceTensor(element ?? x.element, kept.map { x.shape[$0] }) { outer in
      var elements: [ReferenceScalar] = []
      ReferenceTensor.forEachIndex(of: reduced.map { x.shape[$0] }) { inner in
        var index = [Int](repeating: 0, count: x.shape.count)
        for (dimension, position) in zip(kept, outer) { index[dimension] = position }
        for (dimension, position) in zip(reduced, inner) { index[dimension] = position }
        elements.append(x[index])
      }
      return try combine(elements)
    }
  }

  private static func dotGeneral(
    _ operation: DotGeneral, _ left: ReferenceTensor, _ right: ReferenceTensor
  ) -> ReferenceTensor {
    let (contracting, batch) = (operation.contracting, operation.batch)
    func free(_ x: ReferenceTensor, _ taken: [Int]) -> [Int] {
      x.shape.indices.filter { !taken.contains($0) }
    }
    let lefts = free(left, contracting.left + batch.left)
    let rights = free(right, contracting.right + batch.right)
    let shape =
      batch.left.map { left.shape[$0] } + lefts.map { left.shape[$0] }
      + rights.map { right.shape[$0] }
    return ReferenceTensor(left.element, shape) { index in
      var pairs: [(left: ReferenceScalar, right: ReferenceScalar)] = []
      ReferenceTensor.forEachIndex(of: contracting.left.map { left.shape[$0] }) { summed in
        var leftIndex = [Int](repeating: 0, count: left.shape.count)
        var rightIndex = [Int](repeating: 0, count: right.shape.count)
        for (number, position) in index.enumerated() {
          if number < batch.left.count {
            leftIndex[batch.left[number]] = position
            rightIndex[batch.right[number]] = position
          } else if number < batch.left.count + lefts.count {
            leftIndex[lefts[number - batch.left.count]] = position
          } else {
            rightIndex[rights[number - batch.left.count - lefts.count]] = position
          }
        }
        for (number, position) in summed.enumerated() {
          leftIndex[contracting.left[number]] = position
          rightIndex[contracting.right[number]] = position
        }
        pairs.append((left[leftIndex], right[rightIndex]))
      }
      return Reductions.dot(left.element, pairs)
    }
  }

  private static func take(
    _ operation: Take, _ x: ReferenceTensor, _ indices: ReferenceTensor
  ) -> ReferenceTensor {
    let size = Int128(x.shape[operation.dimension])
    let rank = indices.shape.count
    var shape = x.shape
    shape.replaceSubrange(operation.dimension...operation.dimension, with: indices.shape)
    return ReferenceTensor(x.element, shape) { index in
      let place = operation.dimension..<operation.dimension + rank
      let given = indices[Array(index[place])]
      var position = indices.element.integer(given.bits)
      if position < 0 { position += size }
      position = min(max(position, 0), size - 1)
      var source = index
      source.replaceSubrange(place, with: [Int(position)])
      var element = x[source]
      if !given.isCertain { element.bound = .infinity }
      return element
    }
  }
}
