/// Shifts by the width or more give what an unbounded shift would.
extension ScalarFunction {
  static let shiftLeft = shift("shift_left", within: shiftLeftWithin)
  static let shiftRightLogical = shift("shift_right_logical", within: shiftRightWithin)

  /// Shifts by an amount that is known to be less than the width.
  private static let shiftLeftWithin = shiftWithin("shift_left_within", "<<")
  private static let shiftRightWithin = shiftWithin("shift_right_within", ">>")

  private static func shiftWithin(_ name: String, _ symbol: String) -> ScalarFunction {
    ScalarFunction(name) { operands, type, _ in
      type.fromUnsigned("(\(type.asUnsigned(operands[0])) \(symbol) \(type.shift(operands[1])))")
    }
  }

  private static func shift(_ name: String, within: ScalarFunction) -> ScalarFunction {
    let rewriting: Rewriting = { operands, type, graph in
      guard let amount = graph.knownInteger(operands[1]) else { return nil }
      guard (0..<Int64(type.bitWidth)).contains(amount) else { return graph.literal(.zero(type)) }
      let literal = graph.literal(ScalarLiteral(integer: amount, as: type))
      return amount == 0 ? operands[0] : graph.apply(within, [operands[0], literal], type)
    }
    return ScalarFunction(name, cost: 3, rewriting: rewriting) { operands, type, result in
      type.select(
        within.spelling(operands, type, result), for: operands[1], below: type.element.bitWidth)
    }
  }

  /// Copies of the sign bit come in, for unsigned types too, as in XLA.
  static let shiftRightArithmetic = ScalarFunction("shift_right_arithmetic", cost: 3) {
    operands, type, _ in
    let signed = VectorType(element: type.element.signed, width: type.width)
    let value =
      type.isVector ? "as_\(signed.name)(\(operands[0]))" : "(\(signed.name))(\(operands[0]))"
    let last = type.element.bitWidth - 1
    let amount =
      type.isVector
      ? "as_\(signed.name)(min(\(type.asUnsigned(operands[1])), (\(type.unsignedName))(\(last))))"
      : "min((\(type.unsignedName))(\(operands[1])), (\(type.unsignedName))(\(last)))"
    return type.isVector
      ? "as_\(type.name)(\(value) >> \(amount))" : "((\(type.name))(\(value) >> \(amount)))"
  }

  /// `x << n`, with the bits that go out at one end coming in at the other.
  private static let rotateWithin = ScalarFunction("rotate_within") { operands, type, _ in
    type.rotated(operands[0], by: operands[1])
  }

  /// The same where `n` is at most the width, and 0 where it is more.
  private static let rotateOrZero = ScalarFunction("rotate_or_zero", cost: 2) {
    operands, type, _ in
    type.select(
      type.rotated(operands[0], by: operands[1]), for: operands[1],
      below: type.element.bitWidth + 1)
  }

  /// The bits of `x << n` and `x >> (width - n)` together.
  static let rotation: Rewriting = { operands, type, graph in
    guard type.isInteger else { return nil }
    for (left, right) in [(operands[0], operands[1]), (operands[1], operands[0])] {
      guard case .apply(let shift, let shifted, _) = graph[left],
        case .apply(let back, let returned, _) = graph[right], shifted[0] == returned[0]
      else { continue }
      let (amount, rest) = (shifted[1], returned[1])
      let width = Int64(type.bitWidth)
      if shift == shiftLeftWithin, back == shiftRightWithin,
        let a = graph.knownInteger(amount), let b = graph.knownInteger(rest), a + b == width
      {
        return graph.apply(rotateWithin, shifted, type)
      }
      if shift == shiftLeft, back == shiftRightLogical,
        case .apply(let difference, let parts, _) = graph[rest], difference == subtract,
        graph.knownInteger(parts[0]) == width, parts[1] == amount
      {
        return graph.apply(rotateOrZero, shifted, type)
      }
    }
    return nil
  }
}

extension VectorType {
  /// A shift amount that C defines: its low bits.
  fileprivate func shift(_ amount: String) -> String {
    let mask = ScalarLiteral(integer: Int64(element.bitWidth - 1), as: element)
    return isVector
      ? "(\(asUnsigned(amount)) & (\(unsignedName))(\(mask.integer)))"
      : "((\(unsignedName))(\(amount)) & \(mask.integer))"
  }

  /// Whether a shift amount is a number of bits or more, or negative.
  fileprivate func isShift(_ amount: String, byAtLeast bits: Int) -> String {
    isVector
      ? mask("(\(asUnsigned(amount)) >= (\(unsignedName))(\(bits)))")
      : "((\(unsignedName))(\(amount)) >= \(bits))"
  }

  /// A value, and zero where a shift amount is a number of bits or more, or negative.
  fileprivate func select(_ value: String, for amount: String, below bits: Int) -> String {
    select(isShift(amount, byAtLeast: bits), literal(.zero(element)), value)
  }

  /// Bits of the unsigned type of the same size, rotated to the left.
  fileprivate func rotated(_ bits: String, by amount: String) -> String {
    fromUnsigned("rotate(\(asUnsigned(bits)), \(asUnsigned(amount)))")
  }
}
