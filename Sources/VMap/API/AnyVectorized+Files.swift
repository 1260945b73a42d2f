import Device

extension AnyVectorized {
  /// Calls the function on the rows of one process, and writes its rows of the results to files.
  ///
  /// Neither arguments in mapped files nor results need the host's memory: parts of the batch are read and
  /// written where they are, and given up again.
  ///
  /// - Parameters:
  ///   - arguments: The arguments of all examples.
  ///   - process: The process, which computes its share of the batch.
  ///   - paths: A `.npy` file for each result that is wanted; the first results are.
  /// - Returns: The types of those results.
  /// - Throws: ``VMapError`` as a call does; of kind `invalidArgument` where something needs all examples
  ///   at once.
  package func write(
    _ arguments: [AnyTensor], by process: LaunchedProcess, to paths: [String]
  ) throws(VMapError) -> [TensorType] {
    let call = try fileCall(arguments)
    let context = call.executable.context
    let types = call.executable.program.body.results.prefix(paths.count).map { value in
      TensorType(
        element: call.executable.program.types[value].element,
        shape: call.executable.program.types[value].shape.map { $0.value(call.sizes) })
    }
    var files: [SharedNPYFile] = []
    do throws(VMapError) {
      for (path, type) in zip(paths, types) {
        files.append(try SharedNPYFile(path, type, by: process, in: context))
      }
      try call.run(by: process, into: files.map(\.storage))
      for file in files { try file.finish() }
    } catch {
      for file in files { file.abandon() }
      throw error
    }
    return types
  }
}

/// A call whose results go to files.
struct FileCall {
  let executable: Executable
  let inputs: [Storage]
  let sizes: [Symbol: Int]
  let chunk: Int?

  func run(by process: LaunchedProcess, into targets: [Storage]) throws(VMapError) {
    let divided = try executable.divided()
    let numbered = Dictionary(
      uniqueKeysWithValues: targets.enumerated().map { ($0.offset, $0.element) })
    guard process.count == 1 || divided.isOnePhase else {
      throw VMapError(
        .invalidArgument,
        "the function needs all examples of the batch at once, so processes cannot share it out")
    }
    var request = MemoryPlan.Request(
      executable: executable, sizes: sizes, inputs: inputs, chunk: chunk)
    request.targets = numbered
    var division =
      try MemoryPlan(request).division
      ?? Division(
        contexts: [executable.context], lengths: [max(1, divided.exampleCount(sizes))])
    division.targets = numbered
    var rows = process.range(among: divided.exampleCount(sizes))
    if process.count > 1, !rows.isEmpty {
      // One compiles while the others wait, and finds what it compiled in the driver's cache.
      division.rows = rows.lowerBound..<rows.lowerBound + 1
      let first = division
      try FileLock.whileHolding("vmap-\(process.job)") { () throws(VMapError) in
        _ = try divided.run(inputs, sizes: sizes, first)
      }
      rows = rows.dropFirst()
    }
    division.rows = rows
    let results = try divided.run(inputs, sizes: sizes, division)
    // What is the same for all examples is not there yet.
    for (result, target) in zip(results, targets) where result.buffer !== target.buffer {
      try VMapError.onDevice { () throws(DeviceError) in
        try target.buffer.copy(from: result.buffer, at: 0, count: result.byteCount, to: 0)
      }
    }
    try VMapError.onDevice { () throws(DeviceError) in try executable.context.finish() }
  }
}

extension AnyTensor {
  /// The size of the elements.
  package var byteCount: Int { handle.shape.saturatingProduct(times: handle.element.byteCount) }
}
