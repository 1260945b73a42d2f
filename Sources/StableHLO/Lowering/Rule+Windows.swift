import VMap

extension Rule {
  /// Windows of tensors that begin at indices.
  static let windows: [String: Body] = [
    "stablehlo.gather": { application in
      let dimensions = try application.dimensions("dimension_numbers")
      let sizes = try application.operation.integers("slice_sizes")
      return [
        try .applying(
          "gather",
          [
            try dimensions.list("offset_dims"), try dimensions.list("collapsed_slice_dims"),
            try dimensions.list("operand_batching_dims"),
            try dimensions.list("start_indices_batching_dims"),
            try dimensions.list("start_index_map"), try dimensions.number("index_vector_dim"),
            Attribute("slice_sizes", .integers(sizes)),
          ], to: application.operands(2))
      ]
    },
    "stablehlo.scatter": { application in
      let dimensions = try application.dimensions("scatter_dimension_numbers")
      guard application.regions.count == 1 else {
        throw LoweringError.invalid("takes a function of elements")
      }
      return try AnyTensor.applying(
        "scatter",
        [
          try dimensions.list("update_window_dims"), try dimensions.list("inserted_window_dims"),
          try dimensions.list("input_batching_dims", as: "operand_batching_dims"),
          try dimensions.list("scatter_indices_batching_dims"),
          try dimensions.list("scatter_dims_to_operand_dims"),
          try dimensions.number("index_vector_dim"),
        ], to: application.operands, regions: application.regions)
    },
  ]
}

/// The dimension numbers of a gather or a scatter, where what is missing is empty or 0.
private struct DimensionNumbers {
  let entries: [String: AttributeSyntax]

  func list(_ name: String, as own: String? = nil) throws(LoweringError) -> Attribute {
    guard let entry = entries[name] else { return Attribute(own ?? name, .integers([])) }
    guard let integers = entry.integers else {
      throw .invalid("\(name) should be a list of integers")
    }
    return Attribute(own ?? name, .integers(integers))
  }

  func number(_ name: String) throws(LoweringError) -> Attribute {
    guard let entry = entries[name] else { return Attribute(name, .integer(0)) }
    guard case .integer(let value) = entry else { throw .invalid("\(name) should be an integer") }
    return Attribute(name, .integer(value))
  }
}

extension Application {
  fileprivate func dimensions(_ name: String) throws(LoweringError) -> DimensionNumbers {
    guard case .dictionary(let entries) = try operation.attribute(name) else {
      throw .invalid("the attribute \(name) should hold dimension numbers")
    }
    return DimensionNumbers(entries: entries)
  }
}
