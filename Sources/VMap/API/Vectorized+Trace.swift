extension Vectorized {
  /// The arguments' tensors, with what each level's `inAxes` says of them.
  func leaves(_ inputs: repeat each Input) throws(VMapError) -> [TreeLeaf] {
    var count = 0
    for _ in repeat (each Input).self { count += 1 }
    var prefixes: [[Axes]] = []
    for level in levels { prefixes.append(try level.prefixes(forArguments: count)) }
    var leaves: [TreeLeaf] = []
    var position = 0
    func add<Tree: TensorTree>(_ tree: Tree) throws(VMapError) {
      let root =
        levels.first { position < $0.argumentNames.count }?.root(of: position)
        ?? "argument \(position)"
      leaves += try LeafCollector.leaves(
        of: tree, prefixes: prefixes.map { $0[position] }, root: root, parameter: "inAxes",
        errorKind: .inAxesStructure)
      position += 1
    }
    do { repeat try add(each inputs) } catch { throw VMapError(caught: error) }
    for leaf in leaves {
      if case .failed(let error) = leaf.handle.current { throw error }
    }
    return leaves
  }

  /// Binds the axes, runs the function and unbinds its results.
  private func apply(
    _ inputs: repeat each Input, handles: [TensorHandle], axes: ResolvedAxes, in trace: Trace,
    extents: [Extent], ragged: [RaggedInput] = [], of segments: [Int?] = [],
    structure: StructureHash? = nil
  ) throws(VMapError) -> (template: Output, results: [TensorHandle], ragged: [Int?]) {
    let totals = handles
    var handles = handles
    var ids: [Int] = []
    // The axis that the rows of each segmentation go along.
    var rows: [Int: Int] = [:]
    for (number, level) in levels.enumerated() {
      let axis = trace.makeAxis(name: level.axisName, extent: extents[number])
      ids.append(axis)
      for (segment, input) in ragged.enumerated() where input.level == number {
        rows[segment] = try trace.makeRowAxis(of: axis, input)
      }
      for leaf in handles.indices {
        guard let dimension = axes.innerDimensions[number][leaf] else { continue }
        if leaf < segments.count, let segment = segments[leaf], ragged[segment].level == number,
          let axis = rows[segment]
        {
          handles[leaf] = trace.emit(BindRagged(axis: axis), [handles[leaf]])[0]
          continue
        }
        handles[leaf] =
          trace.emit(
            BindAxis(axis: axis, dimension: dimension), [handles[leaf]])[0]
      }
    }
    if let error = trace.error { throw error }
    let output: Output
    do {
      var replacer = LeafReplacer(handles)
      let arguments = (repeat try replacer.replace(each inputs))
      try replacer.finish(structure)
      output = try trace.binding(levels[...], to: ids[...]) {
        try trace.beingCurrent { try function(repeat each arguments) }
      }
    } catch {
      // An operation that failed before the function threw is the cause.
      throw trace.error ?? VMapError(caught: error)
    }
    if let error = trace.error { throw error }
    let leaves = try self.output.collect(output, levels.map(\.outAxes))
    var results: [TensorHandle] = []
    var raggedResults: [Int?] = []
    for leaf in leaves {
      let own = try trace.raggedAxis(of: leaf)
      raggedResults.append(rows.first { $0.value == own }?.key)
      results.append(try trace.unbind(leaf, levels, axes: ids))
    }
    if accumulates { results = try trace.adding(results, leaves, to: totals) }
    trace.closeAxes(ids)
    if let error = trace.error { throw error }
    return (output, results, raggedResults)
  }

  /// Calls the function inside an enclosing trace: more axes of the same program.
  func inline(_ inputs: repeat each Input, in trace: Trace) throws(VMapError) -> Output {
    let leaves = try leaves(repeat each inputs)
    let stored = try StoredArguments(leaves.map(\.handle))
    for handle in stored.handles.prefix(stored.count) {
      trace.pinExtents(of: try trace.value(for: handle))
    }
    let axes = try ResolvedAxes(levels, leaves)
    var handles = stored.handles
    for (number, segments) in stored.segments.enumerated() {
      handles[stored.examples(of: number)] = try segments.examples()
    }
    let (template, results, raggedResults) = try apply(
      repeat each inputs, handles: Array(handles.prefix(stored.count)), axes: axes, in: trace,
      extents: axes.sizes.map(Extent.constant),
      ragged: stored.inputs(axes, handles, stored.segments.map { .constant($0.total) }),
      of: stored.leaves.map(\.segments))
    return try output.replace(
      template,
      zip(results, raggedResults).map { result, number in
        number.map { TensorHandle.ragged(result, stored.segments[$0]) } ?? result
      })
  }

  /// Traces and compiles for arguments like these.
  func compile(
    _ inputs: repeat each Input, signature: CallSignature
  ) throws(VMapError) -> CallCache<Output>.Entry {
    let leaves = try leaves(repeat each inputs)
    let stored = try StoredArguments(leaves.map(\.handle))
    guard stored.leaves == signature.leaves else { throw LeafReplacer.changedTree }
    let axes = try ResolvedAxes(levels, leaves)
    let dimensions = stored.dimensions(axes)
    let symbols =
      levels.indices.map { Symbol(id: $0) }
      + stored.segments.indices.map { Symbol(id: $0, isTotal: true) }
    let sizes = Dictionary(
      uniqueKeysWithValues: zip(symbols, axes.sizes + stored.segments.map(\.total)))
    let trace = Trace(sizes: sizes)
    defer { trace.abandon() }
    let handles = stored.handles.enumerated().map { index, handle in
      var shape = handle.shape.map(Extent.constant)
      for (number, symbol) in symbols.enumerated() {
        if let dimension = dimensions[number][index] { shape[dimension] = .symbol(symbol) }
      }
      return trace.makeInput(handle.element, shape)
    }
    let (template, results, raggedResults) = try apply(
      repeat each inputs, handles: Array(handles.prefix(stored.count)), axes: axes, in: trace,
      extents: symbols.prefix(levels.count).map(Extent.symbol),
      ragged: stored.inputs(
        axes, handles, symbols.dropFirst(levels.count).map(Extent.symbol)),
      of: stored.leaves.map(\.segments), structure: signature.structure)
    let program = try trace.finish(results: results)
    let entry = CallCache<Output>.Entry(
      symbols: symbols, dimensions: dimensions, fixedSizes: levels.map(\.axisSize),
      pinned: sizes.filter { trace.pinned.contains($0.key) },
      captured: trace.capturedHandles, executable: try Executable.make(for: program),
      template: template, raggedResults: raggedResults)
    cache.insert(entry, for: signature.masking(dimensions))
    return entry
  }
}
