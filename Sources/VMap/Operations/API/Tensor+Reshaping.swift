extension Tensor {
  /// The same elements in row-major order under another shape, one of whose sizes may be −1: what is
  /// left for it.
  ///
  ///     Tensor<Float>.arange(6).reshaped(to: [2, -1])     // [2, 3]
  ///
  /// A shape of another number of elements gives a tensor whose reading throws. After `jnp.reshape`.
  public func reshaped(to shape: [Int]) -> Tensor {
    Tensor(handle) { try handle.reshaped(to: shape.filling(handle.sizes)) }
  }

  /// The elements in row-major order as a vector.
  ///
  /// After `jnp.ravel`.
  public func flattened() -> Tensor { Tensor(handle) { try handle.flattened() } }

  /// The tensor with a dimension of size 1 before the given one of the result.
  ///
  ///     x.expandedDimension(at: -1)     // [3] → [3, 1]
  ///
  /// After `jnp.expand_dims`.
  public func expandedDimension(at axis: Int) -> Tensor { expandedDimensions(at: [axis]) }

  /// The tensor with dimensions of size 1 at the given positions of the result.
  ///
  /// After `jnp.expand_dims`.
  public func expandedDimensions(at axes: [Int]) -> Tensor {
    Tensor(handle) {
      let sizes = handle.sizes
      var shape = [Int](repeating: 1, count: sizes.count + axes.count)
      let added = try shape.dimensions(axes, for: "expandedDimensions")
      let kept = shape.indices.filter { !added.contains($0) }
      for (dimension, size) in zip(kept, sizes) { shape[dimension] = size }
      if axes.isEmpty { return handle }
      return try .step(Broadcast(shape: shape, dimensions: kept), handle)
    }
  }

  /// The tensor without its dimensions of size 1.
  ///
  /// After `jnp.squeeze`.
  public func squeezed() -> Tensor {
    Tensor(handle) { try handle.reshaped(to: handle.sizes.filter { $0 != 1 }) }
  }

  /// The tensor without the given dimensions, which must have size 1.
  ///
  /// Dimensions of another size give a tensor whose reading throws. After `jnp.squeeze`.
  public func squeezed(_ axes: Int...) -> Tensor {
    Tensor(handle) {
      let sizes = handle.sizes
      let dimensions = try sizes.dimensions(axes, for: "squeezed")
      guard dimensions.allSatisfy({ sizes[$0] == 1 }) else {
        throw VMapError(
          .shapeMismatch,
          "squeezed: axes \(axes.shapeText) of shape \(sizes.shapeText) are not all of size 1")
      }
      return try handle.reshaped(to: sizes.dropping(dimensions, for: "squeezed"))
    }
  }

  /// The tensor repeated along new and size-1 dimensions to fill a shape.
  ///
  /// After `jnp.broadcast_to`.
  ///
  /// A shape it does not fit into gives a tensor whose reading throws.
  public func broadcast(to shape: [Int]) -> Tensor {
    Tensor(handle) {
      try shape.check()
      return try handle.broadcast(to: shape)
    }
  }
}

/// The tensor with a dimension of size 1 at a position of the result.
///
/// After `jnp.expand_dims`.
public func expandDims<Scalar>(_ x: Tensor<Scalar>, axis: Int) -> Tensor<Scalar> {
  x.expandedDimension(at: axis)
}

extension TensorHandle {
  /// The elements as a vector, in row-major order; nothing where they are one.
  func flattened() throws(VMapError) -> TensorHandle {
    shape.count == 1 ? self : try reshaped(to: [try sizes.elementCount()])
  }

  /// The elements under another shape; nothing where it is the same.
  func reshaped(to shape: [Int]) throws(VMapError) -> TensorHandle {
    if shape == sizes { return self }
    return try .step(Reshape(shape: shape), self)
  }
}

extension [Int] {
  /// A shape with its −1 replaced by what is left of another shape's elements.
  fileprivate func filling(_ other: [Int]) throws(VMapError) -> [Int] {
    let open = firstIndex(of: -1)
    var result = self
    if let open { result.remove(at: open) }
    let known = result.allSatisfy { $0 >= 0 } ? try result.elementCount() : nil
    let count = try other.elementCount()
    guard let known, open == nil ? count == known : known > 0 && count % known == 0 else {
      throw VMapError(
        .shapeMismatch,
        "reshaped: \(quantity(count, "element")) of shape \(other.shapeText) cannot fill \(shapeText)"
      )
    }
    if let open { result.insert(count / known, at: open) }
    return result
  }
}
