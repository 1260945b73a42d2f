/// A call that is part of a map, as one call for all examples along the innermost axis that its arguments
/// vary over.
struct WholeBatch {
  let trace: Trace
  private let axis: Int
  /// How many examples there are.
  let size: Int
  /// The tensors of the arguments: those of a mapped one have all examples along their first dimension.
  let handles: [TensorHandle]
  /// Which tensors those are.
  let isMapped: [Bool]
  /// 0 for each argument that is mapped, nil for others.
  let inAxes: Axes

  /// - Parameters:
  ///   - leaves: The tensors of the arguments.
  ///   - counts: How many of them each argument has.
  /// - Returns: Nil where no argument varies over an axis.
  init?(of leaves: [TreeLeaf], _ counts: [Int], in trace: Trace) throws(VMapError) {
    var axes: [AxisSet] = []
    for leaf in leaves { axes.append(trace.type(of: try trace.value(for: leaf.handle)).axes) }
    // Axes are numbered as their maps begin.
    guard let axis = axes.compactMap(\.ids.last).max() else { return nil }
    let batch = NamedAxes(trace, [axis])
    var (handles, isMapped, entries): ([TensorHandle], [Bool], [Axes]) = ([], [], [])
    for count in counts {
      let own = handles.count..<handles.count + count
      let varies = own.contains { axes[$0].contains(axis) }
      entries.append(varies ? .axis(0) : .unmapped)
      for number in own {
        let handle = leaves[number].handle
        handles.append(varies ? try batch.gathered(handle, along: 0) : handle)
        isMapped.append(varies)
      }
    }
    self.trace = trace
    self.axis = axis
    size = batch.count
    self.handles = handles
    self.isMapped = isMapped
    inAxes = .each(entries)
  }

  /// Each example's part of what was made for all of them.
  ///
  /// - Parameters:
  ///   - leaves: The tensors, with the dimension that examples go along, or nil, for each.
  ///   - types: What they should be for one example.
  ///   - name: What errors call the function.
  func examples(
    of leaves: [TreeLeaf], _ types: [TensorType], _ name: String
  ) throws(VMapError) -> [TensorHandle] {
    guard leaves.count == types.count else {
      throw VMapError(
        .outAxesStructure,
        "\(name): the rule gives \(quantity(leaves.count, "tensor")), the function "
          + "\(types.count)")
    }
    var results: [TensorHandle] = []
    for (leaf, type) in zip(leaves, types) {
      guard !trace.type(of: try trace.value(for: leaf.handle)).axes.contains(axis) else {
        throw VMapError(
          .tracerEscaped,
          "\(name): \(leaf.path) is made of a value of the surroundings that varies over the batch; "
            + "what the rule uses should be among its arguments")
      }
      let own = try example(of: leaf, name)
      guard own.type == type else {
        throw VMapError(
          own.element == type.element ? .shapeMismatch : .typeMismatch,
          "\(name): \(leaf.path) is \(own.type) for each example, the function gives \(type)")
      }
      results.append(own)
    }
    return results
  }

  private func example(of leaf: TreeLeaf, _ name: String) throws(VMapError) -> TensorHandle {
    switch leaf.axes[0] {
    case .unmapped: return leaf.handle
    case .axis(let place):
      let dimension = try leaf.handle.sizes.dimension(
        place, for: "\(name): \(leaf.path)", named: "the batch's axis")
      guard leaf.handle.shape[dimension] == size else {
        throw VMapError(
          .axisSizeMismatch,
          "\(name): dimension \(dimension) of \(leaf.path) should be the batch of "
            + "\(size), it is \(leaf.handle.type)")
      }
      return try NamedAxes(trace, [axis]).taken(leaf.handle, along: dimension)
    case .axes, .ragged, .sum, .each, .named:
      throw VMapError(
        .outAxesStructure,
        "\(name): the rule should give an axis or nil for \(leaf.path), it gives \(leaf.axes[0])")
    }
  }
}
