/// What surrounds a tensor that windows move over.
public enum WindowPadding: Sendable {
  /// Nothing: windows lie inside.
  case valid
  /// As much as it takes for one window at each step, half of it in front, rounded down.
  case same
  /// For each dimension, how much is in front and behind.
  case explicit([(low: Int, high: Int)])
}

extension Tensor where Scalar: TensorNumber {
  /// The elements of each window combined by a function.
  ///
  ///     x.reduceWindow(0, [2, 2], strides: [2, 2]) { $0 + $1 }     // [4, 6] → [2, 3]
  ///
  /// - Parameters:
  ///   - initial: What each window starts from, and what surrounds the tensor: it should change nothing.
  ///   - window: The size of a window along each dimension.
  ///   - strides: How far windows are apart; 1 where it is left out.
  ///   - padding: What surrounds the tensor.
  ///   - combine: What is combined so far and the next element in row-major order, scalars, to what is
  ///     combined then.
  ///
  /// Other numbers of sizes or strides than dimensions give a tensor whose reading throws. After
  /// `lax.reduce_window`.
  public func reduceWindow(
    _ initial: Scalar, _ window: [Int], strides: [Int]? = nil, padding: WindowPadding = .valid,
    _ combine: @escaping (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    Tensor(handle) {
      try windowsCombined(initial.constant, window, strides, padding) {
        [AnyTensor(combine(Tensor(handle: $0[0].handle), Tensor(handle: $0[1].handle)))]
      }
    }
  }

  /// The greatest element of each window.
  ///
  ///     x.maxPool([2, 2], strides: [2, 2])     // [4, 6] → [2, 3]
  ///
  /// After `flax.linen.max_pool`; windows have a size along every dimension.
  ///
  /// Parameters as for ``reduceWindow(_:_:strides:padding:_:)``.
  public func maxPool(
    _ window: [Int], strides: [Int]? = nil, padding: WindowPadding = .valid
  ) -> Tensor {
    Tensor(handle) {
      let lowest = TensorHandle.apply(Literal(value: .lowest(handle.element)), [])
      return try windowsCombined(lowest, window, strides, padding) {
        [try .applying("max", to: $0)]
      }
    }
  }
}

extension Tensor where Scalar: TensorFloatingPoint {
  /// The mean of each window, of what lies around the tensor as well, which is 0.
  ///
  ///     x.avgPool([2, 2], strides: [2, 2])     // [4, 6] → [2, 3]
  ///
  /// After `flax.linen.avg_pool`; windows have a size along every dimension.
  ///
  /// Parameters as for ``reduceWindow(_:_:strides:padding:_:)``.
  public func avgPool(
    _ window: [Int], strides: [Int]? = nil, padding: WindowPadding = .valid
  ) -> Tensor {
    Tensor(handle) {
      let sum = try windowsCombined(Scalar.zero.constant, window, strides, padding) {
        [try .applying("add", to: $0)]
      }
      let count = try window.elementCount()
      return try .elementwise("div", sum, .constant(Double(count), handle.element))
    }
  }
}

extension Tensor {
  fileprivate func windowsCombined(
    _ initial: TensorHandle, _ window: [Int], _ strides: [Int]?, _ padding: WindowPadding,
    _ combine: @escaping ([AnyTensor]) throws -> [AnyTensor]
  ) throws(VMapError) -> TensorHandle {
    let shape = handle.sizes
    let ones = shape.map { _ in 1 }
    let own = Window(
      size: window, strides: strides ?? ones,
      padding: try padding.amounts(shape, window, strides ?? ones), baseDilation: ones,
      windowDilation: ones)
    return try AnyTensor.applying(
      "reduce_window", ReduceWindow(window: own).attributes,
      to: [AnyTensor(handle: handle), AnyTensor(handle: initial)],
      regions: [combine])[0].handle
  }
}

extension WindowPadding {
  /// The padding of each dimension.
  fileprivate func amounts(
    _ shape: [Int], _ window: [Int], _ strides: [Int]
  ) throws(VMapError) -> [[Int]] {
    switch self {
    case .valid: return shape.map { _ in [0, 0] }
    case .explicit(let amounts): return amounts.map { [$0.low, $0.high] }
    case .same:
      guard window.count == shape.count, strides.count == shape.count,
        (window + strides).allSatisfy({ $0 > 0 && $0 <= Int(Int32.max) })
      else {
        throw VMapError(
          .invalidArgument,
          "a window should have a size and a stride of at least 1 for each dimension of shape "
            + shape.shapeText)
      }
      return zip(shape, zip(window, strides)).map { size, own in
        let steps = size.dividedUp(by: own.1)
        let total = max(0, (steps - 1) * own.1 + own.0 - size)
        return [total / 2, total - total / 2]
      }
    }
  }
}
