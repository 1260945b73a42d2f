/// Elements of any integer type as indices: hostile ones must not overflow on the way.
extension LoopBuilder {
  /// An integer element brought between two bounds, as an index.
  func index(
    _ element: Expression, of type: ElementType, from low: Int, through high: Int
  ) -> Expression {
    let (wide, element) = widened(element, of: type, toHold: max(high, -low))
    var result = apply(.minimum, [element, integer(high, wide)], wide)
    if wide.isSignedInteger { result = apply(.maximum, [result, integer(low, wide)], wide) }
    return index(of: result)
  }

  /// Whether an integer element is a given index, which is not above a limit.
  func isIndex(
    _ index: Expression, through limit: Int, _ element: Expression, of type: ElementType
  ) -> Expression {
    let (wide, element) = widened(element, of: type, toHold: limit)
    return apply(.equal, [element, self.element(index, wide)], .bool)
  }

  /// Small types could not hold the bound: they are widened first.
  private func widened(
    _ element: Expression, of type: ElementType, toHold bound: Int
  ) -> (ElementType, Expression) {
    let isLong = bound > (type == .uint32 ? Int(UInt32.max) : Int(Int32.max))
    let wide: ElementType =
      type.byteCount == 8 ? type : isLong ? .int64 : type.byteCount < 4 ? .int32 : type
    return (wide, wide == type ? element : apply(.convert, [element], wide))
  }

  private func integer(_ value: Int, _ type: ElementType) -> Expression {
    literal(ScalarLiteral(integer: Int64(value), as: type))
  }
}
