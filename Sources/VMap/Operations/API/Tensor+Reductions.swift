extension Tensor where Scalar: TensorNumber {
  /// The sum of the elements, all or along one dimension; 0 of none.
  ///
  ///     x.sum()                          // [4, 3] → []
  ///     x.sum(axis: -1)                  // [4, 3] → [4]
  ///     x.sum(axis: 0, keepDims: true)   // [4, 3] → [1, 3]
  ///
  /// The sum is of the elements' type, in which integers wrap around, where `jnp.sum` widens small
  /// ones: `x.asType(Int32.self).sum()`. A dimension that is not there gives a tensor whose reading
  /// throws. After `jnp.sum`.
  public func sum(axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    reduced(.sum, axis.map { [$0] }, keepDims)
  }

  /// The sums along several dimensions.
  ///
  /// After `jnp.sum`.
  public func sum(axes: [Int], keepDims: Bool = false) -> Tensor { reduced(.sum, axes, keepDims) }

  /// The product of the elements, all or along one dimension; 1 of none.
  ///
  /// After `jnp.prod`.
  public func product(axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    reduced(.product, axis.map { [$0] }, keepDims)
  }

  /// The products along several dimensions.
  ///
  /// After `jnp.prod`.
  public func product(axes: [Int], keepDims: Bool = false) -> Tensor {
    reduced(.product, axes, keepDims)
  }

  /// The greatest element, all or along one dimension; NaN where one is NaN.
  ///
  /// After `jnp.max`.
  ///
  /// The greatest of no elements is the least number of the type, −∞ for floating-point numbers.
  public func max(axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    reduced(.maximum, axis.map { [$0] }, keepDims)
  }

  /// The greatest elements along several dimensions.
  ///
  /// After `jnp.max`.
  public func max(axes: [Int], keepDims: Bool = false) -> Tensor {
    reduced(.maximum, axes, keepDims)
  }

  /// The least element, all or along one dimension; NaN where one is NaN.
  ///
  /// After `jnp.min`.
  ///
  /// The least of no elements is the greatest number of the type, ∞ for floating-point numbers.
  public func min(axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    reduced(.minimum, axis.map { [$0] }, keepDims)
  }

  /// The least elements along several dimensions.
  ///
  /// After `jnp.min`.
  public func min(axes: [Int], keepDims: Bool = false) -> Tensor {
    reduced(.minimum, axes, keepDims)
  }
}

extension Tensor where Scalar == Bool {
  /// Whether any element holds, of all or along one dimension; false of none.
  ///
  /// After `jnp.any`.
  public func any(axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    reduced(.or, axis.map { [$0] }, keepDims)
  }

  /// Whether any element holds along several dimensions.
  ///
  /// After `jnp.any`.
  public func any(axes: [Int], keepDims: Bool = false) -> Tensor { reduced(.or, axes, keepDims) }

  /// Whether every element holds, of all or along one dimension; true of none.
  ///
  /// After `jnp.all`.
  public func all(axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    reduced(.and, axis.map { [$0] }, keepDims)
  }

  /// Whether every element holds along several dimensions.
  ///
  /// After `jnp.all`.
  public func all(axes: [Int], keepDims: Bool = false) -> Tensor { reduced(.and, axes, keepDims) }

  /// How many elements hold, of all or along one dimension.
  ///
  /// After `jnp.sum`.
  public func sum(axis: Int? = nil, keepDims: Bool = false) -> Tensor<Int32> {
    asType(Int32.self).sum(axis: axis, keepDims: keepDims)
  }

  /// How many elements hold along several dimensions.
  ///
  /// After `jnp.sum`.
  public func sum(axes: [Int], keepDims: Bool = false) -> Tensor<Int32> {
    asType(Int32.self).sum(axes: axes, keepDims: keepDims)
  }
}

extension Tensor {
  private func reduced(_ kind: Reduce.Kind, _ axes: [Int]?, _ keepDims: Bool) -> Tensor {
    Tensor(handle) { try handle.reduced(kind, axes, keepDims: keepDims) }
  }
}

extension TensorHandle {
  /// The elements combined along some axes, or all; nothing where there are none.
  ///
  /// - Parameter name: What errors call the function, if it is none of the kind's.
  func reduced(
    _ kind: Reduce.Kind, _ axes: [Int]?, keepDims: Bool, for name: String? = nil
  ) throws(VMapError) -> TensorHandle {
    var shape = sizes
    let named = axes ?? Array(shape.indices)
    let dimensions = try shape.dimensions(named, for: name ?? kind.functionName).sorted()
    if dimensions.isEmpty { return self }
    let result = try TensorHandle.step(Reduce(kind: kind, dimensions: dimensions), self)
    guard keepDims else { return result }
    let kept = shape.indices.filter { !dimensions.contains($0) }
    for dimension in dimensions { shape[dimension] = 1 }
    return try .step(Broadcast(shape: shape, dimensions: kept), result)
  }
}

extension Reduce.Kind {
  /// The function that users call.
  var functionName: String {
    switch self {
    case .sum: "sum"
    case .product: "product"
    case .maximum: "max"
    case .minimum: "min"
    case .and: "all"
    case .or: "any"
    }
  }
}
