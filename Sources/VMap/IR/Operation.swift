/// An operation of the IR: its shape rule and its meaning as loops, for one example.
///
/// Batching is not an operation's business: its results vary over the union of its operands' axes
/// unless it says otherwise in ``resultTypes(_:regions:axes:)``.
protocol Operation: Sendable {
  /// The name that is printed, JAX's where JAX has the operation.
  var name: String { get }

  /// What distinguishes this application from others of the same name, as printed.
  var attributes: [Attribute] { get }

  /// Makes the operation from what is printed.
  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation

  /// The shape rule: per-example types of the results.
  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType]

  /// The whole types of the results. The default takes shapes from the shape rule, axes by union.
  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType]

  /// The meaning: the element of each result at an index, as a scalar expression.
  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]

  /// The meaning of an operation that keeps state, once for all indices: readers of its results.
  func readers(_ operands: [Operand], _ loops: LoopBuilder) -> [ElementReader]?

  /// How the elements of a result lie in memory, where those of the operands say so; nil where they lie
  /// in row-major order.
  func layout(
    _ operands: [ElementLayout], of types: [ValueType], as type: ValueType
  ) -> ElementLayout?

  /// The map axis along which a result's element needs the operands of other examples.
  var crossedAxis: Int? { get }

  /// Whether the shape rule needs extents as numbers; only views of map axes do without.
  var readsExtents: Bool { get }

  /// The dimension along which a work-item makes all elements at once, if there is one.
  var wholeDimension: Int? { get }

  /// Whether the operation adds up or multiplies many elements: numbers of 16 bits are combined as
  /// `float`, and what comes out is rounded once.
  var addsUp: Bool { get }

  /// How often the operation runs its regions, condition first, then body, if it is a loop.
  var loopForm: LoopForm? { get }

  /// Whether the operation is a loop over the rows of each example, which has a number of its own of them.
  var makesRows: Bool { get }

  /// Whether the operation runs its one region, as it is, on its operands.
  var isCall: Bool { get }

  /// How many windows replace elements of the results one after another, and how large they are, where
  /// the meaning is ``LoopBuilder/replacingWindows(over:of:windows:at:types:initial:combine:)``.
  func replacements(_ operands: [TensorType]) -> WindowCounts?

  /// Which of so many operands must be the same for all examples of a batch, if the operation is to be
  /// one on the whole batch.
  func sharedOperands(of count: Int) -> Range<Int>

  /// Checks operands of which some have lengths that differ between examples; nearly all operations take
  /// none.
  func checkRagged(_ operands: [TensorType]) throws(VMapError)

  /// Whether a scalar among the operands stands for every element of one that has dimensions.
  var repeatsScalars: Bool { get }

  /// The types of the parameters of each region, where regions are functions of elements.
  ///
  /// Those parameters vary over all that the operands and the regions' results vary over.
  func elementRegions(_ operands: [TensorType]) -> [[TensorType]]
}

/// The types of a region's parameters and results.
struct RegionType: Sendable {
  var parameters: [ValueType]
  var results: [ValueType]
}

extension Operation {
  var attributes: [Attribute] { [] }
  var loopForm: LoopForm? { nil }
  var isLoop: Bool { loopForm != nil }
  var makesRows: Bool { false }
  var isCall: Bool { false }
  func layout(
    _ operands: [ElementLayout], of types: [ValueType], as type: ValueType
  ) -> ElementLayout? { nil }
  var wholeDimension: Int? { nil }
  func elementRegions(_ operands: [TensorType]) -> [[TensorType]] { [] }
  func replacements(_ operands: [TensorType]) -> WindowCounts? { nil }
  func sharedOperands(of count: Int) -> Range<Int> { 0..<0 }
  var repeatsScalars: Bool { false }
  func checkRagged(_ operands: [TensorType]) throws(VMapError) { try refuseRagged(operands) }
  var addsUp: Bool { false }
  var readsExtents: Bool { true }
  var crossedAxis: Int? { nil }
  var crossesAxes: Bool { crossedAxis != nil }
  func readers(_ operands: [Operand], _ loops: LoopBuilder) -> [ElementReader]? { nil }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    try unionTypes(operands, regions, axes)
  }

  /// The types of the shape rule, with the axes of all operands and of what regions give.
  func unionTypes(
    _ operands: [ValueType], _ regions: [RegionType], _ axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    var types: [TensorType] = []
    for operand in operands { types.append(try operand.tensorType(for: name)) }
    try checkElementRegions(regions, types)
    var union = AxisSet.none
    for operand in operands { union = union.union(operand.axes) }
    for result in regions.lazy.flatMap(\.results) { union = union.union(result.axes) }
    if types.contains(where: \.shape.hasRagged) { try checkRagged(types) }
    let results = try resultTypes(types)
    if axes.contains(where: { $0.rows != nil }) {
      for result in results where result.shape.contains(where: \.isMadeOfRagged) {
        throw VMapError(
          .raggedDimension,
          "\(name): the shape of the result is computed of a length that each example has for itself"
        )
      }
    }
    return results.map {
      ValueType($0.element, $0.shape.map { Extent(size: $0, axes) }, axes: union)
        .withAxesOfLengths(axes)
    }
  }
}

extension Operation {
  /// Checks that regions take the elements that the operation gives them.
  private func checkElementRegions(
    _ regions: [RegionType], _ operands: [TensorType]
  ) throws(VMapError) {
    let expected = elementRegions(operands)
    guard !expected.isEmpty else { return }
    var given: [[TensorType]] = []
    for region in regions {
      var parameters: [TensorType] = []
      for parameter in region.parameters { parameters.append(try parameter.tensorType(for: name)) }
      given.append(parameters)
    }
    guard given == expected else {
      func text(_ lists: [[TensorType]]) -> String {
        lists.map { "(\($0.map(\.description).joined(separator: ", ")))" }
          .joined(separator: ", ")
      }
      throw VMapError(
        .typeMismatch, "\(name): a function of \(text(expected)) is wanted, got \(text(given))")
    }
  }
}

extension ValueType {
  /// The per-example type with every extent a number.
  func tensorType(for operation: String) throws(VMapError) -> TensorType {
    var numbers: [Int] = []
    for extent in shape {
      guard let number = extent.size else {
        throw VMapError(.internalInconsistency, "\(operation): an extent is not known")
      }
      numbers.append(number)
    }
    return TensorType(element: element, shape: numbers)
  }
}
