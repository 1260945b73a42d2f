import Device

/// Computes parts of the examples on one device.
///
/// What its kernels cannot reach, such as tensors of the host or of another device, comes and goes piece
/// by piece. Only one thread may use it at a time.
final class PartRun {
  private let executable: Executable
  private let windows: PartWindows
  /// The arguments, and where results that are windows belong, as far as kernels reach them.
  private var inputs: [Storage]
  private var targets: [Int: Storage]
  /// Whether memory of other contexts was looked at.
  private var isPlaced = false
  private let given: [Storage]
  private let results: [Int: Storage]
  private let sizes: [Symbol: Int]
  private let count: Int

  init(
    _ executable: Executable, _ windows: PartWindows, _ inputs: [Storage],
    _ targets: [Int: Storage], _ sizes: [Symbol: Int], of count: Int
  ) {
    self.executable = executable
    self.windows = windows
    self.inputs = inputs
    self.targets = targets
    given = inputs
    results = targets
    self.sizes = sizes
    self.count = count
  }

  /// Computes a part, and puts its results where they belong.
  ///
  /// - Parameter longest: The most examples that any part has.
  /// - Returns: All results, those included that are the same for all parts.
  func callAsFunction(_ part: Range<Int>, longest: Int) throws(VMapError) -> [Storage] {
    try place()
    var sizes = windows.sizes(sizes, part, of: count)
    let last = max(0, count - longest)
    var arguments: [Storage] = []
    for (position, input) in inputs.enumerated() {
      arguments.append(try argument(input, position, part, &sizes))
    }
    var pieces: [Int: Storage] = [:]
    for (position, target) in targets where !target.isReachable(from: executable.context) {
      pieces[position] = try piece(of: target, position, part, &sizes)
    }
    let values = executable.program.body.results
    let run = try PreparedRun(
      executable, sizes, keepsMemory: false, provided: Set(targets.keys.map { values[$0] }),
      widest: windows.sizes(self.sizes, last..<max(count, part.upperBound), of: count))
    for (parameter, storage) in zip(executable.program.body.parameters, arguments) {
      run.workspace.keep(storage.buffer, at: parameter)
    }
    for (position, target) in targets {
      run.workspace.keep((pieces[position] ?? target).buffer, at: values[position])
    }
    var made = try run({ TensorHandle(arguments[$0]) }).map { handle throws(VMapError) in
      try handle.storage()
    }
    for (position, target) in targets {
      guard let place = windows.results[position], let result = results[position] else { continue }
      made[position] = result
      let rows = place.rows(of: part)
      if let piece = pieces[position] {
        try target.copyRows(of: piece, 0..<rows.count, along: place.dimension, to: rows)
      }
      try letGo(result, rows, along: place.dimension)
    }
    for (position, value) in values.enumerated() {
      made[position] = made[values.firstIndex(of: value) ?? position]
    }
    for (position, window) in windows.parameters {
      try letGo(given[position], part, along: window.dimension)
    }
    return made
  }

  /// Has kernels take memory of other contexts where it is, and copies of what is the same for all parts.
  private func place() throws(VMapError) {
    guard !isPlaced else { return }
    isPlaced = true
    let context = executable.context
    for (position, input) in inputs.enumerated() where !input.isReachable(from: context) {
      if let alias = try input.alias(in: context) {
        inputs[position] = alias
      } else if windows.parameters[position] == nil {
        inputs[position] = try input.copied(to: context)
      }
    }
    for (position, target) in targets where !target.isReachable(from: context) {
      targets[position] = try target.alias(in: context) ?? target
    }
  }

  /// Waits until all that was begun is done.
  func finish() throws(VMapError) {
    try VMapError.onDevice { () throws(DeviceError) in try executable.context.finish() }
  }

  private func argument(
    _ input: Storage, _ position: Int, _ part: Range<Int>, _ sizes: inout [Symbol: Int]
  ) throws(VMapError) -> Storage {
    let context = executable.context
    guard !input.isReachable(from: context), let window = windows.parameters[position] else {
      return input
    }
    window.window.place(0, of: part.count, in: &sizes)
    return try input.rows(part, along: window.dimension, in: context)
  }

  /// Memory for what a part makes of a result.
  private func piece(
    of target: Storage, _ position: Int, _ part: Range<Int>, _ sizes: inout [Symbol: Int]
  ) throws(VMapError) -> Storage? {
    guard let place = windows.results[position] else { return nil }
    let rows = place.rows(of: part)
    place.window.place(0, of: rows.count, in: &sizes)
    var shape = target.shape
    shape[place.dimension] = rows.count
    return try Storage(element: target.element, shape: shape, in: executable.context)
  }

  /// Gives up the pages of files that are done with.
  private func letGo(_ storage: Storage, _ rows: Range<Int>, along dimension: Int) throws(VMapError)
  {
    guard storage.isFile, storage.shape[..<dimension].allSatisfy({ $0 == 1 }) else { return }
    try finish()
    let length = storage.shape[(dimension + 1)...].reduce(storage.element.byteCount, *)
    storage.buffer.letGo(of: rows.lowerBound * length..<rows.upperBound * length)
  }
}
