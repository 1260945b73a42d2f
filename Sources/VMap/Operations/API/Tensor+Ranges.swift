extension Tensor where Scalar: TensorInteger {
  /// The integers from 0 up to, but not including, a bound.
  ///
  /// After `jnp.arange`.
  public static func arange(_ stop: Scalar) -> Tensor { arange(0, stop) }

  /// The integers from one bound up to, but not including, another.
  ///
  ///     try Tensor<Int32>.arange(1, 10, step: 3).scalars()     // [1, 4, 7]
  ///
  /// A step of 0 gives a tensor whose reading throws. After `jnp.arange`.
  public static func arange(_ start: Scalar, _ stop: Scalar, step: Scalar = 1) -> Tensor {
    Tensor {
      guard step != 0 else { throw VMapError(.invalidArgument, "arange: the step is 0") }
      // Wider than any element type, so that no difference overflows.
      let distance = Int128(stop) - Int128(start)
      let size = Int128(step)
      let count = (distance + (size > 0 ? size - 1 : size + 1)) / size
      guard let count = Int(exactly: count > 0 ? count : 0) else {
        throw VMapError(.sizeOverflow, "arange: \(count) elements")
      }
      return try progression(count, from: start, by: step)
    }
  }
}

extension Tensor where Scalar: TensorFloatingPoint {
  /// The numbers 0, 1, 2, … below a bound.
  ///
  /// After `jnp.arange`.
  public static func arange(_ stop: Scalar) -> Tensor { arange(0, stop) }

  /// The numbers from one bound, by a step, up to, but not including, another.
  ///
  /// A step of 0 gives a tensor whose reading throws. After `jnp.arange`.
  public static func arange(_ start: Scalar, _ stop: Scalar, step: Scalar = 1) -> Tensor {
    Tensor {
      // In the type itself, in which 0.3 / 0.1 is 3, unless the quotient is too large for it.
      let quotient = (stop - start) / step
      let wide = (Double(stop) - Double(start)) / Double(step)
      let count = (quotient.isFinite ? Double(quotient) : wide).rounded(.up)
      guard step != 0, !count.isNaN, let count = Int(exactly: Swift.max(0, count)) else {
        throw VMapError(
          .invalidArgument, "arange: from \(start) to \(stop) by \(step) is no range of numbers")
      }
      return try progression(count, from: start, by: step)
    }
  }

  /// A number of evenly spaced numbers from one to another, both included.
  ///
  ///     try Tensor<Float>.linspace(0, 1, count: 5).scalars()     // [0.0, 0.25, 0.5, 0.75, 1.0]
  ///
  /// After `jnp.linspace`.
  public static func linspace(_ start: Scalar, _ stop: Scalar, count: Int = 50) -> Tensor {
    Tensor {
      guard count > 1 else { return try TensorHandle.filled([count], start.literal) }
      let step = (stop - start) / Scalar(count - 1)
      let numbers = try progression(count, from: start, by: step)
      // The last one is exact whatever the rounding of the steps.
      let index = try TensorHandle.iota(.int64, [count], along: 0)
      let isLast = try TensorHandle.elementwise("eq", index, Int64(count - 1).constant)
      return try .elementwise("select", isLast, stop.constant, numbers)
    }
  }
}

extension Tensor where Scalar: TensorNumber {
  fileprivate static func progression(
    _ count: Int, from start: Scalar, by step: Scalar
  ) throws(VMapError) -> TensorHandle {
    var numbers = try TensorHandle.iota(Scalar.elementType, [count], along: 0)
    if step != 1 { numbers = try .elementwise("mul", numbers, step.constant) }
    if start != 0 { numbers = try .elementwise("add", numbers, start.constant) }
    return numbers
  }
}
