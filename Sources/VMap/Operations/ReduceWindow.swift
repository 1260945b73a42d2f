/// The elements of each window of several tensors combined by any function, one after another in
/// row-major order of the window.
///
/// The operands are tensors of one shape and as many scalars to start from, which also surround the
/// tensors. The region makes the new accumulators of those before and of an element of each tensor.
struct ReduceWindow: Operation, Combining {
  let window: Window

  var name: String { "reduce_window" }
  var attributes: [Attribute] {
    window.attributes + [
      Attribute("base_dilation", .integers(window.baseDilation), .eachDimension(neutral: 1)),
      Attribute("window_dilation", .integers(window.windowDilation), .eachDimension(neutral: 1)),
    ]
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    ReduceWindow(
      window: Window(
        size: try attributes.integers("window_dimensions"),
        strides: try attributes.integers("window_strides"),
        padding: try attributes.lists("padding"),
        baseDilation: try attributes.integers("base_dilation"),
        windowDilation: try attributes.integers("window_dilation")))
  }

  func combinedShape(of shape: [Int]) throws(VMapError) -> [Int] {
    try window.counts(over: shape, for: name)
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let count = operands.count / 2
    let tensors = operands[..<count]
    let initial = operands[count...].map { $0[[]] }
    let types = tensors.map(\.type.element)
    let shape = tensors[0].type.shape.map { $0.constant ?? 0 }
    // Along a dimension of which a window has one element there is no loop.
    let open = window.size.indices.filter { window.size[$0] > 1 }
    let still = [Expression](
      repeating: loops.graph.index(0), count: window.size.count - open.count)
    func step(_ accumulators: [Expression], _ position: [Expression]) -> [Expression] {
      if shape.contains(0) { return loops.combine(accumulators, initial) }
      let (source, inside) = window.place(
        index, still.inserting(position, at: open), shape, loops)
      var elements = tensors.map { $0[source] }
      if let inside {
        elements = types.indices.map {
          loops.apply(.select, [inside, elements[$0], initial[$0]], types[$0])
        }
      }
      return loops.combine(accumulators, elements)
    }
    if open.isEmpty { return step(initial, []) }
    return loops.fold(
      over: open.map { .constant(window.size[$0]) }, types, from: initial, step: step)
  }
}

extension ReduceWindow: Expandable {
  /// The elements of each window one after another: for each place in the window a slice of all
  /// windows' elements there.
  func expanded(at site: DerivativeSite) throws(VMapError) -> [Term]? {
    let count = site.operands.count / 2
    let initial = Array(site.operands.dropFirst(count))
    let counts = try combinedShape(of: site.operands[0].sizes)
    let whole = zip(site.operands, initial).map { tensor, initial in
      Term([tensor, initial], as: tensor.element) {
        try .step(
          Pad(
            low: window.padding.map { $0[0] }, high: window.padding.map { $0[1] },
            interior: window.baseDilation.map { $0 - 1 }), tensor.handle, initial.handle)
      }
    }
    var accumulators = initial.map { $0.repeated(to: counts) }
    if counts.contains(0) { return accumulators }
    for number in 0..<window.size.reduce(1, *) {
      var rest = number
      var starts = window.size
      for d in window.size.indices.reversed() {
        starts[d] = rest % window.size[d] * window.windowDilation[d]
        rest /= window.size[d]
      }
      let limits = counts.indices.map { starts[$0] + (counts[$0] - 1) * window.strides[$0] + 1 }
      let slice = Slice(starts: starts, limits: limits, strides: window.strides)
      var elements: [Term] = []
      for tensor in whole { elements.append(try site.apply(slice, tensor)) }
      accumulators = try site.mappingElements(accumulators + elements) {
        elements throws(VMapError) in try site.run(0, elements)
      }
    }
    return accumulators
  }
}
