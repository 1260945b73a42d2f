extension ScalarFunction {
  /// XLA's conversion: floats to integers truncate, saturate, and take NaN to 0.
  static let convert = ScalarFunction("convert_element_type") { operands, from, to in
    let x = operands[0]
    if from.element == to.element { return x }
    if to.element == .bool { return from.mask("(\(x) != \(from.literal(.zero(from.element))))") }
    if from.element == .bool {
      return from.isVector ? "convert_\(to.name)(\(x) & 1)" : "((\(to.name))(\(x)))"
    }
    guard from.element.isFloating, to.element.isInteger else { return "convert_\(to.name)(\(x))" }
    // OpenCL only recommends 0 for a NaN, and not every driver follows.
    let isNumber = from.mask("(\(x) == \(x))")
    let number = from.select(isNumber, x, from.literal(.zero(from.element)))
    return "convert_\(to.name)_sat_rtz(\(number))"
  }

  static let bitcast = ScalarFunction("bitcast_convert_type", narrowing: .bits) {
    operands, from, to in
    from.element == to.element ? operands[0] : "as_\(to.name)(\(operands[0]))"
  }
}

/// Each element in another type: `convert_element_type` by value, `bitcast_convert_type` by bits.
struct Convert: Operation {
  let target: ElementType
  let keepsBits: Bool

  var name: String { keepsBits ? "bitcast_convert_type" : "convert_element_type" }

  func checkRagged(_ operands: [TensorType]) throws(VMapError) {
    if keepsBits { try refuseRagged(operands) }
  }
  var attributes: [Attribute] { [Attribute("new_dtype", .type(target))] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Convert(target: try attributes.type("new_dtype"), keepsBits: name == "bitcast_convert_type")
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let type = operands[0]
    let fits =
      type.element.byteCount == target.byteCount
      && (type.element == .bool) == (target == .bool)
      && type.element.isComplex == target.isComplex
    if keepsBits, !fits {
      throw VMapError(
        .typeMismatch, "\(name): \(type.element.rawValue) and \(target.rawValue) differ in size")
    }
    return [TensorType(element: target, shape: type.shape)]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let element = operands[0][index]
    if operands[0].type.element == target { return [element] }
    return [loops.apply(keepsBits ? .bitcast : .convert, [element], target)]
  }

  func layout(
    _ operands: [ElementLayout], of types: [ValueType], as type: ValueType
  ) -> ElementLayout? {
    operands[0].view(as: type) { $0 }
  }
}

extension Convert: Differentiable {
  func tangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    // Bits have no derivative.
    [keepsBits ? nil : changes[0]?.converted(to: target)]
  }

  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard !keepsBits, let change = changes[0] else { return [nil] }
    let element = site.operands[0].element
    let own = change.element.isComplex && !element.isComplex ? change.real : change
    return [own.converted(to: element)]
  }
}
