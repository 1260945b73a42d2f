import VMap

extension Rule {
  static let reduction: [String: Body] = [
    "stablehlo.reduce": { application in try reduce(application) },
    "stablehlo.reduce_window": { application in try reduceWindow(application) },
    "stablehlo.select_and_scatter": { application in
      let window = try WindowAttributes(application)
      guard application.regions.count == 2 else {
        throw LoweringError.invalid("takes a function that selects and one that combines")
      }
      return try AnyTensor.applying(
        "select_and_scatter", window.attributes(dilated: false),
        to: application.alike(application.operands(3)), regions: application.regions)
    },
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

  private static func reduce(_ application: Application) throws -> [AnyTensor] {
    let operands = try combined(application)
    let dimensions = try application.operation.integers("dimensions")
    guard operands.count == 2, !dimensions.isEmpty,
      let function = application.operation.regions[0].binaryOperation, let kind = kinds[function]
    else {
      return try AnyTensor.applying(
        "reduce", [Attribute("dimensions", .integers(dimensions))], to: operands,
        regions: application.regions)
    }
    let element = operands[0].elementType
    // On truth values + is or, and · is and.
    let names = ["reduce_sum": "reduce_or", "reduce_prod": "reduce_and"]
    let name = element == .bool ? names[kind.name] ?? kind.name : kind.name
    let reduced = try AnyTensor.applying(
      name, [Attribute("axes", .integers(dimensions))], to: [operands[0]])
    if application.constants[1] == kind.identity(element) { return [reduced] }
    guard let rule = Rule.of(function) else { throw LoweringError.unsupported(function) }
    let initial = try operands[1].broadcast(to: reduced.type.shape, dimensions: [])
    return try rule.body(
      Application(
        operation: Operation(name: function), operands: [initial, reduced], results: [reduced.type])
    )
  }

  private static func reduceWindow(_ application: Application) throws -> [AnyTensor] {
    let operands = try combined(application)
    let window = try WindowAttributes(application)
    if let cumulative = try cumulative(application, operands, window) { return [cumulative] }
    return try AnyTensor.applying(
      "reduce_window", window.attributes(dilated: true), to: operands, regions: application.regions)
  }

  /// A window that reaches from each element to an end, as JAX writes its cumulative operations, takes
  /// one pass.
  private static func cumulative(
    _ application: Application, _ operands: [AnyTensor], _ window: WindowAttributes
  ) throws -> AnyTensor? {
    let element = operands[0].elementType
    let shape = operands[0].type.shape
    let open = shape.indices.filter { window.size[$0] > 1 }
    guard operands.count == 2, open.count == 1, window.size[open[0]] == shape[open[0]],
      shape.indices.allSatisfy({ $0 == open[0] || window.padding[$0] == [0, 0] }),
      window.isDense,
      let function = application.operation.regions[0].binaryOperation, let kind = kinds[function],
      application.constants[1] == kind.identity(element)
    else { return nil }
    let reach = shape[open[0]] - 1
    let names = [
      "reduce_sum": "cumsum", "reduce_prod": "cumprod", "reduce_max": "cummax",
      "reduce_min": "cummin",
    ]
    let padding = window.padding[open[0]]
    guard padding == [reach, 0] || padding == [0, reach], let name = names[kind.name],
      element != .bool || !name.hasSuffix("sum") && !name.hasSuffix("prod")
    else { return nil }
    return try .applying(
      name,
      [
        Attribute("axis", .integer(open[0])),
        Attribute("reverse", .literal(padding[0] == 0 ? .one(.bool) : .zero(.bool))),
      ], to: [operands[0]])
  }

  /// The operands of a reduction: tensors, and as many scalars of their types.
  private static func combined(_ application: Application) throws(LoweringError) -> [AnyTensor] {
    let operands = application.operands
    guard application.regions.count == 1, operands.count >= 2, operands.count % 2 == 0 else {
      throw .invalid("takes tensors, as many initial values, and a reducer")
    }
    let count = operands.count / 2
    for (tensor, initial) in zip(operands[..<count], operands[count...]) {
      _ = try application.alike([tensor, initial])
      guard initial.type.shape.isEmpty else {
        throw .invalid("the initial value should be a scalar, it is \(initial.type)")
      }
    }
    return operands
  }
}

/// How a window moves over a tensor, where what is missing is 1, and of the padding 0.
private struct WindowAttributes {
  var size: [Int]
  var strides: [Int]
  var baseDilation: [Int]
  var windowDilation: [Int]
  var padding: [[Int]]

  init(_ application: Application) throws(LoweringError) {
    let operation = application.operation
    let rank = application.operands.first?.type.shape.count ?? 0
    func list(_ name: String) throws(LoweringError) -> [Int] {
      guard operation.attributes[name] != nil else { return [Int](repeating: 1, count: rank) }
      return try operation.integers(name)
    }
    // A window is all that a tensor without dimensions needs no size for.
    size = rank == 0 ? try list("window_dimensions") : try operation.integers("window_dimensions")
    strides = try list("window_strides")
    baseDilation = try list("base_dilations")
    windowDilation = try list("window_dilations")
    padding = [[Int]](repeating: [0, 0], count: rank)
    if operation.attributes["padding"] != nil {
      let flat = try operation.integers("padding")
      guard flat.count == 2 * rank else {
        throw .invalid("the attribute padding should have two integers for each dimension")
      }
      padding = (0..<rank).map { [flat[2 * $0], flat[2 * $0 + 1]] }
    }
    guard [size, strides, baseDilation, windowDilation].allSatisfy({ $0.count == rank }) else {
      throw .invalid("a window should have a size, strides and dilations for each dimension")
    }
  }

  /// Whether windows follow one another and are nowhere spread out.
  var isDense: Bool { (strides + baseDilation + windowDilation).allSatisfy { $0 == 1 } }

  func attributes(dilated: Bool) -> [Attribute] {
    var attributes = [
      Attribute("window_dimensions", .integers(size)),
      Attribute("window_strides", .integers(strides)), Attribute("padding", .lists(padding)),
    ]
    if dilated {
      attributes.append(Attribute("base_dilation", .integers(baseDilation)))
      attributes.append(Attribute("window_dilation", .integers(windowDilation)))
    }
    return attributes
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
