import VMap

extension Rule {
  /// Operations that move elements, or make them of nothing.
  static let structure: [String: Body] = [
    "stablehlo.broadcast_in_dim": { application in
      let dimensions = try application.operation.integers("broadcast_dimensions")
      return [
        try .applying(
          "broadcast_in_dim",
          [
            Attribute("shape", .integers(try application.result().shape)),
            Attribute("broadcast_dimensions", .integers(dimensions)),
          ], to: application.operands(1))
      ]
    },
    "stablehlo.concatenate": { application in
      let dimension = try application.operation.integer("dimension")
      guard !application.operands.isEmpty else { throw LoweringError.invalid("takes operands") }
      return [
        try .applying(
          "concatenate", [Attribute("dimension", .integer(dimension))],
          to: application.alike(application.operands))
      ]
    },
    "stablehlo.get_dimension_size": { application in
      let dimension = try application.operation.integer("dimension")
      let shape = try application.operands(1)[0].type.shape
      guard shape.indices.contains(dimension) else {
        throw LoweringError.invalid("there is no dimension \(dimension)")
      }
      return [try .constant(ScalarLiteral(integer: Int64(shape[dimension]), as: .int32))]
    },
    "stablehlo.iota": { application in
      let type = try application.result()
      let dimension = try application.operation.integer("iota_dimension")
      guard type.element != .bool else {
        throw LoweringError.invalid("counts in numbers, not in truth values")
      }
      return [
        try .applying(
          "iota",
          [
            Attribute("dtype", .type(type.element)), Attribute("shape", .integers(type.shape)),
            Attribute("dimension", .integer(dimension)),
          ], to: [])
      ]
    },
    "sdy.sharding_constraint": { application in application.operands },
    "stablehlo.optimization_barrier": { application in application.operands },
    "stablehlo.pad": { application in
      let operation = application.operation
      return [
        try .applying(
          "pad",
          [
            Attribute("low", .integers(try operation.integers("edge_padding_low"))),
            Attribute("high", .integers(try operation.integers("edge_padding_high"))),
            Attribute("interior", .integers(try operation.integers("interior_padding"))),
          ], to: application.alike(application.operands(2)))
      ]
    },
    "stablehlo.reshape": { application in
      [
        try .applying(
          "reshape", [Attribute("new_sizes", .integers(try application.result().shape))],
          to: application.operands(1))
      ]
    },
    "stablehlo.reverse": { application in
      let dimensions = try application.operation.integers("dimensions")
      return [
        try .applying(
          "rev", [Attribute("dimensions", .integers(dimensions))], to: application.operands(1))
      ]
    },
    "stablehlo.slice": { application in
      let names = ["start_indices", "limit_indices", "strides"]
      var attributes: [Attribute] = []
      for name in names {
        attributes.append(Attribute(name, .integers(try application.operation.integers(name))))
      }
      return [try .applying("slice", attributes, to: application.operands(1))]
    },
    "stablehlo.transpose": { application in
      let permutation = try application.operation.integers("permutation")
      return [
        try .applying(
          "transpose", [Attribute("permutation", .integers(permutation))],
          to: application.operands(1))
      ]
    },
  ]
}
