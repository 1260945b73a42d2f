/// A window along one dimension of an array.
struct WindowExtent {
  let size: Int
  /// The element that says where a window begins, by the loops over windows and the index in the
  /// array; nil where every window begins at 0.
  ///
  /// Of the index only dimensions whose windows all begin at 0 may be used.
  let start: ((_ loops: [Expression], _ index: [Expression]) -> Expression)?
  /// The type of that element.
  let type: ElementType
  /// Whether a window that reaches beyond an edge replaces nothing; else it is moved inside.
  var isDropped = true
}

extension LoopBuilder {
  /// The elements at an index of arrays of which windows are replaced one after another.
  ///
  /// An element runs over all windows in order and takes in those that cover it, so that the result is
  /// the same whoever computes it.
  ///
  /// - Parameters:
  ///   - extents: The loops over windows, slowest first.
  ///   - shape: The shape of the arrays.
  ///   - windows: A window's extent along each dimension of the arrays.
  ///   - initial: The elements at an index before any window.
  ///   - combine: The elements after one more window, by the loops and the index in the window.
  func replacingWindows(
    over extents: [Extent], of shape: [Int], windows: [WindowExtent], at index: [Expression],
    types: [ElementType], initial: (_ index: [Expression]) -> [Expression],
    combine: (_ old: [Expression], _ loops: [Expression], _ inside: [Expression]) -> [Expression]
  ) -> [Expression] {
    if windows.contains(where: { $0.size == 0 }) || extents.contains(.constant(0)) {
      return initial(index)
    }
    func step(_ old: [Expression], _ loops: [Expression]) -> ([Expression], covers: Expression?) {
      let (place, covers) = place(of: index, in: windows, shape, loops)
      return (combine(old, loops, place), covers)
    }
    func choose(_ condition: Expression?, _ new: [Expression], _ old: [Expression]) -> [Expression]
    {
      guard let condition else { return new }
      return types.indices.map { apply(.select, [condition, new[$0], old[$0]], types[$0]) }
    }
    // A loop of one iteration is none.
    let open = extents.filter { $0 != .constant(1) }
    func all(_ loops: [Expression]) -> [Expression] {
      var rest = loops[...]
      return extents.map { $0 == .constant(1) ? graph.index(0) : rest.popFirst() ?? graph.index(0) }
    }
    if place == .state, open.isEmpty {
      window = window(of: shape, windows, initial: initial, combine: combine, loops: all([]))
      // The window is all that is asked for.
      return types.map { literal(.zero($0)) }
    }
    let initial = initial(index)
    if open.isEmpty {
      let (new, covers) = step(initial, all([]))
      return choose(covers, new, initial)
    }
    if place == .storedValues {
      replacement = replacement(
        over: extents, of: shape, windows: windows, at: index, types: types, combine: combine)
      return initial
    }
    let truth = literal(.one(.bool))
    let results = fold(over: open, initial: types.map(ScalarLiteral.zero) + [.zero(.bool)]) {
      accumulators, loops in
      let values = Array(accumulators.dropLast())
      let isReplaced = accumulators[types.count]
      let (new, covers) = step(choose(isReplaced, values, initial), all(loops))
      let either = covers.map { apply(.or, [isReplaced, $0], .bool) } ?? truth
      return choose(covers, new, values) + [either]
    }
    return choose(results[types.count], Array(results.dropLast()), initial)
  }

  /// Where an index of the array is in a window, brought inside, and whether it is in it; nil where it
  /// always is.
  private func place(
    of index: [Expression], in windows: [WindowExtent], _ shape: [Int], _ loops: [Expression]
  ) -> (place: [Expression], covers: Expression?) {
    var covers: Expression?
    func require(_ condition: Expression) { covers = both(covers, condition) }
    var place: [Expression] = []
    for (dimension, window) in windows.enumerated() {
      let last = graph.index(window.size - 1)
      guard let start = window.start?(loops, index) else {
        if window.size < shape[dimension] {
          require(less(index[dimension], graph.index(window.size)))
        }
        place.append(graph.minimum(index[dimension], last))
        continue
      }
      if shape[dimension].isRagged {
        let first = first(of: window, along: shape[dimension], loops, index).index
        require(less(graph.subtract(index[dimension], first), graph.index(1)))
        require(less(graph.index(-1), graph.subtract(index[dimension], first)))
        place.append(graph.index(0))
        continue
      }
      let end = shape[dimension] - window.size
      if window.size == 1, window.isDropped {
        require(isIndex(index[dimension], through: shape[dimension], start, of: window.type))
        place.append(graph.index(0))
        continue
      }
      // A start just outside stands for all that are.
      let reach = window.isDropped ? 1 : 0
      let first = self.index(start, of: window.type, from: -reach, through: end + reach)
      let distance = graph.subtract(index[dimension], first)
      if window.isDropped {
        require(less(graph.index(-1), first))
        require(less(first, graph.index(end + 1)))
      }
      require(less(graph.index(-1), distance))
      require(less(distance, graph.index(window.size)))
      place.append(graph.minimum(graph.maximum(distance, graph.index(0)), last))
    }
    return (place, covers)
  }
}
