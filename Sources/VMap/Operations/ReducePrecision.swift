/// Each number rounded to a format of fewer bits, in the type that it has.
///
/// Of two equally near numbers it is the even one. What is too great for the exponent is infinite, and
/// what would be subnormal is 0, as in XLA.
struct ReducePrecision: Operation {
  let exponentBits: Int
  let mantissaBits: Int

  var name: String { "reduce_precision" }

  func checkRagged(_ operands: [TensorType]) {}
  var attributes: [Attribute] {
    [
      Attribute("exponent_bits", .integer(exponentBits)),
      Attribute("mantissa_bits", .integer(mantissaBits)),
    ]
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    ReducePrecision(
      exponentBits: try attributes.integer("exponent_bits"),
      mantissaBits: try attributes.integer("mantissa_bits"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let type = operands[0]
    guard type.element.isFloating else {
      throw VMapError(
        .typeMismatch, "\(name): takes floating-point numbers, got \(type.element.rawValue)")
    }
    guard exponentBits >= 1, mantissaBits >= 0 else {
      throw VMapError(
        .invalidArgument,
        "\(name): takes at least 1 bit of exponent and 0 of mantissa, got \(exponentBits) and "
          + "\(mantissaBits)")
    }
    return [type]
  }

  func layout(
    _ operands: [ElementLayout], of types: [ValueType], as type: ValueType
  ) -> ElementLayout? {
    operands[0]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let number = operands[0][index]
    let type = operands[0].type.element
    let form = type.form
    let bits = BitArithmetic(loops, type.unsigned)
    var x = loops.apply(.bitcast, [number], bits.type)
    if mantissaBits < form.mantissa {
      // Half of what is cut off is added, less one where the bit before it is even; a carry goes on
      // into the exponent, as it should.
      let cut = form.mantissa - mantissaBits
      let odd = bits.and(bits.shiftRight(x, cut), 1)
      let rest = bits.add(bits.add(x, bits.constant((1 << UInt64(cut - 1)) - 1)), odd)
      x = bits.and(rest, ~((1 << UInt64(cut)) - 1))
    }
    if exponentBits < form.exponent {
      let (bias, least) = (1 << (form.exponent - 1) - 1, 1 << (exponentBits - 1) - 1)
      let exponents = (UInt64(1) << UInt64(form.exponent) - 1) << UInt64(form.mantissa)
      let exponent = bits.and(x, exponents)
      let sign = bits.and(x, 1 << UInt64(form.mantissa + form.exponent))
      func limit(_ value: Int) -> Expression {
        bits.constant(UInt64(value) << UInt64(form.mantissa))
      }
      let infinite = bits.or(sign, bits.constant(exponents))
      x = bits.select(loops.apply(.greater, [exponent, limit(bias + least)], .bool), infinite, x)
      x = bits.select(
        loops.apply(.lessOrEqual, [exponent, limit(bias - least)], .bool), sign, x)
    }
    let isNumber = loops.apply(.equal, [number, number], .bool)
    let rounded = loops.apply(.bitcast, [x], type)
    return [loops.apply(.select, [isNumber, rounded, number], type)]
  }
}

/// Arithmetic of bits in the terms of loops.
private struct BitArithmetic {
  let loops: LoopBuilder
  let type: ElementType

  init(_ loops: LoopBuilder, _ type: ElementType) {
    self.loops = loops
    self.type = type
  }

  func constant(_ value: UInt64) -> Expression {
    loops.literal(ScalarLiteral(integer: Int64(bitPattern: value), as: type))
  }

  func and(_ a: Expression, _ mask: UInt64) -> Expression {
    loops.apply(.and, [a, constant(mask)], type)
  }
  func or(_ a: Expression, _ b: Expression) -> Expression { loops.apply(.or, [a, b], type) }
  func add(_ a: Expression, _ b: Expression) -> Expression { loops.apply(.add, [a, b], type) }
  func shiftRight(_ a: Expression, _ count: Int) -> Expression {
    loops.apply(.shiftRightLogical, [a, constant(UInt64(count))], type)
  }
  func select(_ test: Expression, _ a: Expression, _ b: Expression) -> Expression {
    loops.apply(.select, [test, a, b], type)
  }
}

extension ElementType {
  /// How many bits of a floating-point number are exponent and fraction.
  fileprivate var form: (exponent: Int, mantissa: Int) {
    switch self {
    case .float16: (5, 10)
    case .bfloat16: (8, 7)
    case .float32: (8, 23)
    default: (11, 52)
    }
  }
}

extension ReducePrecision: LinearOperation {
  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil] }
    return [try site.apply(self, change)]
  }
}
