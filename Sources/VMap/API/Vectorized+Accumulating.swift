extension Vectorized where Output: TensorTree {
  /// The function with its sums over the batch added to others: those of the micro-batches before.
  ///
  ///     let gradients = vmap(grad(loss), inAxes: [nil, 0], outAxes: .sum)
  ///     let more = gradients.accumulating()
  ///     var total = try gradients(w, batches[0])
  ///     for batch in batches.dropFirst() { total = try more(total, w, batch) }
  ///
  /// - Returns: A function whose first argument is what is added to, a tree like the result, and which
  ///   gives that with the sums. Nothing is compiled for another size of a batch.
  ///
  /// A function whose `outAxes` is not ``Axes/sum`` for each tensor makes the call throw ``VMapError`` of
  /// kind ``VMapError/Kind/outAxesStructure``, a first argument that is not like the result one of kind
  /// `shapeMismatch` or `typeMismatch`.
  public func accumulating() -> Vectorized<Output, Output, repeat each Input> {
    var count = 0
    for _ in repeat (each Input).self { count += 1 }
    let function = function
    return Vectorized<Output, Output, repeat each Input>(
      function: { (total: Output, inputs: repeat each Input) in
        let output = try function(repeat each inputs)
        _ = try handles(
          argumentLeaves(of: total), like: argumentLeaves(of: output), "accumulating",
          .invalidArgument, "what is added to has", "the result has")
        return output
      },
      levels: levels.map { $0.afterTotal(forArguments: count) }, output: output, accumulates: true)
  }
}

extension MapLevel {
  /// The level with one more argument, which comes first and is the same for all examples.
  fileprivate func afterTotal(forArguments count: Int) -> MapLevel {
    var level = self
    switch inAxes {
    case .each(let entries): level.inAxes = .each([.unmapped] + entries)
    case .named: break
    case .axis, .axes, .unmapped, .ragged, .sum:
      level.inAxes = .each([.unmapped] + [Axes](repeating: inAxes, count: count))
    }
    if !argumentNames.isEmpty { level.argumentNames = ["total"] + argumentNames }
    return level
  }
}

extension Trace {
  /// The results of a `vmap` that are sums, added to tensors of their types.
  func adding(
    _ sums: [TensorHandle], _ leaves: [TreeLeaf], to totals: some Sequence<TensorHandle>
  ) throws(VMapError) -> [TensorHandle] {
    var results: [TensorHandle] = []
    for ((sum, leaf), total) in zip(zip(sums, leaves), totals) {
      guard leaf.axes.first == .sum else {
        throw VMapError(
          .outAxesStructure,
          "accumulating: outAxes should be .sum for each tensor of the result, for \(leaf.path) it is "
            + (leaf.axes.first.map(\.description) ?? "none, as the function is not mapped"))
      }
      guard sum.type == total.type else {
        throw VMapError(
          sum.element == total.element ? .shapeMismatch : .typeMismatch,
          "accumulating: what is added to should be \(sum.type) as \(leaf.path) is, "
            + "it is \(total.type)")
      }
      results.append(try .elementwise("add", total, sum))
    }
    return results
  }
}
