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

/// Where windows replace elements.
enum ReplacementPlace {
  /// In what a kernel stores.
  case storedValues
  /// In the state of a loop that keeps it to itself.
  case state
}

/// One window of an array, replaced by other elements.
struct ReplacedWindow {
  /// The loops over the window, and the dimensions that they go along.
  let variables: [LoopVariable]
  let dimensions: [Int]
  /// The index in the array at which the window begins.
  let start: [Expression]
  /// Whether the window is replaced; nil where it always is.
  let covers: Expression?
  /// The element at those loops' indices.
  let value: Expression
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
        parts = parts.saturatingProduct(shape[dimension])
      } else {
        elements = elements.saturatingProduct(shape[dimension])
        window = window.saturatingProduct(sizes[dimension])
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
    var covers: Expression?
    let all = extents + looped.map { .constant(windows[$0].size) }
    let id = graph.reductions.count
    _ = fold(over: all, initial: types.map(ScalarLiteral.zero)) { accumulators, loops in
      let over = Array(loops.prefix(extents.count))
      var inside = index
      for (dimension, position) in zip(looped, loops.dropFirst(extents.count)) {
        let window = windows[dimension]
        inside[dimension] = position
        target[dimension] = position
        let first = first(of: window, along: shape[dimension], over, index)
        covers = both(covers, first.isInside)
        target[dimension] = graph.add(first.index, position)
      }
      return combine(accumulators, over, inside)
    }
    return Replacement(
      reduction: id, target: target, covers: covers ?? literal(.one(.bool)))
  }

  /// The only window of an array, by loops of its own; nil where its place depends on those.
  func window(
    of shape: [Int], _ windows: [WindowExtent], initial: ([Expression]) -> [Expression],
    combine: (_ old: [Expression], _ loops: [Expression], _ inside: [Expression]) -> [Expression],
    loops: [Expression]
  ) -> ReplacedWindow? {
    let zero = graph.index(0)
    let dimensions = shape.indices.filter { windows[$0].size > 1 }
    let variables = dimensions.map { graph.makeVariable(.constant(windows[$0].size)) }
    var inside = [Expression](repeating: zero, count: shape.count)
    for (dimension, variable) in zip(dimensions, variables) {
      inside[dimension] = graph.index(variable)
    }
    var start: [Expression] = []
    var covers: Expression?
    for (window, size) in zip(windows, shape) {
      let first = first(of: window, along: size, loops, inside)
      start.append(first.index)
      covers = both(covers, first.isInside)
    }
    let place = start + (covers.map { [$0] } ?? [])
    guard place.allSatisfy({ graph.variables[$0.id].isDisjoint(with: variables) }) else {
      return nil
    }
    let old = initial(zip(start, inside).map { graph.add($0, $1) })
    return ReplacedWindow(
      variables: variables, dimensions: dimensions, start: start, covers: covers,
      value: combine(old, loops, inside)[0])
  }

  /// Where a window begins along a dimension, brought inside, and whether it lies inside as a whole;
  /// nil where it always does.
  func first(
    of window: WindowExtent, along size: Int, _ loops: [Expression], _ index: [Expression]
  ) -> (index: Expression, isInside: Expression?) {
    guard let start = window.start?(loops, index) else { return (graph.index(0), nil) }
    if size.isRagged {
      let last = graph.add(count(Extent(size: size, mapAxes)), graph.index(-window.size))
      let first = graph.minimum(self.index(of: start), last)
      return (graph.maximum(first, graph.index(0)), nil)
    }
    let end = size - window.size
    guard window.isDropped else {
      return (self.index(start, of: window.type, from: 0, through: end), nil)
    }
    let first = self.index(start, of: window.type, from: -1, through: end + 1)
    let isInside = both(less(graph.index(-1), first), less(first, graph.index(end + 1)))
    return (graph.minimum(graph.maximum(first, graph.index(0)), graph.index(end)), isInside)
  }

  /// Whether two conditions hold; nil is one that always does.
  func both(_ a: Expression?, _ b: Expression?) -> Expression? {
    guard let a, let b else { return a ?? b }
    return apply(.and, [a, b], .bool)
  }
}
