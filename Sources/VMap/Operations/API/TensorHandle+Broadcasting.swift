extension TensorHandle {
  /// Operands brought to one shape, aligned at the last dimension; scalars stay as they are.
  static func broadcast(
    _ operands: [TensorHandle], for operation: String
  ) throws(VMapError) -> [TensorHandle] {
    let shapes = operands.map(\.sizes)
    let shape = try [Int].broadcasting(shapes, for: operation)
    var result: [TensorHandle] = []
    for (operand, own) in zip(operands, shapes) {
      result.append(own.isEmpty ? operand : try operand.broadcast(to: shape))
    }
    return result
  }

  /// The tensor repeated to fill a shape it is compatible with.
  func broadcast(to shape: [Int]) throws(VMapError) -> TensorHandle {
    let own = sizes
    if own == shape { return self }
    guard own.count <= shape.count else {
      throw VMapError(
        .shapeMismatch,
        "broadcast: shape \(own.shapeText) has more dimensions than \(shape.shapeText)")
    }
    return try .step(
      Broadcast(shape: shape, dimensions: Array((shape.count - own.count)..<shape.count)), self)
  }
}

extension [Int] {
  /// The shape that shapes have in common, as NumPy's rules broadcast them.
  static func broadcasting(_ shapes: [[Int]], for operation: String) throws(VMapError) -> [Int] {
    var result: [Int] = []
    for shape in shapes {
      if shape == result { continue }
      let rank = Swift.max(result.count, shape.count)
      var combined = [Int](repeating: 1, count: rank)
      for position in 1..<(rank + 1) {
        let a = position <= result.count ? result[result.count - position] : 1
        let b = position <= shape.count ? shape[shape.count - position] : 1
        guard a == b || a == 1 || b == 1 else {
          throw VMapError(
            .shapeMismatch,
            "\(operation): shapes \(shapes.map(\.shapeText).joined(separator: " and ")) "
              + "cannot be broadcast together")
        }
        combined[rank - position] = a == 1 ? b : a
      }
      result = combined
    }
    return result
  }

  /// An axis of this shape as a dimension, where negative ones count from the end.
  func dimension(_ axis: Int, for operation: String, named name: String = "axis")
    throws(VMapError) -> Int
  {
    let dimension = axis < 0 ? axis + count : axis
    guard indices.contains(dimension) else {
      throw VMapError(
        .invalidArgument,
        "\(operation): \(name) \(axis) is out of bounds for shape \(shapeText) "
          + "with \(quantity(count, "dimension"))")
    }
    return dimension
  }

  /// Axes of this shape as distinct dimensions, in the order given.
  func dimensions(_ axes: [Int], for operation: String) throws(VMapError) -> [Int] {
    var result: [Int] = []
    for axis in axes {
      let dimension = try dimension(axis, for: operation)
      guard !result.contains(dimension) else {
        throw VMapError(
          .invalidArgument,
          "\(operation): axes \(axes.shapeText) name dimension \(dimension) of shape "
            + "\(shapeText) twice")
      }
      result.append(dimension)
    }
    return result
  }
}
