/// Elements that are replaced one after another where they are stored.
struct Replacement {
  /// The reduction whose loops run over all that is replaced, and whose accumulators are the elements
  /// there: what its step makes of them takes their place.
  let reduction: Int
  /// The index of the element, inside of the array.
  let target: [Expression]
  /// Whether the element is replaced.
  let covers: Expression
}

/// How many windows replace elements of an array.
struct WindowCounts {
  let windows: Int
  /// The elements of the array, and those of one window, that depend on one another: what several
  /// work-items can replace side by side is left out.
  let elements: Int
  let window: Int
  /// How many such parts the array has.
  let parts: Int

  /// - Parameters:
  ///   - sizes: The size of a window along each dimension.
  ///   - moving: The dimensions along which windows begin at different indices.
  init(windows: Int, shape: [Int], sizes: [Int], moving: [Int]) {
    var (elements, window, parts) = (1, 1, 1)
    for dimension in shape.indices {
      if sizes[dimension] == shape[dimension], !moving.contains(dimension) {
        parts *= shape[dimension]
      } else {
        elements *= shape[dimension]
        window *= sizes[dimension]
      }
    }
    self.windows = windows
    self.elements = elements
    self.window = window
    self.parts = parts
  }
}

extension LoopBuilder {
  /// The windows of an array as replacements in place: the same steps in the same order for each
  /// element as where every element runs over all windows.
  ///
  /// Dimensions that every window covers as a whole are not looped over here: `index` says where.
  func replacement(
    over extents: [Extent], of shape: [Int], windows: [WindowExtent], at index: [Expression],
    types: [ElementType],
    combine: (_ old: [Expression], _ loops: [Expression], _ inside: [Expression]) -> [Expression]
  ) -> Replacement {
    let looped = windows.indices.filter { dimension in
      windows[dimension].start != nil || windows[dimension].size != shape[dimension]
    }
    var target = index
    var covers = literal(.one(.bool))
    let all = extents + looped.map { .constant(windows[$0].size) }
    let id = graph.reductions.count
    _ = fold(over: all, initial: types.map(ScalarLiteral.zero)) { accumulators, loops in
      let over = Array(loops.prefix(extents.count))
      var inside = index
      for (dimension, position) in zip(looped, loops.dropFirst(extents.count)) {
        let window = windows[dimension]
        inside[dimension] = position
        target[dimension] = position
        guard let start = window.start?(over, index) else { continue }
        let end = shape[dimension] - window.size
        let first = self.index(start, of: window.type, from: -1, through: end + 1)
        for condition in [less(graph.index(-1), first), less(first, graph.index(end + 1))] {
          covers = apply(.and, [covers, condition], .bool)
        }
        let clamped = graph.minimum(graph.maximum(first, graph.index(0)), graph.index(end))
        target[dimension] = graph.add(clamped, position)
      }
      return combine(accumulators, over, inside)
    }
    return Replacement(reduction: id, target: target, covers: covers)
  }
}
