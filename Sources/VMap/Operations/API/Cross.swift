/// The cross product of vectors with three elements.
///
///     cross(v, w)     // [5, 3], [3] → [5, 3]
///
/// - Parameters:
///   - a: Vectors along a dimension of size 3.
///   - b: Others, whose other dimensions are brought to one shape with those of `a`.
///   - axis: The dimension of the vectors, in the operands and in the result.
///
/// Another size than 3 gives a tensor whose reading throws. After `jnp.cross`.
public func cross<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, axis: Int = -1
) -> Tensor<Scalar> {
  let product = Tensor<Scalar>(a.handle, b.handle) {
    let (x, y) = (try a.components(axis), try b.components(axis))
    _ = try [Int].broadcasting([x[0].sizes, y[0].sizes], for: "cross")
    var results: [TensorHandle] = []
    for number in 0..<3 {
      let (next, last) = ((number + 1) % 3, (number + 2) % 3)
      let positive = try TensorHandle.elementwise("mul", x[next], y[last])
      let negative = try TensorHandle.elementwise("mul", x[last], y[next])
      results.append(try .elementwise("sub", positive, negative))
    }
    return try .step(Concatenate(dimension: results[0].sizes.count - 1), results)
  }
  return product.moveAxis(-1, to: axis)
}

extension Tensor {
  /// The three elements of each vector along a dimension, which becomes the last one, of size 1.
  fileprivate func components(_ axis: Int) throws -> [TensorHandle] {
    let shape = handle.sizes
    let dimension = try shape.dimension(axis, for: "cross")
    guard shape[dimension] == 3 else {
      throw VMapError(
        .shapeMismatch,
        "cross: takes vectors of size 3, got axis \(axis) of shape \(shape.shapeText)")
    }
    let moved = moveAxis(dimension, to: -1).handle
    return try (0..<3).map { try moved.sliced($0, $0 + 1, along: shape.count - 1) }
  }
}
