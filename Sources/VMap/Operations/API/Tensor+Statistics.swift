extension Tensor where Scalar: TensorFloatingPoint {
  /// The mean of the elements, all or along one dimension; NaN of none.
  ///
  ///     x.mean(axis: 0)     // [4, 3] → [3]
  ///
  /// Integers have no mean: take it of ``asType(_:)``. After `jnp.mean`.
  public func mean(axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    Tensor(handle) { try handle.mean(axis.map { [$0] }, keepDims: keepDims) }
  }

  /// The means along several dimensions.
  ///
  /// After `jnp.mean`.
  public func mean(axes: [Int], keepDims: Bool = false) -> Tensor {
    Tensor(handle) { try handle.mean(axes, keepDims: keepDims) }
  }

  /// The mean squared distance from the mean, all or along one dimension.
  ///
  /// - Parameters:
  ///   - axis: The dimension; nil for all.
  ///   - ddof: What is taken from the number of elements to divide by.
  ///   - keepDims: Whether the dimension stays, with size 1.
  ///
  /// After `jnp.var`.
  public func variance(axis: Int? = nil, ddof: Int = 0, keepDims: Bool = false) -> Tensor {
    Tensor(handle) { try handle.variance(axis.map { [$0] }, ddof, keepDims: keepDims) }
  }

  /// The variances along several dimensions.
  ///
  /// After `jnp.var`.
  public func variance(axes: [Int], ddof: Int = 0, keepDims: Bool = false) -> Tensor {
    Tensor(handle) { try handle.variance(axes, ddof, keepDims: keepDims) }
  }

  /// The square root of the variance, all or along one dimension.
  ///
  /// After `jnp.std`.
  public func standardDeviation(
    axis: Int? = nil, ddof: Int = 0, keepDims: Bool = false
  ) -> Tensor {
    deviation(axis.map { [$0] }, ddof, keepDims)
  }

  /// The square roots of the variances along several dimensions.
  ///
  /// After `jnp.std`.
  public func standardDeviation(axes: [Int], ddof: Int = 0, keepDims: Bool = false) -> Tensor {
    deviation(axes, ddof, keepDims)
  }

  private func deviation(_ axes: [Int]?, _ ddof: Int, _ keepDims: Bool) -> Tensor {
    sqrt(
      Tensor(handle) {
        try handle.variance(axes, ddof, keepDims: keepDims, for: "standardDeviation")
      })
  }

  /// The square root of the sum of squares, of all elements or along one dimension.
  ///
  /// After `jnp.linalg.norm` with its default order.
  public func norm(axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    let squares = (self * self).handle
    return sqrt(
      Tensor(squares) {
        try squares.reduced(.sum, axis.map { [$0] }, keepDims: keepDims, for: "norm")
      })
  }
}

extension TensorHandle {
  /// How many elements a reduction along axes combines, less some, as a scalar of a type.
  private func count(
    of axes: [Int]?, less few: Int = 0, as element: ElementType, for name: String
  ) throws(VMapError) -> TensorHandle {
    let shape = sizes
    let dimensions = try axes.map { axes throws(VMapError) in
      try shape.dimensions(axes, for: name)
    }
    let all = dimensions ?? Array(shape.indices)
    let known = try all.map { shape[$0] }.filter { !$0.isRagged }.elementCount()
    let ragged = all.filter { shape[$0].isRagged }
    // With nothing left the quotient is a NaN, as NumPy's.
    if ragged.isEmpty {
      return .constant(Swift.max(0, Double(known) - Double(few)), element)
    }
    var count = TensorHandle.constant(Double(known), element)
    for dimension in ragged {
      let length = try TensorHandle.step(DimensionSize(dimension: dimension), self)
      count = try .elementwise("mul", count, length.converted(to: element))
    }
    if few == 0 { return count }
    return try .elementwise(
      "max", .elementwise("sub", count, .constant(Double(few), element)), .constant(0, element))
  }

  fileprivate func mean(_ axes: [Int]?, keepDims: Bool) throws(VMapError) -> TensorHandle {
    let wide = element.computeType
    let count = try count(of: axes, as: wide, for: "mean")
    let sum = try converted(to: wide).reduced(.sum, axes, keepDims: keepDims)
    return try TensorHandle.elementwise("div", sum, count).converted(to: element)
  }

  fileprivate func variance(
    _ axes: [Int]?, _ ddof: Int, keepDims: Bool, for name: String = "variance"
  ) throws(VMapError) -> TensorHandle {
    let wide = try converted(to: element.computeType)
    let freedom = try count(of: axes, less: ddof, as: wide.element, for: name)
    let centered = try TensorHandle.elementwise("sub", wide, wide.mean(axes, keepDims: true))
    let squares = try TensorHandle.elementwise("square", centered)
    let sum = try squares.reduced(.sum, axes, keepDims: keepDims)
    return try TensorHandle.elementwise("div", sum, freedom).converted(to: element)
  }
}
