/// All elements along some dimensions of several tensors combined by any function, one after another
/// in row-major order.
///
/// The operands are tensors of one shape and as many scalars to start from. The region makes the new
/// accumulators of those before and of an element of each tensor.
struct ReduceWith: Operation, Combining {
  let dimensions: [Int]

  var name: String { "reduce" }
  var attributes: [Attribute] {
    [Attribute("dimensions", .integers(dimensions), .removedDimensions)]
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    ReduceWith(dimensions: try attributes.integers("dimensions"))
  }

  func combinedShape(of shape: [Int]) throws(VMapError) -> [Int] {
    try shape.dropping(dimensions, for: name)
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let count = operands.count / 2
    let tensors = operands[..<count]
    let reduced = dimensions.sorted()
    return loops.fold(
      over: reduced.map { tensors[0].type.shape[$0] }, tensors.map(\.type.element),
      from: operands[count...].map { $0[[]] }
    ) { accumulators, position in
      let source = index.inserting(position, at: reduced)
      return loops.combine(accumulators, tensors.map { $0[source] })
    }
  }
}

/// An operation that combines elements of several tensors of one shape by a region, from as many
/// scalars.
protocol Combining: Operation {
  /// The shape of the results, from that of the tensors.
  func combinedShape(of shape: [Int]) throws(VMapError) -> [Int]
}

extension Combining {
  func sharedOperands(of count: Int) -> Range<Int> { count / 2..<count }

  func elementRegions(_ operands: [TensorType]) -> [[TensorType]] {
    [operands.combinerParameters]
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let tensors = try operands.checkedForCombining(name)
    let shape = try combinedShape(of: tensors[0].shape)
    return tensors.map { TensorType(element: $0.element, shape: shape) }
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    let types = try unionTypes(operands, regions, axes)
    try regions.checkCombiner(types, for: name)
    return types
  }
}

extension [TensorType] {
  /// What a function that combines elements of the first half of some operands takes.
  var combinerParameters: [TensorType] {
    let elements = prefix(count / 2).map { TensorType(element: $0.element, shape: []) }
    return elements + elements
  }

  /// The tensors among operands that are tensors of one shape and as many scalars to start from.
  func checkedForCombining(_ name: String) throws(VMapError) -> [TensorType] {
    guard count >= 2, count % 2 == 0 else {
      throw VMapError(
        .invalidArgument,
        "\(name): takes tensors and as many scalars, got \(quantity(count, "operand"))")
    }
    let tensors = Array(prefix(count / 2))
    for (tensor, initial) in zip(tensors, dropFirst(count / 2)) {
      guard initial.element == tensor.element else {
        throw VMapError(
          .typeMismatch,
          "\(name): \(tensor) should start from \(tensor.element.rawValue)[], got \(initial)")
      }
      guard initial.shape.isEmpty, tensor.shape == tensors[0].shape else {
        throw VMapError(
          .shapeMismatch,
          "\(name): takes tensors of one shape and scalars, got "
            + map(\.description).joined(separator: ", "))
      }
    }
    return tensors
  }
}

extension [RegionType] {
  /// Checks that the only region makes scalars of some element types.
  func checkCombiner(_ types: [ValueType], for name: String) throws(VMapError) {
    try check(0, gives: types.map(\.element), for: name)
    guard count == 1 else {
      throw VMapError(.invalidArgument, "\(name): takes one function of elements")
    }
  }

  /// Checks what a region makes.
  func check(
    _ position: Int, gives elements: [ElementType], for name: String
  ) throws(VMapError) {
    guard indices.contains(position) else {
      throw VMapError(.invalidArgument, "\(name): takes a function of elements")
    }
    let results = self[position].results
    guard results.map(\.element) == elements, results.allSatisfy(\.shape.isEmpty) else {
      var given: [String] = []
      for result in results { given.append(try result.tensorType(for: name).description) }
      throw VMapError(
        .typeMismatch,
        "\(name): the function of elements should give "
          + elements.map { "\($0.rawValue)[]" }.joined(separator: ", ")
          + ", it gives \(given.joined(separator: ", "))")
    }
  }
}

extension LoopBuilder {
  /// What a region makes of elements.
  func combine(
    _ accumulators: [Expression], _ elements: [Expression], region: Int = 0
  ) -> [Expression] {
    let readers = (accumulators + elements).map { element -> ElementReader in { _ in element } }
    return regions[region].bind(readers).map { $0([]) }
  }
}

extension ReduceWith: Expandable {
  /// A loop over the elements for each result.
  func expanded(at site: DerivativeSite) throws(VMapError) -> [Term]? {
    let count = site.operands.count / 2
    let tensors = site.operands.prefix(count)
    let shape = tensors[0].sizes
    let reduced = dimensions.sorted()
    let kept = shape.indices.filter { !reduced.contains($0) }
    let length = reduced.reduce(1) { $0 * shape[$1] }
    let sizes = kept.map { shape[$0] }
    if length == 0 || sizes.contains(0) {
      return site.operands.dropFirst(count).map { $0.repeated(to: sizes) }
    }
    let rows = tensors.map { tensor in
      tensor.transposed(kept + reduced).reshaped(to: [sizes.saturatingProduct(), length])
    }
    let results = try site.mapping(rows) { rows throws(VMapError) in
      let initial = [Term.index(0)] + site.operands.dropFirst(count)
      let form = LoopForm.counted(length)
      return try site.trace.loop(form, from: initial) { state throws(VMapError) in
        state[0] .< .index(length)
      } do: { state throws(VMapError) in
        let elements = rows.map { $0[state[0]] }
        return [state[0] + .index(1)] + (try site.run(0, state.dropFirst() + elements))
      }.dropFirst().map { $0 }
    }
    return results.map { $0.reshaped(to: sizes) }
  }
}
