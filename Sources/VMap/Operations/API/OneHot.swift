/// Vectors that are 1 at an index and 0 elsewhere.
///
///     oneHot(labels, classes: 10)     // [64] → [64, 10]
///
/// - Parameters:
///   - indices: Integers; those outside of `0 ..< classes` give zeros alone.
///   - classes: The size of the vectors.
///   - axis: The dimension of the result along which they lie.
///
/// A dimension that is not there, and a negative size, give a tensor whose reading throws. After
/// `jax.nn.one_hot`.
public func oneHot<Index: TensorInteger>(
  _ indices: Tensor<Index>, classes: Int, axis: Int = -1
) -> Tensor<Float> { oneHot(indices, classes: classes, axis: axis, as: Float.self) }

/// Vectors of any element type that are 1 at an index and 0 elsewhere.
///
/// As ``oneHot(_:classes:axis:)``.
public func oneHot<Index: TensorInteger, Scalar: TensorNumber>(
  _ indices: Tensor<Index>, classes: Int, axis: Int = -1, as type: Scalar.Type
) -> Tensor<Scalar> {
  Tensor(indices.handle) {
    let shape = indices.handle.sizes
    guard classes >= 0 else {
      throw VMapError(.invalidArgument, "oneHot: \(classes) classes are not possible")
    }
    let dimension = try (shape + [1]).dimension(axis, for: "oneHot")
    // A small type could not count the classes.
    let given = indices.handle.element
    let wide: ElementType =
      given.byteCount == 8 ? given : given.byteCount < 4 ? .int32 : .int64
    var whole = shape
    whole.insert(classes, at: dimension)
    let index = try TensorHandle.step(
      Broadcast(shape: whole, dimensions: whole.indices.filter { $0 != dimension }),
      indices.handle.converted(to: wide))
    let number = TensorHandle.apply(
      Iota(type: TensorType(element: wide, shape: whole), dimension: dimension), [])
    return try .elementwise("eq", index, number).converted(to: Scalar.elementType)
  }
}
