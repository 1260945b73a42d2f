extension Elementwise {
  /// The neighbour in the type of the first operand, towards the second: the next or the previous
  /// bits, as those of numbers of one sign are ordered like their magnitudes.
  static let nextAfter = Elementwise("nextafter", .floats(2), stableHLO: "chlo.next_after") {
    operands, types, loops in
    let (type, integer) = (types[0], types[0].signed)
    let x = ScalarExpression(operands[0], type, loops)
    let y = ScalarExpression(operands[1], type, loops)
    let bits = x.apply(.bitcast, to: integer)
    func constant(_ value: Int64) -> ScalarExpression {
      let literal = ScalarLiteral(integer: value, as: integer)
      return ScalarExpression(loops.literal(literal), integer, loops)
    }
    let sign = y.apply(.bitcast, to: integer).apply(
      .and, constant(.min >> (64 - 8 * integer.byteCount)))
    // Away from zero the magnitude grows: where y lies further out on the same side.
    let grows = (x .< y).apply(.xor, x .< 0)
    let next = bits.apply(.add, grows.select(constant(1), constant(-1)))
    let moved = (x .== 0).select(sign.apply(.or, constant(1)), next)
    let result = (x .== y).select(y, moved.apply(.bitcast, to: type))
    // A sum with a NaN is one.
    return (x.isNaN | y.isNaN).select(x + y, result).expression
  }
}
