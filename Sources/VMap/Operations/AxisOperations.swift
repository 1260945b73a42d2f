/// A dimension becomes a map axis: where `vmap` takes an argument apart.
///
/// A view: it moves nothing.
struct BindAxis: Operation {
  let axis: Int
  let dimension: Int

  var name: String { "bind_axis" }
  var readsExtents: Bool { false }
  var attributes: [Attribute] {
    [Attribute("axis", .integer(axis)), Attribute("dimension", .integer(dimension))]
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    BindAxis(axis: try attributes.integer("axis"), dimension: try attributes.integer("dimension"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    throw VMapError(.internalInconsistency, "bind_axis has no per-example shape rule")
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    var type = operands[0]
    guard type.shape.indices.contains(dimension), axes.indices.contains(axis),
      axes[axis].accepts(type.shape[dimension]), !type.axes.contains(axis)
    else {
      throw VMapError(.invalidArgument, "bind_axis: dimension \(dimension) is not that of the axis")
    }
    type.shape.remove(at: dimension)
    type.axes = type.axes.inserting(axis)
    return [type]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let window = loops.mapAxes[axis].window(in: operands[0].type.shape[dimension])
    let position = loops.position(along: axis, in: window)
    return [operands[0][index.inserting([position], at: [dimension])]]
  }

  func layout(
    _ operands: [ElementLayout], of types: [ValueType], as type: ValueType
  ) -> ElementLayout? {
    operands[0].view(as: type) { loop in
      guard case .dimension(let place) = loop else { return loop }
      return place == dimension ? .axis(axis) : .dimension(place < dimension ? place : place - 1)
    }
  }
}

/// A map axis becomes a dimension: where `vmap` puts a result together.
///
/// A view: it moves nothing, and what does not vary is repeated.
struct UnbindAxis: Operation {
  let axis: Int
  let dimension: Int

  var name: String { "unbind_axis" }
  var readsExtents: Bool { false }
  var attributes: [Attribute] {
    [Attribute("axis", .integer(axis)), Attribute("dimension", .integer(dimension))]
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    UnbindAxis(axis: try attributes.integer("axis"), dimension: try attributes.integer("dimension"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    throw VMapError(.internalInconsistency, "unbind_axis has no per-example shape rule")
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    var type = operands[0]
    guard (0...type.shape.count).contains(dimension), axes.indices.contains(axis) else {
      throw VMapError(.invalidArgument, "unbind_axis: no dimension \(dimension)")
    }
    try type.refuseRagged(of: axis, axes, for: name)
    type.shape.insert(axes[axis].extent, at: dimension)
    type.axes = type.axes.removing(axis)
    return [type]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    var inner = index
    let position = inner.remove(at: dimension)
    return [operands[0](at: inner, binding: [axis: position])]
  }

  func layout(
    _ operands: [ElementLayout], of types: [ValueType], as type: ValueType
  ) -> ElementLayout? {
    operands[0].view(as: type) { loop in
      switch loop {
      case .axis(axis): .dimension(dimension)
      case .dimension(let place): .dimension(place < dimension ? place : place + 1)
      case .axis: loop
      }
    }
  }
}

/// The index of the example along a map axis.
struct AxisIndex: Operation {
  let axis: Int

  var name: String { "axis_index" }
  var attributes: [Attribute] { [Attribute("axis", .integer(axis))] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    AxisIndex(axis: try attributes.integer("axis"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    [TensorType(element: .int32, shape: [])]
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    guard axes.indices.contains(axis) else {
      throw VMapError(.invalidArgument, "axis_index: there is no axis \(axis)")
    }
    return [ValueType(.int32, [], axes: AxisSet([axis]))]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    [loops.element(loops.position(along: axis, in: loops.mapAxes[axis].windows.first), .int32)]
  }
}

/// The examples along a map axis combined; in a sum and in a product, a value that does not vary counts
/// once for each.
struct AxisReduce: Operation {
  let kind: Reduce.Kind
  let axis: Int

  static let names: [Reduce.Kind: String] = [
    .sum: "psum", .product: "pprod", .maximum: "pmax", .minimum: "pmin", .and: "pand", .or: "por",
  ]

  var name: String { AxisReduce.names[kind] ?? kind.rawValue }
  var attributes: [Attribute] { [Attribute("axis", .integer(axis))] }
  var crossedAxis: Int? { axis }
  var addsUp: Bool { kind.addsUp }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    guard let kind = names.first(where: { $0.value == name })?.key else {
      throw VMapError(.parse, "there is no collective \(name)")
    }
    return AxisReduce(kind: kind, axis: try attributes.integer("axis"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    guard kind.accepts(operands[0].element), AxisReduce.names[kind] != nil else {
      throw VMapError(.typeMismatch, "\(name): does not take \(operands[0].element.rawValue)")
    }
    return operands
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    guard axes.indices.contains(axis) else {
      throw VMapError(.invalidArgument, "\(name): there is no axis \(axis)")
    }
    _ = try resultTypes([try operands[0].tensorType(for: name)])
    var type = operands[0]
    try type.refuseRagged(of: axis, axes, for: name)
    type.axes = type.axes.removing(axis)
    return [type]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let operand = operands[0]
    let type = operand.type.element
    let varies = operand.type.axes.contains(axis)
    let extent = varies ? loops.mapAxes[axis].extent : loops.mapAxes[axis].whole
    if !varies {
      if kind == .sum {
        let count = loops.element(loops.graph.index(extent), type)
        return [loops.apply(.multiply, [operand[index], count], type)]
      }
      if kind != .product { return [operand[index]] }
    }
    return combined(over: extent, operand, at: index, loops)
  }

  /// The elements of examples combined: of all, or of those of a block.
  func combined(
    over extent: Extent, block: Expression? = nil, _ operand: Operand, at index: [Expression],
    _ loops: LoopBuilder
  ) -> [Expression] {
    let type = operand.type.element
    let isContiguous = operand.layout.reading(along: [.axis(axis)])?.isReused == false
    return loops.reduce(
      over: [extent], block: block, ReductionTree(overAxis: isContiguous),
      isExact: kind.isExact(type), initial: [kind.identity(type)],
      step: { results, example in
        let element = operand(at: index, binding: [axis: example[0]])
        return [loops.apply(kind.function, [results[0], element], type)]
      },
      merge: { a, b in [loops.apply(kind.function, [a[0], b[0]], type)] })
  }
}

/// The examples along a map axis as a dimension, the same for each of them.
///
/// What ``UnbindAxis`` does to a result, in the middle of a function: every example reads all others.
struct AllGather: Operation {
  let axis: Int
  let dimension: Int

  var view: UnbindAxis { UnbindAxis(axis: axis, dimension: dimension) }

  var name: String { "all_gather" }
  var readsExtents: Bool { false }
  var crossedAxis: Int? { axis }
  var attributes: [Attribute] { view.attributes }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    AllGather(axis: try attributes.integer("axis"), dimension: try attributes.integer("dimension"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    throw VMapError(.internalInconsistency, "all_gather has no per-example shape rule")
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    var type = try view.resultTypes(operands, regions: regions, axes: axes)[0]
    type.shape[dimension] = axes[axis].whole
    return [type]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    view.elements(operands, at: index, loops)
  }
}
