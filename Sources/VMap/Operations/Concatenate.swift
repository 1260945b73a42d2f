/// Operands one after another along a dimension.
struct Concatenate: Operation {
  let dimension: Int

  var name: String { "concatenate" }

  func checkRagged(_ operands: [TensorType]) throws(VMapError) {
    for operand in operands { try refuseRagged([operand], in: [dimension]) }
  }
  var attributes: [Attribute] { [Attribute("dimension", .integer(dimension), .dimensions)] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Concatenate(dimension: try attributes.integer("dimension"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    guard var result = operands.first else {
      throw VMapError(.invalidArgument, "concatenate: there is nothing to concatenate")
    }
    guard result.shape.indices.contains(dimension) else {
      throw VMapError(
        .invalidArgument,
        "concatenate: axis \(dimension) is not one of shape \(result.shape.shapeText)")
    }
    for operand in operands.dropFirst() {
      var shape = operand.shape
      guard operand.element == result.element else {
        throw VMapError(
          .typeMismatch,
          "concatenate: element types \(result.element.rawValue) and \(operand.element.rawValue)")
      }
      if shape.count == result.shape.count { shape[dimension] = result.shape[dimension] }
      guard shape == result.shape else {
        throw VMapError(
          .shapeMismatch,
          "concatenate: shapes \(operands.map(\.shape.shapeText).joined(separator: ", ")) "
            + "differ outside axis \(dimension)")
      }
      let (size, overflow) = result.shape[dimension].addingReportingOverflow(
        operand.shape[dimension])
      if overflow {
        throw VMapError(
          .sizeOverflow, "concatenate: axis \(dimension) has more indices than an Int can count")
      }
      result.shape[dimension] = size
    }
    result.shape = try result.shape.counted(for: name)
    return [result]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let graph = loops.graph
    var start = 0
    var result: Expression?
    for operand in operands {
      let extent = operand.type.shape[dimension]
      guard let size = extent.constant, size > 0 else { continue }
      var source = index
      source[dimension] = graph.clamp(
        graph.subtract(index[dimension], graph.index(start)), below: extent)
      let element = operand[source]
      // From the left, each operand overrides from its start on.
      result =
        result.map {
          loops.apply(
            .select, [loops.less(index[dimension], graph.index(start)), $0, element],
            operand.type.element)
        } ?? element
      start += size
    }
    return [result ?? loops.literal(.zero(operands[0].type.element))]
  }
}

extension Concatenate: LinearOperation {
  var choosesElements: Bool { true }

  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return site.operands.map { _ in nil } }
    var start = 0
    return site.operands.map { operand in
      let end = start + operand.sizes[dimension]
      defer { start = end }
      return Term([change], as: change.element) {
        try change.handle.sliced(start, end, along: dimension)
      }
    }
  }
}
