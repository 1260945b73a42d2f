import VMap

extension Rule {
  /// An operation that carries StableHLO's name, on operands of one shape.
  static func elementwise(_ name: String) -> Rule {
    Rule { application in
      let operands = try application.alike(application.operands)
      guard let first = operands.first, operands.allSatisfy({ $0.type == first.type }) else {
        throw LoweringError.invalid("takes operands of one shape, got \(application.operandText)")
      }
      // On truth values + is or, and · is and.
      let isBool = first.elementType == .bool
      let name = isBool ? ["add": "or", "mul": "and"][name] ?? name : name
      return [try .applying(name, to: operands)]
    }
  }

  static let elements: [String: Body] = [
    "chlo.polygamma": { application in
      let operands = try application.operands(2)
      return [try .special(.polygamma, operands[0], operands[1])]
    },
    "chlo.zeta": { application in
      let operands = try application.operands(2)
      return [try .special(.zeta, operands[0], operands[1])]
    },
    "stablehlo.clamp": { application in
      let operands = try application.alike(application.operands(3))
      let shape = operands[1].type.shape
      guard operands.allSatisfy({ $0.type.shape.isEmpty || $0.type.shape == shape }) else {
        throw LoweringError.invalid(
          "takes bounds that are scalars or of the operand's shape, got \(application.operandText)")
      }
      return [try .applying("clamp", to: operands)]
    },
    "stablehlo.compare": { application in [try compare(application)] },
    "stablehlo.convert": { application in
      [try application.operands(1)[0].converted(to: application.result().element)]
    },
    "stablehlo.imag": { application in
      let operand = try application.operands(1)[0]
      if operand.elementType.isComplex { return [try .applying("imag", to: [operand])] }
      return [try .filled(operand.type, with: .zero(operand.elementType))]
    },
    "stablehlo.real": { application in
      let operand = try application.operands(1)[0]
      return [operand.elementType.isComplex ? try .applying("real", to: [operand]) : operand]
    },
    "stablehlo.reduce_precision": { application in
      let (exponent, mantissa) = try application.operation.precision()
      return [
        try .applying(
          "reduce_precision",
          [
            Attribute("exponent_bits", .integer(exponent)),
            Attribute("mantissa_bits", .integer(mantissa)),
          ], to: application.operands(1))
      ]
    },
    "stablehlo.select": { application in
      let operands = try application.operands(3)
      guard operands[0].elementType == .bool, operands[1].type == operands[2].type,
        operands[0].type.shape.isEmpty || operands[0].type.shape == operands[1].type.shape
      else {
        throw LoweringError.invalid(
          "takes a truth value and two tensors of one type, got \(application.operandText)")
      }
      return [try .applying("select", to: operands)]
    },
  ]

  private static let comparisons = [
    "EQ": "eq", "NE": "ne", "LT": "lt", "LE": "le", "GT": "gt", "GE": "ge",
  ]

  private static func compare(_ application: Application) throws -> AnyTensor {
    var operands = try application.alike(application.operands(2))
    guard operands[0].type == operands[1].type else {
      throw LoweringError.invalid("takes operands of one shape")
    }
    let direction = try application.operation.word("comparison_direction")
    guard let name = comparisons[direction] else {
      throw LoweringError.invalid("there is no comparison \(direction)")
    }
    let element = operands[0].elementType
    if case .word("TOTALORDER")? = application.operation.attributes["compare_type"],
      element.isFloating
    {
      operands = try operands.map { try $0.totalOrderKey() }
    }
    return try .applying(name, to: operands)
  }
}

extension Operation {
  /// The bits of exponent and mantissa, which the pretty form writes as `format = e5m10`.
  fileprivate func precision() throws -> (exponent: Int, mantissa: Int) {
    guard let format = attributes["format"] else {
      return (try integer("exponent_bits"), try integer("mantissa_bits"))
    }
    if case .word(let word) = format, word.hasPrefix("e") {
      let parts = word.dropFirst().split(separator: "m", omittingEmptySubsequences: false)
      if parts.count == 2, let exponent = Int(parts[0]), let mantissa = Int(parts[1]) {
        return (exponent, mantissa)
      }
    }
    throw LoweringError.invalid("the format should be like e5m10")
  }
}

extension AnyTensor {
  /// The elements in another type.
  func converted(to element: ElementType) throws -> AnyTensor {
    guard element != elementType else { return self }
    return try .applying(
      "convert_element_type", [Attribute("new_dtype", .type(element))], to: [self])
  }

  /// One scalar in every place of a shape.
  static func filled(_ type: TensorType, with value: ScalarLiteral) throws -> AnyTensor {
    try AnyTensor.constant(value).broadcast(to: type.shape, dimensions: [])
  }

  /// Repeated along dimensions that are new or have size 1.
  func broadcast(to shape: [Int], dimensions: [Int]) throws -> AnyTensor {
    guard shape != type.shape else { return self }
    return try .applying(
      "broadcast_in_dim",
      [
        Attribute("shape", .integers(shape)),
        Attribute("broadcast_dimensions", .integers(dimensions)),
      ], to: [self])
  }
}
