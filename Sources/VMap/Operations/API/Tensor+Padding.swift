extension Tensor {
  /// The tensor surrounded by a value, and spread out with it.
  ///
  ///     x.padded(low: [0, 1], high: [2, 1], value: 0)     // [2, 3] → [4, 5]
  ///
  /// - Parameters:
  ///   - low: For each dimension, how much comes before it; negative amounts cut off.
  ///   - high: How much comes after it; negative amounts cut off.
  ///   - interior: How much comes between neighbours; nothing where it is left out.
  ///   - value: The value around.
  ///
  /// Another number of amounts than dimensions gives a tensor whose reading throws. After `lax.pad`.
  public func padded(
    low: [Int], high: [Int], interior: [Int]? = nil, value: Scalar
  ) -> Tensor {
    padded(low: low, high: high, interior: interior, value: Tensor(value))
  }

  /// The tensor surrounded by a value that is a scalar tensor.
  ///
  /// After `lax.pad`.
  ///
  /// Parameters as for ``padded(low:high:interior:value:)-(_,_,_,Scalar)``.
  public func padded(
    low: [Int], high: [Int], interior: [Int]? = nil, value: Tensor
  ) -> Tensor {
    Tensor(handle, value.handle) {
      let none = [Int](repeating: 0, count: handle.sizes.count)
      return try .step(
        Pad(low: low, high: high, interior: interior ?? none), handle, value.handle)
    }
  }
}

/// A tensor surrounded by a value, and spread out with it.
///
/// After `lax.pad`.
///
///     pad(x, low: [1], high: [1], interior: [1], value: 0)     // [2] → [5]
public func pad<Scalar>(
  _ x: Tensor<Scalar>, low: [Int], high: [Int], interior: [Int]? = nil, value: Scalar
) -> Tensor<Scalar> {
  x.padded(low: low, high: high, interior: interior, value: value)
}

/// A tensor surrounded by a scalar tensor.
///
/// After `lax.pad`.
public func pad<Scalar>(
  _ x: Tensor<Scalar>, low: [Int], high: [Int], interior: [Int]? = nil, value: Tensor<Scalar>
) -> Tensor<Scalar> {
  x.padded(low: low, high: high, interior: interior, value: value)
}
