extension Vectorized {
  /// Calls the function on parts of the batch, one after another; the results are put where they belong.
  func run(
    _ entry: CallCache<Output>.Entry, _ handles: [TensorHandle], part: Int
  ) throws(VMapError) -> Output {
    guard let divided = entry.executable.divided else {
      throw VMapError(.internalInconsistency, "a program that cannot be divided was to be")
    }
    let inputs = try (handles + entry.captured).map { handle throws(VMapError) in
      try handle.storage()
    }
    let results = try divided.run(inputs, sizes: entry.sizes(of: handles), part: part)
    return try output.replace(entry.template, results.map { TensorHandle($0) })
  }
}
