extension Tensor where Scalar: TensorNumber {
  /// The elements in ascending order along a dimension.
  ///
  ///     try Tensor<Int32>([3, 1, 2]).sorted().scalars()     // [1, 2, 3]
  ///
  /// - Parameters:
  ///   - axis: The dimension.
  ///   - descending: Whether the greatest comes first.
  ///
  /// NaN is greater than all numbers, and −0 equals 0; equal elements keep their order. A dimension
  /// that is not there gives a tensor whose reading throws. After `jnp.sort`.
  public func sorted(axis: Int = -1, descending: Bool = false) -> Tensor {
    Tensor(handle) { try handle.sorted([handle], axis, descending, for: "sorted")[0] }
  }

  /// The indices along a dimension that put the elements in ascending order.
  ///
  ///     try Tensor<Int32>([3, 1, 2]).argsort().scalars()     // [1, 2, 0]
  ///
  /// Indices of equal elements ascend. After `jnp.argsort`.
  ///
  /// Parameters as for ``sorted(axis:descending:)``.
  public func argsort(axis: Int = -1, descending: Bool = false) -> Tensor<Int32> {
    Tensor<Int32>(handle) {
      let shape = handle.sizes
      let dimension = try shape.dimension(axis, for: "argsort")
      let places = try TensorHandle.step(
        Iota(type: TensorType(element: .int32, shape: shape), dimension: dimension))
      return try handle.sorted([handle, places], axis, descending, for: "argsort")[1]
    }
  }

  /// The greatest elements along the last dimension in descending order, and their indices.
  ///
  ///     let (values, indices) = Tensor<Int32>([3, 1, 2]).topK(2)     // [3, 2], [0, 2]
  ///
  /// Of equal elements the first ones are taken. NaN is greater than all numbers, and 0 greater
  /// than −0. More elements than there are give tensors whose reading throws. After `lax.top_k`.
  public func topK(_ k: Int) -> (values: Tensor, indices: Tensor<Int32>) {
    var indices: TensorHandle?
    let values = Tensor(handle) {
      let size = handle.sizes.last ?? 1
      guard !handle.shape.isEmpty, (0...size).contains(k) else {
        throw VMapError(
          .invalidArgument,
          "topK: k should be from 0 to the size of the last dimension, it is \(k) for shape "
            + handle.shape.shapeText)
      }
      let results = try AnyTensor(handle: handle).topK(k)
      indices = results[1].handle
      return results[0].handle
    }
    if let indices { return (values, Tensor<Int32>(handle: indices)) }
    return (values, Tensor<Int32>(values.handle) { values.handle })
  }
}

extension Tensor where Scalar: TensorFloatingPoint {
  /// The median of the elements, all or along one dimension: of an even number, the mean of the two in
  /// the middle; NaN where one is NaN, or of none.
  ///
  ///     try Tensor<Float>([5, 1, 2, 3]).median().scalar()     // 2.5
  ///
  /// - Parameters:
  ///   - axis: The dimension; nil for all elements.
  ///   - keepDims: Whether the dimension stays, with size 1.
  ///
  /// A dimension that is not there gives a tensor whose reading throws. After `jnp.median`.
  public func median(axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    Tensor(handle) { try handle.median(axis, keepDims: keepDims) }
  }
}

/// On which side of equal elements a value belongs.
public enum SearchSide: Sendable { case left, right }

extension Tensor where Scalar: TensorNumber {
  /// Where values belong in this vector, which is sorted: the index of the first element that is not
  /// less, or with `right` of the first that is greater.
  ///
  ///     try Tensor<Int32>([1, 3, 3, 5]).searchSorted(Tensor<Int32>([3, 4])).scalars()     // [1, 3]
  ///
  /// A tensor that is no vector gives a tensor whose reading throws. After `jnp.searchsorted`.
  public func searchSorted(_ values: Tensor, side: SearchSide = .left) -> Tensor<Int32> {
    Tensor<Int32>(handle, values.handle) {
      try .step(SearchSorted(isRight: side == .right), handle, values.handle)
    }
  }
}

extension TensorHandle {
  /// Tensors sorted along a dimension by the elements of the first.
  fileprivate func sorted(
    _ operands: [TensorHandle], _ axis: Int, _ descending: Bool, for name: String
  ) throws(VMapError) -> [TensorHandle] {
    let dimension = try sizes.dimension(axis, for: name)
    return try AnyTensor.sorted(
      operands.map(AnyTensor.init(handle:)), along: dimension,
      isBefore: { elements in
        let keys = try elements[..<2].map { try $0.sortKey() }
        return [try .applying(descending ? "gt" : "lt", to: keys)]
      }
    ).map(\.handle)
  }

  fileprivate func median(_ axis: Int?, keepDims: Bool) throws(VMapError) -> TensorHandle {
    var shape = sizes
    let flat = axis == nil ? try reshaped(to: [try shape.elementCount()]) : self
    let dimension = try flat.sizes.dimension(axis ?? 0, for: "median")
    let count = flat.sizes[dimension]
    let rest = flat.sizes.indices.filter { $0 != dimension }.map { flat.sizes[$0] }
    var result: TensorHandle
    if count == 0 {
      result = try .step(
        Broadcast(shape: rest, dimensions: []), .constant(.nan, element))
    } else {
      let sorted = try flat.sorted([flat], dimension, false, for: "median")[0]
      func element(at position: Int) throws(VMapError) -> TensorHandle {
        var (starts, limits) = (flat.sizes.map { _ in 0 }, flat.sizes)
        (starts[dimension], limits[dimension]) = (position, position + 1)
        let slice = Slice(starts: starts, limits: limits, strides: starts.map { _ in 1 })
        return try TensorHandle.step(slice, sorted).reshaped(to: rest)
      }
      let (low, high) = (try element(at: (count - 1) / 2), try element(at: count / 2))
      let sum = try TensorHandle.elementwise("add", low, high)
      result = try .elementwise("mul", sum, .constant(0.5, self.element))
      // A NaN comes last.
      let last = try element(at: count - 1)
      let isNumber = try TensorHandle.elementwise("eq", last, last)
      result = try .elementwise("select", isNumber, result, last)
    }
    guard keepDims else { return result }
    if let axis { shape[try shape.dimension(axis, for: "median")] = 1 }
    return try result.reshaped(to: axis == nil ? shape.map { _ in 1 } : shape)
  }
}

extension AnyTensor {
  /// What elements are compared by in JAX's order: −0 as 0, and every NaN above all numbers.
  fileprivate func sortKey() throws(VMapError) -> AnyTensor {
    guard elementType.isFloating else { return self }
    let zero = try AnyTensor.constant(.zero(elementType))
    let nan = try AnyTensor.constant(ScalarLiteral(.nan, as: elementType))
    let isZero = try AnyTensor.applying("eq", to: [self, zero])
    let isNumber = try AnyTensor.applying("eq", to: [self, self])
    let unsigned = try AnyTensor.applying("select", to: [isZero, zero, self])
    return try AnyTensor.applying("select", to: [isNumber, unsigned, nan]).totalOrderKey()
  }
}
