import VMap

extension Rule {
  static let sorting: [String: Body] = [
    "chlo.top_k": { application in
      let operand = try application.operands(1)
      return try operand[0].topK(application.operation.integer("k"))
    },
    "stablehlo.sort": { application in
      guard let first = application.operands.first, application.regions.count == 1 else {
        throw LoweringError.invalid("takes tensors and a comparator")
      }
      let rank = first.type.shape.count
      let given =
        application.operation.attributes["dimension"] == nil
        ? -1 : try application.operation.integer("dimension")
      return try AnyTensor.sorted(
        application.operands, along: given < 0 ? given + rank : given,
        isBefore: application.regions[0])
    },
    "stablehlo.map": { application in
      guard application.regions.count == 1 else {
        throw LoweringError.invalid("takes a function of elements")
      }
      return try AnyTensor.applying(
        "map", to: application.operands, regions: application.regions)
    },
  ]
}
