import Device

/// How a batch is to be divided: one reference, which calls of functions that are not divided look at.
final class DivisionWish: Sendable {
  /// The most examples to run at once.
  let chunk: Int?
  /// The devices that the batch is shared out among, if not only the one that tensors live on.
  let devices: Devices?
  /// The processes that share the batch out.
  let mesh: (any ProcessMesh)?

  /// What a level of the map says; nil where it says nothing.
  init?(_ level: MapLevel) {
    guard level.chunk != nil || level.devices != nil || level.mesh != nil else { return nil }
    chunk = level.chunk
    devices = level.devices
    mesh = level.mesh
  }
}

extension Vectorized {
  /// How a call is divided into parts; nil where all of it is computed at once.
  func division(
    _ entry: CallCache<Output>.Entry, _ handles: [TensorHandle], hasFailed: Bool = false
  ) throws(VMapError) -> (inputs: [Storage], division: Division?) {
    let inputs = try (handles + entry.captured).map { handle throws(VMapError) in
      try handle.storage()
    }
    // A function that is not mapped has no examples to divide.
    if levels.isEmpty { return (inputs, nil) }
    var request = MemoryPlan.Request(
      executable: entry.executable, sizes: entry.sizes(of: handles), inputs: inputs,
      chunk: wish?.chunk)
    request.hasFailed = hasFailed
    request.mesh = wish?.mesh
    if let devices = wish?.devices {
      request.contexts = try devices.contexts(first: entry.executable.context)
    }
    return (inputs, try MemoryPlan(request).division)
  }

  /// Calls the function on parts of the batch; the results are put where they belong.
  func run(
    _ entry: CallCache<Output>.Entry, _ inputs: [Storage], _ sizes: [Symbol: Int],
    _ division: Division
  ) throws(VMapError) -> Output {
    let divided = try entry.executable.divided(on: division.contexts)
    let results = try divided.run(inputs, sizes: sizes, division)
    return try output.replace(entry.template, results.map { TensorHandle($0) })
  }
}
