extension Vectorized {
  /// Calls the function on examples of different lengths.
  func callRagged(
    _ inputs: repeat each Input, collector: SignatureCollector, stored: StoredArguments
  ) throws(VMapError) -> Output {
    if let level = levels.first(where: { $0.chunk != nil }) {
      throw VMapError(
        .invalidSize,
        "chunk is \(level.chunk ?? 0): examples of different lengths all run at once")
    }
    if let wish, wish.devices != nil || wish.mesh != nil {
      throw VMapError(
        .invalidArgument,
        "\(wish.devices == nil ? "mesh" : "devices") is given: examples of different lengths all run on one "
          + "device")
    }
    let entry = try entry(repeat each inputs, signature: collector.signature)
    var handles = collector.handles
    for (number, segments) in stored.segments.enumerated() {
      let position = stored.examples(of: number)
      if entry.executable.reads(parameter: position) { handles[position] = try segments.examples() }
    }
    for handle in handles { _ = try handle.storage() }
    let slot = try slot(for: entry, collector, handles)
    defer { slot.release() }
    guard let call = slot.call else {
      throw VMapError(.internalInconsistency, "there is no prepared call")
    }
    let results = zip(try call.results(), entry.raggedResults).map { result, number in
      number.map { TensorHandle.ragged(result, stored.segments[$0]) } ?? result
    }
    return try output.replace(entry.template, results)
  }
}

extension Executable {
  /// Whether a kernel reads the parameter at a position.
  fileprivate func reads(parameter position: Int) -> Bool {
    let value = program.body.parameters[position]
    return source.arguments.contains { $0.inputs.contains(value) }
  }
}
