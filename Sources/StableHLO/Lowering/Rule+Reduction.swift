import VMap

extension Rule {
  static let reduction: [String: Body] = [
    "stablehlo.reduce": { application in [try reduce(application)] }
  ]

  /// The reductions of the IR by the operation that combines two elements, and what leaves the other
  /// element as it is.
  private static let kinds:
    [String: (name: String, identity: @Sendable (ElementType) -> ScalarLiteral)] = [
      "stablehlo.add": ("reduce_sum", ScalarLiteral.zero),
      "stablehlo.multiply": ("reduce_prod", ScalarLiteral.one),
      "stablehlo.maximum": ("reduce_max", ScalarLiteral.lowest),
      "stablehlo.minimum": ("reduce_min", ScalarLiteral.highest),
      "stablehlo.and": (
        "reduce_and", { $0 == .bool ? .one($0) : ScalarLiteral(integer: -1, as: $0) }
      ),
      "stablehlo.or": ("reduce_or", ScalarLiteral.zero),
    ]

  private static func reduce(_ application: Application) throws -> AnyTensor {
    let operation = application.operation
    guard operation.regions.count == 1, application.operands.count % 2 == 0 else {
      throw LoweringError.invalid("takes tensors, as many initial values, and a reducer")
    }
    guard application.operands.count == 2, let function = operation.regions[0].binaryOperation,
      let kind = kinds[function]
    else {
      throw LoweringError.unsupported("\(application.name) with a reducer of several operations")
    }
    let operands = try application.alike(application.operands)
    guard operands[1].type.shape.isEmpty else {
      throw LoweringError.invalid("the initial value should be a scalar, it is \(operands[1].type)")
    }
    let element = operands[0].elementType
    let dimensions = try operation.integers("dimensions")
    var reduced = operands[0]
    if !dimensions.isEmpty {
      // On truth values + is or, and · is and.
      let names = ["reduce_sum": "reduce_or", "reduce_prod": "reduce_and"]
      let name = element == .bool ? names[kind.name] ?? kind.name : kind.name
      reduced = try .applying(
        name, [Attribute("axes", .integers(dimensions))], to: [reduced])
      if application.constants[1] == kind.identity(element) { return reduced }
    }
    guard let rule = Rule.of(function) else { throw LoweringError.unsupported(function) }
    let initial = try operands[1].broadcast(to: reduced.type.shape, dimensions: [])
    return try rule.body(
      Application(
        operation: Operation(name: function), operands: [initial, reduced], results: [reduced.type])
    )[0]
  }
}

extension Region {
  /// The operation that a region applies to its two parameters, where it does nothing else.
  var binaryOperation: String? {
    guard operations.count == 2, operations[1].isReturn, parameters.count == 2,
      operations[0].results.count == 1, operations[1].operands == operations[0].results,
      operations[0].operands.sorted() == parameters.sorted(), operations[0].regions.isEmpty
    else { return nil }
    return operations[0].name
  }
}
