extension Vectorized {
  /// Calls the function on slices of the batch, at most `size` examples each, and puts the results
  /// together; nil where the whole batch must run at once, or fits.
  func chunked(_ inputs: repeat each Input, size: Int) throws(VMapError) -> Output? {
    var levels = levels
    levels[0].chunk = nil
    let whole = Vectorized(
      function: function, levels: levels, output: output, cache: cache,
      accumulates: accumulates)
    let leaves = try whole.leaves(repeat each inputs)
    let axes = try ResolvedAxes(self.levels, leaves)
    let count = axes.sizes[0]
    guard count > size, axes.dimensions[0].contains(where: { $0 != nil }) else { return nil }
    levels[0].axisSize = nil
    let part = Vectorized(
      function: function, levels: levels, output: output, cache: cache,
      accumulates: accumulates)
    let entry = try part.entry(repeat each inputs)
    guard !entry.executable.readsWholeAxis else { return nil }
    try entry.executable.requireRoomForResults(entry.sizes(of: leaves.map(\.handle)))
    var pieces: [[TensorHandle]] = []
    var template: (output: Output, leaves: [TreeLeaf])?
    for start in stride(from: 0, to: count, by: size) {
      var handles = leaves.map(\.handle)
      for (index, dimension) in axes.dimensions[0].enumerated() {
        guard let dimension else { continue }
        handles[index] = try handles[index].sliced(
          start, start + min(size, count - start), along: dimension)
      }
      let output = try part.replacingLeaves(handles, of: repeat each inputs)
      let results = try self.output.collect(output, [levels[0].outAxes])
      pieces.append(results.map(\.handle))
      if template == nil { template = (output, results) }
    }
    guard let template else { return nil }
    // Chunks go along the first axis of a `vmap` of several.
    var dimensions: [Int?] = []
    for leaf in template.leaves {
      dimensions.append(try levels[0].outDimension(of: leaf))
    }
    let joined = template.leaves.enumerated().map { index, leaf in
      guard let dimension = dimensions[index] else { return leaf.handle }
      return TensorHandle.concatenation(of: pieces.map { $0[index] }, along: dimension)
    }
    return try output.replace(template.output, joined)
  }

  /// Calls the function with other tensors in the places of these.
  private func replacingLeaves(
    _ handles: [TensorHandle], of inputs: repeat each Input
  ) throws(VMapError) -> Output {
    do {
      var replacer = LeafReplacer(handles)
      let arguments = (repeat try replacer.replace(each inputs))
      return try self(repeat each arguments)
    } catch {
      throw VMapError(caught: error)
    }
  }
}

extension Executable {
  /// Whether an example needs to know the others, or which one it is: then slices would not do.
  fileprivate var readsWholeAxis: Bool {
    var readsWhole = false
    program.body.forEachInstruction { instruction in
      let operation = instruction.operation
      readsWhole = readsWhole || operation.crossesAxes || operation is AxisIndex
    }
    return readsWhole
  }
}

extension TensorHandle {
  /// Tensors one after another, a bounded number at a time: a kernel has a bounded number of
  /// arguments.
  static func concatenation(of handles: [TensorHandle], along dimension: Int) -> TensorHandle {
    if handles.count == 1 { return handles[0] }
    guard handles.count > 32 else { return .apply(Concatenate(dimension: dimension), handles) }
    let groups = stride(from: 0, to: handles.count, by: 32).map { start in
      let group = handles[start..<min(start + 32, handles.count)]
      return TensorHandle.apply(Concatenate(dimension: dimension), Array(group)).settled()
    }
    return concatenation(of: groups, along: dimension)
  }

  /// The handle after running what was recorded, outside of traces.
  private func settled() -> TensorHandle {
    if case .recorded = current { _ = try? storage() }
    return self
  }
}
