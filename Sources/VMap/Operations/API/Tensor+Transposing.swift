extension Tensor {
  /// The dimensions in reverse order.
  ///
  /// After `jnp.transpose`.
  public func transposed() -> Tensor {
    Tensor(handle) { try handle.transposed(handle.shape.indices.reversed()) }
  }

  /// The dimensions in another order: dimension i of the result is `permutation[i]` of the tensor.
  ///
  ///     x.transposed([0, 2, 1])     // [4, 3, 5] → [4, 5, 3]
  ///
  /// What is no permutation gives a tensor whose reading throws. After `jnp.transpose`.
  public func transposed(_ permutation: [Int]) -> Tensor {
    Tensor(handle) {
      let shape = handle.shape
      var order: [Int] = []
      for axis in permutation { order.append(try shape.dimension(axis, for: "transposed")) }
      return try handle.transposed(order)
    }
  }

  /// The dimensions in another order.
  ///
  /// After `jnp.transpose`.
  public func transposed(_ permutation: Int...) -> Tensor { transposed(permutation) }

  /// Two dimensions exchanged.
  ///
  /// After `jnp.swapaxes`.
  public func swapAxes(_ first: Int, _ second: Int) -> Tensor {
    Tensor(handle) {
      let shape = handle.shape
      var order = Array(shape.indices)
      order.swapAt(
        try shape.dimension(first, for: "swapAxes"), try shape.dimension(second, for: "swapAxes"))
      return try handle.transposed(order)
    }
  }

  /// A dimension moved to another position of the result.
  ///
  /// After `jnp.moveaxis`.
  ///
  ///     x.moveAxis(0, to: -1)     // [4, 3, 5] → [3, 5, 4]
  public func moveAxis(_ source: Int, to destination: Int) -> Tensor {
    Tensor(handle) {
      let shape = handle.shape
      var order = Array(shape.indices)
      let from = try shape.dimension(source, for: "moveAxis")
      let to = try shape.dimension(destination, for: "moveAxis", named: "destination")
      order.insert(order.remove(at: from), at: to)
      return try handle.transposed(order)
    }
  }

  /// The elements in reverse order along dimensions; along all where none are given.
  ///
  /// After `jnp.flip`.
  public func flipped(_ axes: Int...) -> Tensor {
    Tensor(handle) {
      let shape = handle.shape
      let dimensions = try shape.dimensions(
        axes.isEmpty ? Array(shape.indices) : axes, for: "flipped")
      return dimensions.isEmpty ? handle : try .step(Reverse(dimensions: dimensions), handle)
    }
  }
}

extension TensorHandle {
  /// The dimensions in another order; nothing where it is the same.
  func transposed(_ permutation: [Int]) throws(VMapError) -> TensorHandle {
    if permutation == Array(shape.indices) { return self }
    return try .step(Transpose(permutation: permutation), self)
  }
}
