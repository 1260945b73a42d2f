import VMap

extension Module {
  /// The function that an operation calls, or that a composite operation stands for.
  func callee(of operation: Operation) throws -> Function? {
    let attributes = ["func.call": "callee", "stablehlo.composite": "decomposition"]
    guard let attribute = attributes[operation.name] else { return nil }
    let name = try operation.symbol(attribute)
    guard let function = functions[name] else {
      throw LoweringError.invalid("there is no function @\(name)")
    }
    return function
  }

  /// The functions that a custom call is given, as others have regions.
  func calledFunctions(of operation: Operation) throws -> [Function] {
    guard operation.name == "stablehlo.custom_call",
      case .array(let items)? = operation.attributes["called_computations"]
    else { return [] }
    return try items.map { item in
      guard case .symbol(let name) = item, let function = functions[name] else {
        throw LoweringError.invalid("called_computations should be functions of the module")
      }
      return function
    }
  }
}

extension Operation {
  /// The elements of a constant, whose type is that of the result.
  func constantValue(_ function: Function) throws(LoweringError) -> DenseSyntax {
    guard case .dense(let value) = try attribute("value") else {
      throw .invalid("the attribute value should be dense<…>")
    }
    guard results.count == 1, function.types[results[0]] == .tensor(value.type) else {
      throw .invalid("the result has another type than the constant")
    }
    return value
  }

  /// What an operation is called in errors and in the table of rules: a custom call with its target.
  var fullName: String {
    guard name == "stablehlo.custom_call", let target = try? symbol("call_target_name") else {
      return name
    }
    return "\(name) @\(target)"
  }
}

extension DenseSyntax {
  /// The value of a constant that is one everywhere; nil where it has several elements.
  func literal(_ element: ElementType) -> ScalarLiteral? {
    guard isSplat || type.shape.isEmpty else { return nil }
    func bits(_ bytes: ArraySlice<UInt8>) -> UInt64 {
      bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    guard element.isComplex else { return ScalarLiteral(type: element, bits: bits(bytes[...])) }
    let half = bytes.count / 2
    return ScalarLiteral(
      type: element, bits: bits(bytes[..<half]), imaginaryBits: bits(bytes[half...]))
  }
}

extension ElementType {
  /// The name in a module.
  var stableHLOName: String {
    switch self {
    case .bool: "i1"
    case .complex64: "complex<f32>"
    case .complex128: "complex<f64>"
    case _ where isUnsignedInteger: "ui\(byteCount * 8)"
    default: rawValue
    }
  }
}
