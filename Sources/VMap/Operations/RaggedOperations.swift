/// The rows of all examples become a dimension that is as long as each example says: where `vmap` takes a
/// ragged argument apart.
///
/// A view: it moves nothing.
struct BindRagged: Operation {
  /// The axis that the rows of all examples go along.
  let axis: Int

  var name: String { "bind_ragged" }
  var readsExtents: Bool { false }
  var attributes: [Attribute] { [Attribute("axis", .integer(axis))] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    BindRagged(axis: try attributes.integer("axis"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    throw VMapError(.internalInconsistency, "bind_ragged has no per-example shape rule")
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    var type = operands[0]
    guard axes.indices.contains(axis), axes[axis].rows != nil,
      type.shape.first == axes[axis].extent
    else { throw VMapError(.invalidArgument, "bind_ragged: dimension 0 is not that of the rows") }
    type.shape[0] = .ragged(axis: axis, total: axes[axis].extent)
    return [type.withAxesOfLengths(axes)]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    var index = index
    index[0] = loops.row(index[0], along: axis)
    return [operands[0][index]]
  }
}

/// A dimension that is as long as each example says becomes the rows of all examples: where `vmap` puts a
/// ragged result together.
///
/// A view: it moves nothing.
struct UnbindRagged: Operation {
  /// The axis that the rows of all examples go along.
  let axis: Int

  var name: String { "unbind_ragged" }
  var readsExtents: Bool { false }
  var attributes: [Attribute] { [Attribute("axis", .integer(axis))] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    UnbindRagged(axis: try attributes.integer("axis"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    throw VMapError(.internalInconsistency, "unbind_ragged has no per-example shape rule")
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    var type = operands[0]
    guard axes.indices.contains(axis), let rows = axes[axis].rows, type.raggedAxes == [axis],
      type.shape[0].raggedAxis == axis
    else { throw VMapError(.invalidArgument, "unbind_ragged: dimension 0 is not ragged alone") }
    type.shape[0] = axes[axis].extent
    type.axes = type.axes.removing(rows.axis)
    return [type]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    guard let rows = loops.mapAxes[axis].rows else { return [operands[0][index]] }
    let place = loops.ragged.place(index[0], rows)
    var index = index
    index[0] = place.position
    return [operands[0](at: index, binding: [rows.axis: place.example])]
  }
}

/// The size of a dimension as a number of the program: what it is of the example, where each has its own.
struct DimensionSize: Operation {
  let dimension: Int

  var name: String { "get_dimension_size" }
  var attributes: [Attribute] { [Attribute("dimension", .integer(dimension), .dimensions)] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    DimensionSize(dimension: try attributes.integer("dimension"))
  }

  func checkRagged(_ operands: [TensorType]) {}

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    guard operands[0].shape.indices.contains(dimension) else {
      throw VMapError(
        .invalidArgument, "\(name): dimension \(dimension) is not one of \(operands[0])")
    }
    return [TensorType(element: .int32, shape: [])]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let extent = operands[0].type.shape[dimension]
    return [loops.length(extent) ?? loops.element(loops.graph.index(extent), .int32)]
  }
}
