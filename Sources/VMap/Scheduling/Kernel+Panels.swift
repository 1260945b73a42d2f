extension Kernel {
  /// The kernels that copy the operands into panels, and then this one, which reads the copies.
  func withPanels(in program: inout Program) -> [Kernel] {
    guard !panels.isEmpty else { return [self] }
    var kernels: [Kernel] = []
    var kernel = self
    var replacements: [Expression: Expression] = [:]
    for (number, panel) in panels.enumerated() {
      let extents = panel.extents(graph)
      let buffer = program.makeValue(ValueType(panel.element, extents))
      kernels.append(copy(panel, to: buffer, extents, name: "\(name)p\(number)"))
      replacements[panel.load] = graph.make(
        .load(
          buffer: buffer, offset: graph.rowMajor(panel.place(graph), extents), panel.element))
      kernel.padded.insert(buffer)
      kernel.inputs.append(buffer)
    }
    for id in graph.reductions.indices {
      graph.reductions[id].step = graph.reductions[id].step.map {
        graph.replacing(replacements, in: $0)
      }
    }
    let analysis = KernelAnalysis(
      graph, roots: roots.flatMap(\.parts), rootVariables: parallel + roots.flatMap(\.serial))
    let read = analysis.nodes.compactMap { expression -> ValueID? in
      if case .load(let buffer, _, _) = graph[expression] { buffer } else { nil }
    }
    kernel.inputs.removeAll { !read.contains($0) }
    return kernels + [kernel]
  }

  /// A kernel that copies an operand.
  ///
  /// Where rows are contiguous a work-item takes whole rows and writes to all panels, so that
  /// memory is read in order; else it takes the lanes of a vector, down all rows.
  private func copy(
    _ panel: Panel, to buffer: ValueID, _ extents: [Extent], name: String
  ) -> Kernel {
    let copied = ExpressionGraph()
    var variables: [LoopVariable: LoopVariable] = [:]
    for variable in panel.outer + [panel.lane] + panel.inner {
      variables[variable] = copied.makeVariable(graph.extent(of: variable))
    }
    func image(_ loops: [LoopVariable]) -> [LoopVariable] { loops.compactMap { variables[$0] } }
    let (outer, lanes, inner) = (image(panel.outer), image([panel.lane]), image(panel.inner))
    guard case .load(_, let offset, _) = graph[panel.load] else { return self }
    let source = copied.translated(offset, from: graph, variables)
    let place = Panel(
      load: source, buffer: buffer, element: panel.element, lane: lanes[0], width: panel.width,
      outer: outer, inner: inner
    ).place(copied)
    let stride = graph.stride(offset, along: panel.lane)
    let isContiguous = stride == .by(graph.index(1))
    let serial = isContiguous ? lanes : inner
    let rows = KernelAnalysis.size(serial.map(copied.extent))
    let itemCost = isContiguous ? 2 * rows / Double(width) : Double(width) * rows
    return Kernel(
      name: name, graph: copied,
      roots: [
        Root(
          buffer: buffer, element: panel.element,
          parts: [copied.make(.load(buffer: panel.buffer, offset: source, panel.element))],
          offset: copied.rowMajor(place, extents), serial: serial)
      ],
      schedule: Candidate(
        parallel: outer + (isContiguous ? inner : lanes), serial: serial,
        lanes: isContiguous ? .inner : .outer(lanes[0]), laneCount: width,
        laneVariables: Set(lanes)),
      localSize: itemCost > 2000 ? 1 : 8, itemCost: itemCost,
      explanation: "copies b\(panel.buffer) into panels of \(panel.width)",
      inputs: [panel.buffer], padded: [buffer])
  }
}

extension Panel {
  /// Where the element of an iteration lies: an index of the copy's buffer.
  func place(_ graph: ExpressionGraph) -> [Expression] {
    let position = graph.index(lane)
    return outer.map(graph.index) + [graph.divide(position, by: width)]
      + inner.map(graph.index) + [graph.remainder(position, by: width)]
  }
}
