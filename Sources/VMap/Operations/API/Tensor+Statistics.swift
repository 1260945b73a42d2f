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
  /// How many elements a reduction along axes combines.
  private func extent(of axes: [Int]?, for name: String) throws(VMapError) -> Int {
    let shape = sizes
    guard let axes else { return try shape.elementCount() }
    return try shape.dimensions(axes, for: name).map { shape[$0] }.elementCount()
  }

  fileprivate func mean(_ axes: [Int]?, keepDims: Bool) throws(VMapError) -> TensorHandle {
    let count = try extent(of: axes, for: "mean")
    let wide = element.computeType
    let sum = try converted(to: wide).reduced(.sum, axes, keepDims: keepDims)
    return try TensorHandle.elementwise("div", sum, .constant(Double(count), wide))
      .converted(to: element)
  }

  fileprivate func variance(
    _ axes: [Int]?, _ ddof: Int, keepDims: Bool, for name: String = "variance"
  ) throws(VMapError) -> TensorHandle {
    let freedom = Double(try extent(of: axes, for: name)) - Double(ddof)
    let wide = try converted(to: element.computeType)
    let centered = try TensorHandle.elementwise("sub", wide, wide.mean(axes, keepDims: true))
    let squares = try TensorHandle.elementwise("square", centered)
    let sum = try squares.reduced(.sum, axes, keepDims: keepDims)
    // With no degree of freedom left the quotient is a NaN, as NumPy's.
    return try TensorHandle.elementwise(
      "div", sum, .constant(Swift.max(0, freedom), wide.element)
    ).converted(to: element)
  }
}
