/// One `vmap` around a function, as it was asked for.
struct MapLevel: Sendable, Hashable {
  var inAxes: Axes
  var outAxes: Axes
  var axisName: String?
  var axisSize: Int?
  var chunk: Int?
  /// What errors call the arguments.
  var argumentNames: [String]

  /// What errors call an argument.
  func root(of argument: Int) -> String {
    argumentNames.indices.contains(argument)
      ? "argument \(argument) \"\(argumentNames[argument])\"" : "argument \(argument)"
  }

  /// What `inAxes` says of each argument.
  func prefixes(forArguments count: Int) throws(VMapError) -> [Axes] {
    switch inAxes {
    case .axis, .unmapped: return [Axes](repeating: inAxes, count: count)
    case .each(let entries):
      guard entries.count == count else {
        throw VMapError(
          .arityMismatch,
          "inAxes has \(quantity(entries.count, "entry", "entries")), one for each argument, "
            + "and the call has \(quantity(count, "argument"))")
      }
      return entries
    case .named:
      throw VMapError(
        .inAxesStructure,
        "inAxes must be an axis, nil or a list with one entry for each argument, got \(inAxes); "
          + "for one argument with named fields write [\(inAxes)]")
    }
  }
}

/// Where the axes of all levels lie in the arguments of one call.
struct ResolvedAxes: Sendable {
  /// For each level, outermost first, the dimension of each leaf as the caller passed it.
  var dimensions: [[Int?]] = []
  /// For each level, the dimension among those that outer levels leave.
  var innerDimensions: [[Int?]] = []
  var sizes: [Int] = []

  /// Checks the levels in order, each as JAX does: ranks, then whether anything is mapped, then sizes.
  init(_ levels: [MapLevel], _ leaves: [TreeLeaf]) throws(VMapError) {
    var remaining = leaves.map { Array($0.handle.shape.indices) }
    for (number, level) in levels.enumerated() {
      if let size = level.axisSize, size < 0 {
        throw VMapError(.invalidSize, "axisSize should not be negative, got \(size)")
      }
      if let chunk = level.chunk, chunk <= 0 {
        throw VMapError(.invalidSize, "chunk should be positive, got \(chunk)")
      }
      if leaves.isEmpty, level.axisSize == nil {
        throw VMapError(
          .noTensors, "vmap needs an argument with a tensor, or axisSize; there is no tensor")
      }
      var inner: [Int?] = []
      for (index, leaf) in leaves.enumerated() {
        guard let axis = leaf.axes[number] else {
          inner.append(nil)
          continue
        }
        let rank = remaining[index].count
        guard -rank <= axis, axis < rank else {
          let needed = axis >= 0 ? UInt(axis) + 1 : axis.magnitude
          let shape = remaining[index].map { leaf.handle.shape[$0] }
          throw VMapError(
            .axisOutOfRange,
            "inAxes maps axis \(axis) of \(leaf.path), which needs rank \(needed) or more, "
              + "but it has rank \(rank) and shape \(shape.shapeText)")
        }
        inner.append(axis < 0 ? axis + rank : axis)
      }
      let outer = leaves.indices.map { leaf in inner[leaf].map { remaining[leaf][$0] } }
      guard outer.contains(where: { $0 != nil }) || level.axisSize != nil else {
        throw VMapError(
          .nothingMapped,
          "inAxes \(level.inAxes) maps no argument: at least one axis should not be nil, "
            + "or axisSize should be given")
      }
      sizes.append(try ResolvedAxes.size(of: level, number, outer, leaves))
      dimensions.append(outer)
      innerDimensions.append(inner)
      for leaf in leaves.indices {
        if let axis = inner[leaf] { remaining[leaf].remove(at: axis) }
      }
    }
  }

  /// The one size that all mapped dimensions have.
  private static func size(
    of level: MapLevel, _ number: Int, _ dimensions: [Int?], _ leaves: [TreeLeaf]
  ) throws(VMapError) -> Int {
    var counts: [Int: Int] = [:]
    var examples: [Int: String] = [:]
    for (leaf, dimension) in zip(leaves, dimensions) {
      guard let dimension, let axis = leaf.axes[number] else {
        continue
      }
      let size = leaf.handle.shape[dimension]
      counts[size, default: 0] += 1
      if examples[size] == nil {
        examples[size] = "axis \(axis) of \(leaf.path) of type \(leaf.handle.type)"
      }
    }
    if let given = level.axisSize, counts.keys.allSatisfy({ $0 == given }) { return given }
    if level.axisSize == nil, counts.count == 1, let size = counts.keys.first { return size }
    var lines = ["the mapped axes differ in size:"]
    if let given = level.axisSize { lines.append("axisSize is \(given)") }
    let ordered = counts.sorted { ($0.value, -$0.key) > ($1.value, -$1.key) }
    for (rank, entry) in ordered.enumerated() {
      let example = examples[entry.key] ?? ""
      let kind = rank == 0 && entry.value > 1 ? "most axes" : "some axes"
      lines.append(
        entry.value == 1
          ? "one axis has size \(entry.key): \(example)"
          : "\(kind) (\(entry.value) of them) have size \(entry.key), e.g. \(example)")
    }
    throw VMapError(.axisSizeMismatch, lines.joined(separator: "\n  "))
  }
}
