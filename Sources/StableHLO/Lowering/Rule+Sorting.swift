import VMap

extension Rule {
  static let sorting: [String: Body] = [
    "chlo.top_k": { application in
      let operand = try application.operands(1)
      return try AnyTensor.applying(
        "top_k", [Attribute("k", .integer(try application.operation.integer("k")))], to: operand,
        regions: [])
    },
    "stablehlo.sort": { application in
      guard let first = application.operands.first, application.regions.count == 1 else {
        throw LoweringError.invalid("takes tensors and a comparator")
      }
      let rank = first.type.shape.count
      let given =
        application.operation.attributes["dimension"] == nil
        ? -1 : try application.operation.integer("dimension")
      return try AnyTensor.applying(
        "sort", [Attribute("dimension", .integer(given < 0 ? given + rank : given))],
        to: application.operands, regions: application.regions)
    },
  ]
}
