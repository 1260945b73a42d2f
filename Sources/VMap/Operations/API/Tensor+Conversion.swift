extension Tensor {
  /// The elements in another type.
  ///
  /// Floating-point numbers are truncated to integers, saturate at their bounds, and NaN becomes 0;
  /// integers keep their low bits; what is not 0 is true. A `Double` is rounded once, also to 16 bits;
  /// an integer becomes a number of 16 bits by way of a `Float`, as in JAX.
  ///
  ///     let x = Tensor<Int32>([1, 2]).asType(Float.self)
  ///
  /// After `lax.convert_element_type`.
  public func asType<Other: TensorScalar>(_ type: Other.Type) -> Tensor<Other> {
    Tensor<Other>(handle) { try handle.converted(to: Other.elementType) }
  }

  /// The numbers rounded to a format of fewer bits, in the type that they have.
  ///
  ///     x.reducePrecision(exponentBits: 5, mantissaBits: 10)     // to those of a Float16
  ///
  /// What is too great for the exponent becomes infinite, what would be subnormal 0. Fewer than 1 and
  /// 0 bits give a tensor whose reading throws. After `lax.reduce_precision`.
  public func reducePrecision(exponentBits: Int, mantissaBits: Int) -> Tensor
  where Scalar: TensorFloatingPoint {
    Tensor(handle) {
      try .step(ReducePrecision(exponentBits: exponentBits, mantissaBits: mantissaBits), handle)
    }
  }

  /// The bits of the elements as elements of another type of the same size.
  ///
  /// A type of another size gives a tensor whose reading throws. After `lax.bitcast_convert_type`.
  public func bitcast<Other: TensorScalar>(to type: Other.Type) -> Tensor<Other> {
    Tensor<Other>(handle) {
      try .step(Convert(target: Other.elementType, keepsBits: true), handle)
    }
  }
}
