extension Tensor {
  /// The tensor in a number of equal parts along a dimension.
  ///
  ///     let halves = x.split(into: 2, axis: 1)     // [4, 6] → [4, 3] each
  ///
  /// A number that does not divide the size gives tensors whose reading throws. After `jnp.split`.
  public func split(into count: Int, axis: Int = 0) -> [Tensor] {
    let shape = handle.sizes
    let dimension: Int
    do throws(VMapError) {
      dimension = try shape.dimension(axis, for: "split")
      guard count > 0, shape[dimension] % count == 0, count <= Swift.max(shape[dimension], 1 << 16)
      else {
        throw VMapError(
          .invalidArgument,
          "split: axis \(axis) of shape \(shape.shapeText) is not divisible into \(quantity(count, "part"))"
        )
      }
    } catch {
      // As many as were asked for, so that taking one of them apart is safe, but not any number.
      let failed = Tensor(handle) { throw error }
      return [Tensor](repeating: failed, count: Swift.max(1, Swift.min(count, 1 << 16)))
    }
    let size = shape[dimension] / count
    return (0..<count).map { part in
      Tensor(handle) { try handle.sliced(part * size, (part + 1) * size, along: dimension) }
    }
  }

  /// The tensor cut before the given indices along a dimension; indices past the end cut off nothing.
  ///
  /// After `jnp.split`.
  public func split(at indices: [Int], axis: Int = 0) -> [Tensor] {
    let bounds = [nil] + indices.map(Optional.some) + [nil]
    return zip(bounds, bounds.dropFirst()).map { start, end in
      Tensor(handle) {
        let shape = handle.sizes
        let dimension = try shape.dimension(axis, for: "split")
        let size = shape[dimension]
        func clamped(_ index: Int) -> Int {
          Swift.min(Swift.max(index < 0 ? index + size : index, 0), size)
        }
        let from = start.map(clamped) ?? 0
        let to = end.map(clamped) ?? size
        return try handle.sliced(from, Swift.max(from, to), along: dimension)
      }
    }
  }

  /// The elements moved along a dimension, those pushed off the end coming in at the start.
  ///
  ///     try Tensor<Int32>.arange(4).rolled(by: 1).scalars()     // [3, 0, 1, 2]
  ///
  /// Without an axis the elements move in row-major order. After `jnp.roll`.
  public func rolled(by shift: Int, axis: Int? = nil) -> Tensor {
    Tensor(handle) {
      let shape = handle.sizes
      guard let axis else {
        return try handle.reshaped(to: [try shape.elementCount()]).rolled(shift, along: 0)
          .reshaped(to: shape)
      }
      return try handle.rolled(shift, along: shape.dimension(axis, for: "rolled"))
    }
  }

  /// The whole tensor repeated a number of times along each dimension.
  ///
  ///     x.tiled([2, 1])     // [3] → [2, 3]
  ///
  /// After `jnp.tile`.
  public func tiled(_ counts: [Int]) -> Tensor {
    Tensor(handle) {
      let own = handle.sizes
      let rank = Swift.max(own.count, counts.count)
      let shape = [Int](repeating: 1, count: rank - own.count) + own
      let counts = [Int](repeating: 1, count: rank - counts.count) + counts
      try counts.check()
      let spread = zip(counts, shape).flatMap { [$0, $1] }
      try spread.check()
      let kept = (rank - own.count..<rank).map { 2 * $0 + 1 }
      let copies = try TensorHandle.step(Broadcast(shape: spread, dimensions: kept), handle)
      return try copies.reshaped(to: zip(counts, shape).map { $0 * $1 })
    }
  }

  /// Each element repeated a number of times along a dimension; without one, in row-major order.
  ///
  ///     try Tensor<Int32>([1, 2]).repeated(2).scalars()     // [1, 1, 2, 2]
  ///
  /// After `jnp.repeat`.
  public func repeated(_ count: Int, axis: Int? = nil) -> Tensor {
    guard let axis else { return flattened().repeated(count, axis: 0) }
    return Tensor(handle) {
      var shape = handle.sizes
      let dimension = try shape.dimension(axis, for: "repeated")
      let kept = shape.indices.map { $0 <= dimension ? $0 : $0 + 1 }
      var spread = shape
      spread.insert(count, at: dimension + 1)
      try spread.check()
      shape[dimension] *= count
      return try TensorHandle.step(Broadcast(shape: spread, dimensions: kept), handle)
        .reshaped(to: shape)
    }
  }
}

extension TensorHandle {
  fileprivate func rolled(_ shift: Int, along dimension: Int) throws(VMapError) -> TensorHandle {
    let size = sizes[dimension]
    guard size > 0, shift % size != 0 else { return self }
    let cut = shift % size > 0 ? size - shift % size : -(shift % size)
    return try .step(
      Concatenate(dimension: dimension), sliced(cut, size, along: dimension),
      sliced(0, cut, along: dimension))
  }
}
