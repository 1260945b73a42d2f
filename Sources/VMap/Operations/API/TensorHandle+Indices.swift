extension TensorHandle {
  /// Integers as indices of a dimension, negative ones counted from the end; what was outside still is.
  ///
  /// - Parameter type: `int32` or `int64`, which holds the size.
  func fromStart(of size: Int, as type: ElementType) throws(VMapError) -> TensorHandle {
    var index = self
    if element.isUnsignedInteger {
      // The greatest numbers would become negative ones; all from the size on are outside.
      if element.byteCount >= 4, ScalarLiteral(integer: Int64(size), as: element).bits == size {
        index = try .elementwise("min", index, .integer(size, element))
      }
      return try index.converted(to: type)
    }
    index = try index.converted(to: type)
    return try .elementwise(
      "select", .elementwise("lt", index, .integer(0, type)),
      .elementwise("add", index, .integer(size, type)), index)
  }
}
