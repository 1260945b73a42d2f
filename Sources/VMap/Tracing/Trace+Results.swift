import Synchronization

/// What becomes of a function's results at the end of a `vmap`.
extension Trace {
  /// Binds the name of a `vmap` that is around a function to its axes, and so on for those inside of it.
  func binding<R>(
    _ levels: ArraySlice<MapLevel>, to axes: ArraySlice<Int>, _ body: () throws -> R
  ) rethrows -> R {
    guard let level = levels.first else { return try body() }
    return try binding(level.axisName, to: Array(axes.prefix(level.parts))) {
      try binding(levels.dropFirst(level.parts), to: axes.dropFirst(level.parts), body)
    }
  }

  /// The axis that the rows of a result go along, if its examples have lengths of their own.
  func raggedAxis(of leaf: TreeLeaf) throws(VMapError) -> Int? {
    type(of: try value(for: leaf.handle)).raggedAxes.first
  }

  /// The rows of all examples of a result, where the axes of a map are those of its examples; nil for a
  /// result whose examples along them have one shape.
  private func unbindRagged(
    _ handle: TensorHandle, _ leaf: TreeLeaf, _ type: ValueType, _ axes: [Int], _ place: Axes
  ) throws(VMapError) -> TensorHandle? {
    let all = state.withLock { $0.program.axes }
    let own = type.raggedAxes.filter { all[$0].rows.map { axes.contains($0.axis) } ?? false }
    let text = type.text
    guard let axis = own.first else {
      guard place == .ragged else { return nil }
      throw VMapError(
        .outAxesStructure,
        "outAxes is .ragged for \(leaf.path), which is \(text) for each example: no dimension of it has a "
          + "length of its own")
    }
    guard place == .ragged else {
      throw VMapError(
        .outAxesStructure,
        "outAxes is \(place) for \(leaf.path), which is \(text) for each example: it should be .ragged"
      )
    }
    guard own.count == 1, type.shape[0].raggedAxis == axis else {
      throw VMapError(
        .raggedDimension,
        "outAxes is .ragged for \(leaf.path), which is \(text) for each example: the first dimension alone "
          + "should have a length of its own")
    }
    return emit(UnbindRagged(axis: axis), [handle])[0]
  }

  /// The end of all levels for one result, innermost first.
  func unbind(
    _ leaf: TreeLeaf, _ levels: [MapLevel], axes: [Int]
  ) throws(VMapError) -> TensorHandle {
    var handle = leaf.handle
    var end = levels.count
    while end > 0 {
      let first = end - levels[end - 1].parts
      handle = try unbind(handle, leaf, levels[first], Array(axes[first..<end]), leaf.axes[first])
      end = first
    }
    return handle
  }

  /// The end of one `vmap` for a result: its axes become dimensions, are summed over, or must not be
  /// there.
  private func unbind(
    _ handle: TensorHandle, _ leaf: TreeLeaf, _ level: MapLevel, _ axes: [Int], _ place: Axes
  ) throws(VMapError) -> TensorHandle {
    let type = type(of: try value(for: handle))
    if let result = try unbindRagged(handle, leaf, type, axes, place) { return result }
    if case .sum = place {
      guard Reduce.Kind.sum.accepts(type.element) else {
        throw VMapError(
          .typeMismatch,
          "outAxes is .sum for \(leaf.path), which is \(type.element.rawValue): there is no sum of it"
        )
      }
      return axes.reduce(handle) { emit(AxisReduce(kind: .sum, axis: $1), [$0])[0] }
    }
    let dimensions = try level.outDimensions(place, ofRank: type.shape.count, leaf.path)
    for (axis, dimension) in zip(axes, dimensions)
    where dimension == nil && type.axes.contains(axis) {
      let named = level.axisName.map { " (axisName \"\($0)\")" } ?? ""
      throw VMapError(
        .outAxisNilForMappedResult,
        "outAxes is nil for \(leaf.path), but it varies over the mapped axis\(named)")
    }
    // From the front on each has its final place.
    let views = zip(axes, dimensions).compactMap { axis, dimension in
      dimension.map { UnbindAxis(axis: axis, dimension: $0) }
    }
    return views.sorted { $0.dimension < $1.dimension }.reduce(handle) { emit($1, [$0])[0] }
  }
}

extension MapLevel {
  /// Where this axis is in a whole result.
  func outDimension(of leaf: TreeLeaf) throws(VMapError) -> Int? {
    let place = leaf.axes[0]
    let count = if case .axes(let axes) = place { axes.count { $0 != nil } } else { parts }
    return try outDimensions(place, ofRank: leaf.handle.shape.count - count, leaf.path)[part]
  }

  /// Where each axis of its `vmap` is in a result that has so many dimensions without them.
  func outDimensions(
    _ place: Axes, ofRank rank: Int, _ path: TreePath
  ) throws(VMapError) -> [Int?] {
    let written: [Int?]
    switch place {
    case .axis(let axis):
      written = (0..<parts).map { axis < 0 ? axis - (parts - 1 - $0) : axis + $0 }
    case .axes(let axes):
      guard axes.count == parts else {
        throw VMapError(
          .outAxesStructure,
          "outAxes has \(quantity(axes.count, "place")) for \(path), one for each axis, and inAxes maps "
            + quantity(parts, "axis", "axes"))
      }
      written = axes
    case .unmapped, .ragged, .sum, .each, .named: return [Int?](repeating: nil, count: parts)
    }
    let rank = rank + written.count { $0 != nil }
    var dimensions: [Int?] = []
    for axis in written {
      guard let axis else {
        dimensions.append(nil)
        continue
      }
      guard -rank <= axis, axis < rank else {
        throw VMapError(
          .outAxisOutOfRange,
          "outAxes puts axis \(axis) into \(path), which has \(rank) dimensions with the batch: "
            + "\(-rank) to \(rank - 1) are possible")
      }
      let dimension = axis < 0 ? axis + rank : axis
      guard !dimensions.contains(dimension) else {
        throw VMapError(
          .outAxisOutOfRange, "outAxes \(place) puts two axes into one dimension of \(path)")
      }
      dimensions.append(dimension)
    }
    return dimensions
  }
}
