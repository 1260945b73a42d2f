/// Each element of a source combined into the element of an operand that its window selects, as in the
/// gradient of a pooling.
///
/// The operands are the tensor that windows move over, the source with an element for each window, and
/// the scalar that every element of the result starts from. The first region tells whether the element
/// selected so far stays selected beside another one, in row-major order of the window, where what
/// surrounds the tensor is passed over; the second combines. Sources of one element are combined in
/// their row-major order.
struct SelectAndScatter: Operation {
  let window: Window

  init(size: [Int], strides: [Int], padding: [[Int]]) {
    let ones = [Int](repeating: 1, count: size.count)
    window = Window(
      size: size, strides: strides, padding: padding, baseDilation: ones, windowDilation: ones)
  }

  var name: String { "select_and_scatter" }
  var attributes: [Attribute] { window.attributes }

  func sharedOperands(of count: Int) -> Range<Int> { 2..<count }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    SelectAndScatter(
      size: try attributes.integers("window_dimensions"),
      strides: try attributes.integers("window_strides"), padding: try attributes.lists("padding"))
  }

  func elementRegions(_ operands: [TensorType]) -> [[TensorType]] {
    let element = TensorType(element: operands[0].element, shape: [])
    return [[element, element], [element, element]]
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let (operand, source, initial) = (operands[0], operands[1], operands[2])
    guard source.element == operand.element, initial.element == operand.element else {
      throw VMapError(
        .typeMismatch, "\(name): takes elements of one type, got \(operand), \(source), \(initial)")
    }
    let shape = try window.counts(over: operand.shape, for: name)
    guard source.shape == shape, initial.shape.isEmpty else {
      throw VMapError(
        .shapeMismatch,
        "\(name): takes a source of shape \(shape.shapeText) and a scalar, got \(source), \(initial)"
      )
    }
    return [operand]
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    let types = try unionTypes(operands, regions, axes)
    try regions.check(0, gives: [.bool], for: name)
    try regions.check(1, gives: types.map(\.element), for: name)
    return types
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let graph = loops.graph
    let (operand, source) = (operands[0], operands[1])
    let type = operand.type.element
    let initial = operands[2][[]]
    let counts = source.type.shape.map { $0.constant ?? 0 }
    if counts.contains(0) { return [initial] }
    // How many windows an element can be in, and the last of them, which may lie beyond the end.
    var extents: [Int] = []
    var last: [Expression] = []
    for d in index.indices {
      extents.append(window.size[d].dividedUp(by: window.strides[d]))
      let position = graph.add(index[d], graph.index(window.padding[d][0]))
      last.append(graph.divide(graph.maximum(position, graph.index(0)), by: window.strides[d]))
    }
    return loops.fold(over: extents.map(Extent.constant), [type], from: [initial]) { sum, loop in
      var isSelected: Expression?
      func require(_ condition: Expression) {
        isSelected = loops.both(isSelected, condition)
      }
      var number: [Expression] = []
      for d in index.indices {
        // From the first window to the last.
        let own = graph.add(
          last[d], graph.subtract(loop[d], graph.index(extents[d] - 1)))
        require(loops.less(graph.index(-1), own))
        require(loops.less(own, graph.index(counts[d])))
        number.append(graph.clamp(own, below: .constant(counts[d])))
      }
      require(selects(operand, number, index, loops))
      let element = source[number]
      let next = loops.combine(sum, [element], region: 1)[0]
      return [isSelected.map { loops.apply(.select, [$0, next, sum[0]], type) } ?? next]
    }
  }

  /// Whether a window selects an element of the operand.
  private func selects(
    _ operand: Operand, _ number: [Expression], _ index: [Expression], _ loops: LoopBuilder
  ) -> Expression {
    let graph = loops.graph
    let type = operand.type.element
    let extents = operand.type.shape
    let place: ElementType =
      extents.reduce(1.0) { $0 * Double($1.constant ?? 0) } > Double(Int32.max) ? .int64 : .int32
    func flat(_ index: [Expression]) -> Expression {
      loops.element(graph.rowMajor(index, extents), place)
    }
    let nowhere = loops.literal(ScalarLiteral(integer: -1, as: place))
    let results = loops.fold(
      over: window.size.map(Extent.constant), [type, place],
      from: [loops.literal(.zero(type)), nowhere]
    ) { selected, offset in
      let (source, inside) = window.place(
        number, offset, extents.map { $0.constant ?? 0 }, loops)
      let element = operand[source]
      let keeps = loops.combine([selected[0]], [element])[0]
      let isFirst = loops.apply(.equal, [selected[1], nowhere], .bool)
      let loses = loops.apply(.not, [keeps], .bool)
      var takes = loops.apply(.or, [isFirst, loses], .bool)
      if let inside { takes = loops.apply(.and, [inside, takes], .bool) }
      return [
        loops.apply(.select, [takes, element, selected[0]], type),
        loops.apply(.select, [takes, flat(source), selected[1]], place),
      ]
    }
    return loops.apply(.equal, [results[1], flat(index)], .bool)
  }
}
