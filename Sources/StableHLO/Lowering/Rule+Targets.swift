import VMap

/// Custom calls of other meanings, and those that JAX exports for TPUs.
extension Rule {
  static let targets: [String: Body] = {
    var rules: [String: Body] = [:]
    for (target, body) in calls { rules["stablehlo.custom_call @\(target)"] = body }
    // Operations of CHLO as older exports have them.
    for name in ["acos", "acosh", "asin", "asinh", "atan", "atanh", "cosh", "erf", "sinh", "tan"] {
      rules["stablehlo.custom_call @mhlo.\(name)"] = { call in
        guard let rule = Rule.of("chlo.\(name)") ?? Rule.of("stablehlo.\(name)") else {
          throw LoweringError.unsupported(call.operation.fullName)
        }
        return try rule.body(call)
      }
    }
    return rules
  }()

  private static let calls: [String: Body] = [
    // Where a tensor lies.
    "Sharding": { call in try call.operands(1) },
    "annotate_device_placement": { call in try call.operands(1) },
    // The pivots, the order of the rows: counted from 0.
    "LuDecomposition": { call in
      let a = try call.operands(1)[0]
      try call.checkMatrix(a, where: { $0.isInexact })
      return Array(try a.packedLU()[..<3])
    },
    "cu_lu_pivots_to_permutation": { call in try rowOrder(call) },
    "hip_lu_pivots_to_permutation": { call in try rowOrder(call) },
    "Qr": { call in
      let a = try call.operands(1)[0]
      try call.checkMatrix(a, where: { $0.isInexact })
      return try a.packedQR()
    },
    "ProductOfElementaryHouseholderReflectors": { call in
      let operands = try call.alike(call.operands(2))
      try call.checkMatrix(operands[0], where: { $0.isInexact })
      return [try operands[0].householderProduct(operands[1])]
    },
    "Eigh": { call in
      let a = try call.operands(1)[0]
      if a.elementType.isComplex {
        throw LoweringError.unsupported("\(call.operation.fullName) on complex numbers")
      }
      try call.checkMatrix(a, where: { $0.isFloating })
      let isLower = try call.operation.symbol("backend_config").hasPrefix("1")
      let values = try (isLower ? a : a.withMatricesTransposed()).valuesAndVectors()
      return [values.vectors, values.values]
    },
    // The greatest numbers themselves are a good approximation.
    "ApproxTopK": { call in
      let operands = try call.operands(4)
      let options = call.operation.callOptions
      guard case .integer(let count)? = options["top_k"],
        case .integer(let dimension)? = options["reduction_dim"],
        call.regions.count == 1, operands[0].type.shape.indices.contains(dimension),
        (0...operands[0].type.shape[dimension]).contains(count)
      else { throw LoweringError.invalid("takes top_k and reduction_dim that fit, and an order") }
      let sorted = try AnyTensor.sorted(
        Array(operands[..<2]), along: dimension, isBefore: call.regions[0])
      return try sorted.map { try $0.first(count, along: dimension) }
    },
    "mhlo.topk": { call in
      let operand = try call.operands(1)[0]
      guard case .dictionary(let options)? = call.operation.attributes["mhlo.attributes"],
        case .integer(let count)? = options["k"]
      else { throw LoweringError.invalid("takes mhlo.attributes with k") }
      if case .bool(false)? = options["largest"] {
        throw LoweringError.unsupported("\(call.operation.fullName) of the smallest numbers")
      }
      return try operand.topK(count)
    },
  ]

  /// The order of rows after they have been exchanged one after another.
  private static func rowOrder(_ call: Application) throws -> [AnyTensor] {
    let pivots = try call.operands(1)[0]
    let type = try call.result()
    guard pivots.elementType == .int32, let count = pivots.type.shape.last,
      let size = type.shape.last, count <= size,
      pivots.type.shape.dropLast() == type.shape.dropLast()
    else { throw LoweringError.invalid("takes rows of type i32, got \(call.operandText)") }
    return [try pivots.rowOrder(of: size)]
  }
}

extension Application {
  fileprivate func checkMatrix(
    _ operand: AnyTensor, where isElement: (ElementType) -> Bool
  ) throws(LoweringError) {
    guard operand.type.shape.count >= 2, isElement(operand.elementType) else {
      throw .invalid("\(operation.fullName) takes matrices of numbers, got \(operandText)")
    }
  }
}
