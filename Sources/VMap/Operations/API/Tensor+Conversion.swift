extension Tensor {
  /// The elements in another type.
  ///
  /// Floating-point numbers are truncated to integers, saturate at their bounds, and NaN becomes 0;
  /// integers keep their low bits; what is not 0 is true.
  ///
  ///     let x = Tensor<Int32>([1, 2]).asType(Float.self)
  ///
  /// After `lax.convert_element_type`.
  public func asType<Other: TensorScalar>(_ type: Other.Type) -> Tensor<Other> {
    Tensor<Other>(handle) { try handle.converted(to: Other.elementType) }
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
