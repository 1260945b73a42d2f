// Sorting by any comparison, of any number of elements.

extension AnyTensor {
  /// Tensors of one shape sorted together along a dimension.
  ///
  /// - Parameter isBefore: Whether one element comes before another one, from two elements of each
  ///   tensor in turn. Elements of which none does keep their order.
  package static func sorted(
    _ operands: [AnyTensor], along dimension: Int,
    isBefore: @escaping ([AnyTensor]) throws -> [AnyTensor]
  ) throws(VMapError) -> [AnyTensor] {
    let shape = operands.first?.handle.sizes ?? []
    if shape.indices.contains(dimension), shape[dimension] > Sort.capacity,
      !shape[dimension].isRagged
    {
      return try SortingPasses(shape: shape, dimension: dimension, isBefore: isBefore)
        .sorted(operands)
    }
    return try applying(
      "sort", [Attribute("dimension", .integer(dimension))], to: operands, regions: [isBefore])
  }

  /// The greatest elements along the last dimension, in total order, and their indices.
  package func topK(_ count: Int) throws(VMapError) -> [AnyTensor] {
    let shape = self.shape
    guard let size = shape.last, size > Sort.capacity, (0...size).contains(count),
      !TopK.isLadder(count, elementType)
    else {
      return try AnyTensor.applying(
        "top_k", [Attribute("k", .integer(count)), Attribute("axis", .integer(shape.count - 1))],
        to: [self], regions: [])
    }
    let places = try AnyTensor.applying(
      "iota",
      [
        Attribute("dtype", .type(.int32)), Attribute("shape", .integers(shape)),
        Attribute("dimension", .integer(shape.count - 1)),
      ], to: [])
    let key = try totalOrderKey()
    let sorted = try AnyTensor.sorted([key, self, places], along: shape.count - 1) { elements in
      [try .applying("gt", to: [elements[0], elements[1]])]
    }
    return try sorted.dropFirst().map { tensor throws(VMapError) in
      try tensor.first(count, along: shape.count - 1)
    }
  }

  /// The first elements along a dimension.
  package func first(_ count: Int, along dimension: Int) throws(VMapError) -> AnyTensor {
    var limits = type.shape
    limits[dimension] = count
    return try .applying(
      "slice",
      [
        Attribute("start_indices", .integers(limits.map { _ in 0 })),
        Attribute("limit_indices", .integers(limits)),
        Attribute("strides", .integers(limits.map { _ in 1 })),
      ], to: [self])
  }

  /// Integers in the order of floating-point numbers: −NaN, −∞ … −0, +0 … +∞, NaN; others as they are.
  package func totalOrderKey() throws(VMapError) -> AnyTensor {
    guard elementType.isFloating else { return self }
    let integer = elementType.signed
    let bits = try AnyTensor.applying(
      "bitcast_convert_type", [Attribute("new_dtype", .type(integer))], to: [self])
    let last = ScalarLiteral(integer: Int64(integer.bitWidth - 1), as: integer)
    let signs = try AnyTensor.applying("shift_right_arithmetic", to: [bits, .constant(last)])
    // The bits of a negative number grow with its magnitude: all but the sign are turned around.
    let turned = try AnyTensor.applying("and", to: [signs, .constant(.highest(integer))])
    return try .applying("xor", to: [bits, turned])
  }
}

/// Batcher's merge exchange over tensors in memory: a loop over passes, in each of which every element
/// is compared with one other.
private struct SortingPasses {
  let shape: [Int]
  let dimension: Int
  let isBefore: ([AnyTensor]) throws -> [AnyTensor]

  func sorted(_ operands: [AnyTensor]) throws(VMapError) -> [AnyTensor] {
    guard shape[dimension] <= Int(Int32.max) / 4 else {
      throw VMapError(.invalidArgument, "sort: shape \(shape.shapeText) is too large to sort")
    }
    let places = try iota(shape, along: dimension)
    let one = try integer(1)
    // The state: the step between runs, the step in a pass, the tensors, and where elements were.
    let final = try AnyTensor.whileLoop(
      "sort", [one, one] + operands + [places],
      while: { state in try .applying("lt", to: [state[0], integer(shape[dimension])]) },
      do: { state in
        let (run, step) = (state[0], state[1])
        let isLast = try AnyTensor.applying("eq", to: [step, integer(1)])
        let nextRun = try AnyTensor.applying(
          "select", to: [isLast, .applying("add", to: [run, run]), run])
        let nextStep = try AnyTensor.applying(
          "select", to: [isLast, nextRun, .applying("div", to: [step, integer(2)])])
        return [nextRun, nextStep] + (try pass(Array(state.dropFirst(2)), run, step))
      })
    return Array(final.dropFirst(2).dropLast())
  }

  /// Compares every element with its partner and takes the lesser or the greater of the two.
  private func pass(_ state: [AnyTensor], _ run: AnyTensor, _ step: AnyTensor) throws -> [AnyTensor]
  {
    let count = shape[dimension]
    let places = try iota([count], along: 0)
    let back = try AnyTensor.applying("sub", to: [places, step])
    let isLow = try isLow(places, run, step)
    let isHigh = try AnyTensor.applying(
      "and", to: [.applying("ge", to: [back, integer(0)]), self.isLow(back, run, step)])
    let ahead = try AnyTensor.applying("add", to: [places, step])
    let partner = try AnyTensor.applying(
      "select", to: [isLow, ahead, .applying("select", to: [isHigh, back, places])])
    func spread(_ vector: AnyTensor) throws -> AnyTensor {
      try .applying(
        "broadcast_in_dim",
        [
          Attribute("shape", .integers(shape)),
          Attribute("broadcast_dimensions", .integers([dimension])),
        ], to: [vector])
    }
    let isUpper = try spread(isHigh)
    let isPaired = try spread(.applying("or", to: [isLow, isHigh]))
    let others = try state.map { tensor in
      try AnyTensor.applying(
        "take", [Attribute("axis", .integer(dimension))], to: [tensor, partner])
    }
    let low = try zip(state, others).map {
      try AnyTensor.applying("select", to: [isUpper, $1, $0])
    }
    let high = try zip(state, others).map {
      try AnyTensor.applying("select", to: [isUpper, $0, $1])
    }
    func before(_ a: [AnyTensor], _ b: [AnyTensor]) throws -> AnyTensor {
      let pairs = zip(a.dropLast(), b.dropLast()).flatMap { [$0, $1] }
      return try AnyTensor.applying("map", to: pairs, regions: [isBefore])[0]
    }
    let isLater = try AnyTensor.applying("lt", to: [high[high.count - 1], low[low.count - 1]])
    let ties = try AnyTensor.applying(
      "and", to: [isLater, .applying("not", to: [before(low, high)])])
    let swaps = try AnyTensor.applying(
      "and", to: [isPaired, .applying("or", to: [before(high, low), ties])])
    return try zip(state, others).map { try AnyTensor.applying("select", to: [swaps, $1, $0]) }
  }

  /// Whether a place is the lower one of a pair.
  private func isLow(_ place: AnyTensor, _ run: AnyTensor, _ step: AnyTensor) throws -> AnyTensor {
    let first = try AnyTensor.applying("rem", to: [step, run])
    let offset = try AnyTensor.applying(
      "max", to: [.applying("sub", to: [place, first]), integer(0)])
    let row = try AnyTensor.applying("div", to: [offset, step])
    let isEven = try AnyTensor.applying(
      "eq", to: [.applying("and", to: [row, integer(1)]), integer(0)])
    let end = try AnyTensor.applying("add", to: [place, step])
    let double = try AnyTensor.applying("add", to: [run, run])
    let isTogether = try AnyTensor.applying(
      "eq", to: [.applying("div", to: [place, double]), .applying("div", to: [end, double])])
    return try [
      .applying("ge", to: [place, first]), .applying("lt", to: [end, integer(shape[dimension])]),
      isTogether,
    ].reduce(isEven) { try .applying("and", to: [$0, $1]) }
  }

  private func integer(_ value: Int) throws(VMapError) -> AnyTensor {
    try .constant(ScalarLiteral(integer: Int64(value), as: .int32))
  }

  private func iota(_ shape: [Int], along dimension: Int) throws(VMapError) -> AnyTensor {
    try .applying(
      "iota",
      [
        Attribute("dtype", .type(.int32)), Attribute("shape", .integers(shape)),
        Attribute("dimension", .integer(dimension)),
      ], to: [])
  }
}
