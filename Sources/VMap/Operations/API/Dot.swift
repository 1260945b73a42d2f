/// The dot product, over the last dimension of the first operand and the second to last of the
/// second one; of two vectors a scalar.
///
///     dot(v, w)     // [5], [5] → []
///     dot(m, w)     // [3, 5], [5] → [3]
///
/// A scalar operand multiplies. Sizes that differ give a tensor whose reading throws. After
/// `jnp.dot`.
public func dot<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> {
  Tensor(a.handle, b.handle) {
    let (left, right) = (a.handle.sizes.count, b.handle.sizes.count)
    if left == 0 || right == 0 { return try .elementwise("mul", a.handle, b.handle) }
    return try .contraction(
      "dot", a.handle, b.handle, over: ([left - 1], [Swift.max(0, right - 2)]))
  }
}

/// The contraction of the last dimensions of both operands; a scalar multiplies.
///
/// After `jnp.inner`.
public func inner<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> {
  Tensor(a.handle, b.handle) {
    let (left, right) = (a.handle.sizes.count, b.handle.sizes.count)
    if left == 0 || right == 0 { return try .elementwise("mul", a.handle, b.handle) }
    return try .contraction("inner", a.handle, b.handle, over: ([left - 1], [right - 1]))
  }
}

/// The dot product of all elements in row-major order, a scalar.
///
/// After `jnp.vdot`.
public func vdot<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> {
  dot(a.flattened(), b.flattened())
}

/// The products of each element of the first operand with each of the second, a matrix.
///
///     outer(v, w)     // [3], [5] → [3, 5]
///
/// After `jnp.outer`.
public func outer<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> {
  a.flattened().expandedDimension(at: 1) * b.flattened()
}

/// The contraction over the last dimensions of the first operand and as many first ones of the
/// second.
///
/// After `jnp.tensordot`.
public func tensordot<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, axes count: Int = 2
) -> Tensor<Scalar> {
  Tensor(a.handle, b.handle) {
    let (left, right) = (a.handle.sizes, b.handle.sizes)
    guard (0...Swift.min(left.count, right.count)).contains(count) else {
      throw VMapError(
        .invalidArgument,
        "tensordot: shapes \(left.shapeText) and \(right.shapeText) do not both have "
          + "\(quantity(count, "dimension")) to contract")
    }
    return try .contraction(
      "tensordot", a.handle, b.handle,
      over: (Array(left.indices.suffix(count)), Array(0..<count)))
  }
}

/// The contraction over pairs of dimensions.
///
///     tensordot(a, b, axes: ([1], [0]))     // [3, 5], [5, 2] → [3, 2]
///
/// After `jnp.tensordot`.
public func tensordot<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, axes: ([Int], [Int])
) -> Tensor<Scalar> {
  Tensor(a.handle, b.handle) {
    let left = try a.handle.sizes.dimensions(axes.0, for: "tensordot")
    let right = try b.handle.sizes.dimensions(axes.1, for: "tensordot")
    return try .contraction("tensordot", a.handle, b.handle, over: (left, right))
  }
}

extension TensorHandle {
  /// The contraction of two operands, whose sizes are checked under the name of the caller's function.
  static func contraction(
    _ name: String, _ a: TensorHandle, _ b: TensorHandle, over contracting: ([Int], [Int]),
    batch: ([Int], [Int]) = ([], [])
  ) throws(VMapError) -> TensorHandle {
    let (left, right) = (a.sizes, b.sizes)
    let fits =
      contracting.0.count == contracting.1.count
      && zip(contracting.0, contracting.1).allSatisfy { left[$0] == right[$1] }
    guard fits else {
      throw VMapError(
        .shapeMismatch,
        "\(name): shapes \(left.shapeText) and \(right.shapeText) cannot be contracted over "
          + "dimensions \(contracting.0.shapeText) and \(contracting.1.shapeText)")
    }
    return try .step(DotGeneral(contracting: contracting, batch: batch), a, b)
  }
}
