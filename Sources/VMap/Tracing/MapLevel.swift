/// One map axis around a function, as it was asked for.
struct MapLevel: Sendable {
  var inAxes: Axes
  var outAxes: Axes
  var axisName: String?
  var axisSize: Int?
  var chunk: Int?
  var devices: Devices?
  var mesh: (any ProcessMesh)?
  /// What errors call the arguments.
  var argumentNames: [String]
  /// Which axis of its `vmap` it is, and how many of them there are.
  var part = 0
  var parts = 1

  /// The levels of one `vmap`: several where its `inAxes` list several dimensions of a tensor.
  static func levels(
    inAxes: Axes, outAxes: Axes, axisName: String?, axisSize: Int?, chunk: Int?,
    devices: Devices? = nil, mesh: (any ProcessMesh)? = nil, argumentNames: [String] = []
  ) -> [MapLevel] {
    let parts = inAxes.partCount
    return (0..<parts).map { part in
      MapLevel(
        inAxes: inAxes, outAxes: outAxes, axisName: axisName, axisSize: axisSize,
        chunk: part == 0 ? chunk : nil, devices: part == 0 ? devices : nil,
        mesh: part == 0 ? mesh : nil, argumentNames: argumentNames, part: part, parts: parts)
    }
  }

  /// What errors call an argument.
  func root(of argument: Int) -> String {
    argumentNames.indices.contains(argument)
      ? "argument \(argument) \"\(argumentNames[argument])\"" : "argument \(argument)"
  }

  /// What `inAxes` says of each argument.
  func prefixes(forArguments count: Int) throws(VMapError) -> [Axes] {
    switch inAxes {
    case .axis, .axes, .unmapped, .ragged, .sum: return [Axes](repeating: inAxes, count: count)
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

  /// The dimension of an argument that this axis goes along, as it was asked for; nil if it is none.
  func axis(of leaf: TreeLeaf, _ prefix: Axes) throws(VMapError) -> Int? {
    switch prefix {
    case .ragged:
      guard leaf.handle.raggedRows != nil else {
        throw VMapError(
          .inAxesStructure,
          "inAxes is .ragged for \(leaf.path), which is \(leaf.handle.type): a Ragged is wanted")
      }
      guard parts == 1 else {
        throw VMapError(
          .inAxesStructure,
          "inAxes is .ragged for \(leaf.path) and maps \(parts) axes at once: it should map one")
      }
      return 0
    case .axis(let axis): return axis < 0 ? axis - (parts - 1 - part) : axis + part
    case .axes(let axes):
      guard axes.count == parts else {
        throw VMapError(
          .inAxesStructure,
          "inAxes lists \(quantity(axes.count, "dimension")) of \(leaf.path), "
            + "and \(parts) of another tensor: all lists should be as long")
      }
      return axes[part]
    case .sum:
      throw VMapError(
        .inAxesStructure, "inAxes is .sum for \(leaf.path): only results can be summed up")
    case .unmapped, .each, .named: return nil
    }
  }
}

extension Axes {
  /// How many map axes an `inAxes` asks for.
  fileprivate var partCount: Int {
    switch self {
    case .axis, .unmapped, .ragged, .sum: 1
    case .axes(let axes): max(1, axes.count)
    case .each(let entries): entries.map(\.partCount).max() ?? 1
    case .named(let entries): entries.values.map(\.partCount).max() ?? 1
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
    // Dimensions count among those that the `vmap` finds, whichever of its axes they are for.
    var found = remaining
    for (number, level) in levels.enumerated() {
      if level.part == 0 { found = remaining }
      try level.checkSizes()
      if leaves.isEmpty, level.axisSize == nil {
        throw VMapError(
          .noTensors, "vmap needs an argument with a tensor, or axisSize; there is no tensor")
      }
      var written: [Int?] = []
      var outer: [Int?] = []
      var inner: [Int?] = []
      for (index, leaf) in leaves.enumerated() {
        let axis = try level.axis(of: leaf, leaf.axes[number])
        written.append(axis)
        guard let axis else {
          outer.append(nil)
          inner.append(nil)
          continue
        }
        guard
          leaf.axes[number] == .ragged || remaining[index].first != 0
            || leaf.handle.raggedRows == nil
        else {
          throw VMapError(
            .inAxesStructure,
            "inAxes is \(leaf.axes[number]) for \(leaf.path), which has examples of different lengths: "
              + "it should be .ragged")
        }
        let dimension = try Self.dimension(axis, of: leaf, found[index])
        guard let position = remaining[index].firstIndex(of: dimension) else {
          throw VMapError(
            .axisOutOfRange,
            "inAxes \(leaf.axes[number]) maps one dimension of \(leaf.path) twice")
        }
        outer.append(dimension)
        inner.append(position)
      }
      guard outer.contains(where: { $0 != nil }) || level.axisSize != nil else {
        throw VMapError(
          .nothingMapped,
          "inAxes \(level.inAxes) maps no argument: at least one axis should not be nil, "
            + "or axisSize should be given")
      }
      sizes.append(try ResolvedAxes.size(of: level, written, outer, leaves))
      dimensions.append(outer)
      innerDimensions.append(inner)
      for leaf in leaves.indices {
        if let axis = inner[leaf] { remaining[leaf].remove(at: axis) }
      }
    }
    for (index, leaf) in leaves.enumerated() where leaf.handle.raggedRows != nil {
      guard dimensions.contains(where: { $0[index] != nil }) else {
        throw VMapError(
          .inAxesStructure,
          "\(leaf.path) has examples of different lengths: inAxes should be .ragged for it")
      }
    }
  }

  /// The dimension of a leaf that an axis names, among some of them.
  private static func dimension(
    _ axis: Int, of leaf: TreeLeaf, _ dimensions: [Int]
  ) throws(VMapError) -> Int {
    let rank = dimensions.count
    guard -rank <= axis, axis < rank else {
      let needed = axis >= 0 ? UInt(axis) + 1 : axis.magnitude
      let shape = dimensions.map { leaf.handle.shape[$0] }
      throw VMapError(
        .axisOutOfRange,
        "inAxes maps axis \(axis) of \(leaf.path), which needs rank \(needed) or more, "
          + "but it has rank \(rank) and shape \(shape.shapeText)")
    }
    return dimensions[axis < 0 ? axis + rank : axis]
  }

  /// The one size that all mapped dimensions have.
  private static func size(
    of level: MapLevel, _ axes: [Int?], _ dimensions: [Int?], _ leaves: [TreeLeaf]
  ) throws(VMapError) -> Int {
    for (leaf, (dimension, axis)) in zip(leaves, zip(dimensions, axes)) {
      guard let dimension, let axis, leaf.handle.shape[dimension].isRagged else { continue }
      throw VMapError(
        .raggedDimension,
        "inAxes maps axis \(axis) of \(leaf.path) of type \(leaf.handle.type), whose length is another "
          + "one for each example")
    }
    var counts: [Int: Int] = [:]
    var examples: [Int: String] = [:]
    for (leaf, (dimension, axis)) in zip(leaves, zip(dimensions, axes)) {
      guard let dimension, let axis else { continue }
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

extension MapLevel {
  fileprivate func checkSizes() throws(VMapError) {
    if let axisSize, axisSize < 0 {
      throw VMapError(.invalidSize, "axisSize should not be negative, got \(axisSize)")
    }
    if let axisSize, parts > 1 {
      throw VMapError(
        .invalidSize,
        "axisSize is the size of one axis, and inAxes \(inAxes) maps \(parts) of them: got "
          + "\(axisSize)")
    }
    if let chunk, chunk <= 0 {
      throw VMapError(.invalidSize, "chunk should be positive, got \(chunk)")
    }
  }
}
