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
    extents: [Extent], structure: StructureHash? = nil
  ) throws(VMapError) -> (template: Output, results: [TensorHandle]) {
    let totals = handles
    var handles = handles
    var ids: [Int] = []
    for (number, level) in levels.enumerated() {
      let axis = trace.makeAxis(name: level.axisName, extent: extents[number])
      ids.append(axis)
      for leaf in handles.indices {
        guard let dimension = axes.innerDimensions[number][leaf] else { continue }
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
    for leaf in leaves { results.append(try trace.unbind(leaf, levels, axes: ids)) }
    if accumulates { results = try trace.adding(results, leaves, to: totals) }
    trace.closeAxes(ids)
    if let error = trace.error { throw error }
    return (output, results)
  }

  /// Calls the function inside an enclosing trace: more axes of the same program.
  func inline(_ inputs: repeat each Input, in trace: Trace) throws(VMapError) -> Output {
    let leaves = try leaves(repeat each inputs)
    for leaf in leaves { trace.pinExtents(of: try trace.value(for: leaf.handle)) }
    let axes = try ResolvedAxes(levels, leaves)
    let (template, results) = try apply(
      repeat each inputs, handles: leaves.map(\.handle), axes: axes, in: trace,
      extents: axes.sizes.map(Extent.constant))
    return try output.replace(template, results)
  }

  /// Traces and compiles for arguments like these.
  func compile(
    _ inputs: repeat each Input, signature: CallSignature
  ) throws(VMapError) -> CallCache<Output>.Entry {
    let leaves = try leaves(repeat each inputs)
    let types = leaves.map {
      CallSignature.Leaf(element: $0.handle.element, shape: $0.handle.shape)
    }
    guard types == signature.leaves else { throw LeafReplacer.changedTree }
    let axes = try ResolvedAxes(levels, leaves)
    let symbols = levels.indices.map(Symbol.init(id:))
    let sizes = Dictionary(uniqueKeysWithValues: zip(symbols, axes.sizes))
    let trace = Trace(sizes: sizes)
    defer { trace.abandon() }
    let handles = leaves.enumerated().map { index, leaf in
      var shape = leaf.handle.shape.map(Extent.constant)
      for (level, symbol) in symbols.enumerated() {
        if let dimension = axes.dimensions[level][index] { shape[dimension] = .symbol(symbol) }
      }
      return trace.makeInput(leaf.handle.element, shape)
    }
    let (template, results) = try apply(
      repeat each inputs, handles: handles, axes: axes, in: trace,
      extents: symbols.map(Extent.symbol), structure: signature.structure)
    let program = try trace.finish(results: results)
    let entry = CallCache<Output>.Entry(
      dimensions: axes.dimensions, fixedSizes: levels.map(\.axisSize),
      pinned: sizes.filter { trace.pinned.contains($0.key) },
      captured: trace.capturedHandles, executable: try Executable.make(for: program),
      template: template)
    cache.insert(entry, for: signature.masking(axes.dimensions))
    return entry
  }
}
