// Second names, by which NumPy's users look for what has another one here.

extension Tensor {
  /// The dimensions in reverse order.
  ///
  /// After `jnp.ndarray.T`.
  public var T: Tensor { transposed() }

  /// The matrices transposed: the last two dimensions exchanged.
  ///
  /// After `jnp.ndarray.mT`.
  public var mT: Tensor { swapAxes(-2, -1) }

  /// The elements under another shape: see ``reshaped(to:)``.
  ///
  ///     x.reshaped([2, -1])
  public func reshaped(_ shape: [Int]) -> Tensor { reshaped(to: shape) }

  /// The elements under a shape of these sizes: see ``reshaped(to:)``.
  ///
  ///     x.reshaped(2, -1)
  public func reshaped(_ sizes: Int...) -> Tensor { reshaped(to: sizes) }
}

extension Tensor where Scalar: TensorFloatingPoint {
  /// The square root of the variance: see ``standardDeviation(axis:ddof:keepDims:)``.
  public func std(axis: Int? = nil, ddof: Int = 0, keepDims: Bool = false) -> Tensor {
    standardDeviation(axis: axis, ddof: ddof, keepDims: keepDims)
  }
}

extension Tensor where Scalar: TensorNumber {
  /// The product of the elements: see ``product(axis:keepDims:)``.
  public func prod(axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    product(axis: axis, keepDims: keepDims)
  }

  /// The differences of neighbours along a dimension.
  ///
  ///     try Tensor<Int32>([1, 4, 9]).diff().scalars()     // [3, 5]
  ///
  /// - Parameters:
  ///   - order: How often differences are taken; 0 gives the tensor itself.
  ///   - axis: The dimension, each time shorter by one, as long as it has elements.
  ///
  /// A negative order, and a dimension that is not there, give a tensor whose reading throws. After
  /// `jnp.diff`.
  public func diff(_ order: Int = 1, axis: Int = -1) -> Tensor {
    Tensor(handle) {
      let dimension = try handle.sizes.dimension(axis, for: "diff")
      guard order >= 0 else {
        throw VMapError(.invalidArgument, "diff: the order should not be negative, it is \(order)")
      }
      var result = handle
      // Beyond the size nothing changes any more.
      for _ in 0..<Swift.min(order, result.sizes[dimension]) {
        let size = result.sizes[dimension]
        let (later, sooner) = (
          try result.sliced(Swift.min(1, size), size, along: dimension),
          try result.sliced(0, Swift.max(0, size - 1), along: dimension)
        )
        result = try .elementwise("sub", later, sooner)
      }
      return result
    }
  }
}

extension Tensor where Scalar: TensorInteger {
  /// The integers from 0 up to, but not including, a bound that is an `Int`.
  ///
  ///     Tensor<Int32>.arange(names.count)
  @_disfavoredOverload public static func arange(_ stop: Int) -> Tensor {
    counting(to: stop) { Scalar(exactly: $0) }
  }
}

extension Tensor where Scalar: TensorFloatingPoint {
  /// The numbers 0, 1, 2, … below a bound that is an `Int`.
  @_disfavoredOverload public static func arange(_ stop: Int) -> Tensor {
    counting(to: stop) { Scalar(exactly: $0) }
  }
}

extension Tensor where Scalar: TensorNumber {
  fileprivate static func counting(to stop: Int, _ convert: (Int) -> Scalar?) -> Tensor {
    Tensor {
      // The bound itself need not be a number of the type.
      guard stop <= 1 || convert(stop - 1) != nil else {
        throw VMapError(
          .invalidArgument,
          "arange: \(stop - 1) is no number of the type \(Scalar.elementType.rawValue)")
      }
      return try .iota(Scalar.elementType, [Swift.max(0, stop)], along: 0)
    }
  }
}
