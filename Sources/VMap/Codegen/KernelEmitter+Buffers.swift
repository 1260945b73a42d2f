/// Where the elements of buffers lie.
extension KernelEmitter {
  func name(ofBuffer buffer: ValueID) -> String {
    arguments.name(of: buffer) ?? inconsistent("buffer \(buffer) is no argument")
  }

  /// A pointer to an element.
  func pointer(_ buffer: ValueID, _ offset: Expression) -> String {
    "\(name(ofBuffer: buffer)) + \(indexText(fromStart(offset, of: buffer)))"
  }

  /// An offset in a buffer, from where that begins for the kernel.
  func fromStart(_ offset: Expression, of buffer: ValueID) -> Expression {
    guard let start = arguments.starts.first(where: { $0.buffer == buffer }) else { return offset }
    return graph.add(offset, graph.index(-start.element))
  }
}

extension Kernel {
  /// The first constant place of each input of which the kernel reads none before it.
  var starts: [KernelArguments.Start] {
    var starts: [ValueID: Int] = [:]
    for case .load(let buffer, let offset, _) in graph.nodes {
      let constant = graph.terms(offset).first { $0.atoms.isEmpty }?.coefficient ?? 0
      starts[buffer] = min(starts[buffer] ?? .max, constant)
    }
    let stored = Set(roots.map(\.buffer) + scratch.values.map(\.buffer))
    return inputs.compactMap { buffer in
      guard let start = starts[buffer], start > 0, !stored.contains(buffer) else { return nil }
      return KernelArguments.Start(buffer: buffer, element: start)
    }
  }
}
