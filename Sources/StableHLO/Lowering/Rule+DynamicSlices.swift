import VMap

extension Rule {
  static let dynamicSlices: [String: Body] = [
    "stablehlo.dynamic_slice": { application in
      guard let operand = application.operands.first else {
        throw LoweringError.invalid("takes an operand")
      }
      let sizes = try application.operation.integers("slice_sizes")
      let starts = try starts(application, after: 1, of: operand, sizes)
      var result = operand
      for (dimension, start) in starts.enumerated() {
        guard let start else { continue }
        let places = try AnyTensor.applying(
          "add", to: [.counting(to: sizes[dimension], like: start), start])
        result = try result.taking(places, along: dimension)
      }
      return [result]
    },
    "stablehlo.dynamic_update_slice": { application in
      guard application.operands.count >= 2 else {
        throw LoweringError.invalid("takes an operand and an update")
      }
      let operand = application.operands[0]
      let update = application.operands[1]
      _ = try application.alike([operand, update])
      let sizes = update.type.shape
      let starts = try starts(application, after: 2, of: operand, sizes)
      // Nothing is replaced by nothing.
      if sizes.contains(0) { return [operand] }
      let shape = operand.type.shape
      var source = update
      var inside: AnyTensor?
      for (dimension, start) in starts.enumerated() {
        guard let start else { continue }
        let place = try AnyTensor.applying(
          "sub", to: [.counting(to: shape[dimension], like: start), start])
        let zero = try AnyTensor.constant(.zero(place.elementType))
        let last = try AnyTensor.constant(
          ScalarLiteral(integer: Int64(sizes[dimension] - 1), as: place.elementType))
        source = try source.taking(
          .applying("clamp", to: [zero, place, last]), along: dimension)
        let covered = try AnyTensor.applying(
          "and",
          to: [.applying("ge", to: [place, zero]), .applying("le", to: [place, last])]
        ).broadcast(to: shape, dimensions: [dimension])
        inside = try inside.map { try .applying("and", to: [$0, covered]) } ?? covered
      }
      guard let inside else { return [update] }
      return [try .applying("select", to: [inside, source, operand])]
    },
  ]

  /// Where a slice starts along each dimension, brought inside; nil where it is the whole dimension.
  private static func starts(
    _ application: Application, after first: Int, of operand: AnyTensor, _ sizes: [Int]
  ) throws -> [AnyTensor?] {
    let shape = operand.type.shape
    let starts = application.operands.dropFirst(first)
    guard starts.count == shape.count, sizes.count == shape.count,
      starts.allSatisfy({ $0.type.shape.isEmpty && $0.elementType.isInteger }),
      zip(sizes, shape).allSatisfy({ 0 <= $0 && $0 <= $1 })
    else {
      throw LoweringError.invalid(
        "takes a start for each dimension, a scalar integer, and sizes within \(operand.type), got "
          + application.operandText)
    }
    return try zip(starts, zip(sizes, shape)).map { start, sizes in
      sizes.0 == sizes.1 ? nil : try start.index(upTo: sizes.1 - sizes.0)
    }
  }
}

extension AnyTensor {
  /// An index between 0 and a limit, whatever was given.
  fileprivate func index(upTo limit: Int) throws -> AnyTensor {
    let isLong = limit >= Int(Int32.max)
    // A small type could not hold the limit; a large one must not be cut before it is compared.
    let given = elementType.byteCount < 4 || isLong && elementType != .uint64
    let wide = try given ? converted(to: isLong ? .int64 : .int32) : self
    var index = wide
    if wide.elementType.isSignedInteger {
      index = try .applying("max", to: [index, .constant(.zero(wide.elementType))])
    }
    index = try .applying(
      "min",
      to: [index, .constant(ScalarLiteral(integer: Int64(limit), as: wide.elementType))])
    return try index.converted(to: isLong ? .int64 : .int32)
  }

  /// 0, 1, 2, … up to a count.
  fileprivate static func counting(to count: Int, like index: AnyTensor) throws -> AnyTensor {
    try .applying(
      "iota",
      [
        Attribute("dtype", .type(index.elementType)), Attribute("shape", .integers([count])),
        Attribute("dimension", .integer(0)),
      ], to: [])
  }

  /// The elements at some places along a dimension.
  fileprivate func taking(_ places: AnyTensor, along dimension: Int) throws -> AnyTensor {
    try .applying("take", [Attribute("axis", .integer(dimension))], to: [self, places])
  }
}
