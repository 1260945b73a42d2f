import Device

/// A program compiled to compute its examples in parts, one after another: the memory for what it
/// computes on the way is that of a part.
///
/// Arguments and results are those of all examples. A part is the same kernels with another number for
/// where it begins, so that nothing is copied or joined, and every bit is that of a run of all at once.
final class DividedExecutable: Sendable {
  /// One of the programs that follow each other.
  private struct Phase: Sendable {
    let executable: Executable
    /// The values of the whole program that it takes and makes.
    let inputs: [ValueID]
    let outputs: [ValueID]
    /// Nil where it does not depend on single examples.
    let windows: PartWindows?
  }

  private let phases: [Phase]
  private let parameters: [ValueID]
  private let results: [ValueID]
  /// How many examples there are.
  private let count: Extent
  /// Parts begin at multiples of so many examples.
  private let unit: Int

  /// Compiles a program to be divided along an axis.
  ///
  /// - Throws: ``VMapError`` where something needs all examples at once.
  init(_ program: Program, along axis: Int) throws(VMapError) {
    parameters = program.body.parameters
    results = program.body.results
    count = program.axes[axis].extent
    let phases = try Phases(program, along: axis).phases
    self.phases = try phases.map { phase throws(VMapError) in
      let windowed =
        phase.isDivided ? try WindowedProgram(phase.program, along: axis) : nil
      return Phase(
        executable: try Executable.make(for: windowed?.program ?? phase.program),
        inputs: phase.program.body.parameters, outputs: phase.program.body.results,
        windows: windowed.map(PartWindows.init))
    }
    unit = self.phases.compactMap { $0.windows?.unit }.max() ?? 1
  }

  /// The number of examples of a part: so many, or as many more as a part must have.
  func partLength(atMost length: Int) -> Int { max(unit, length - length % unit) }

  /// How many examples there are for some sizes.
  func exampleCount(_ sizes: [Symbol: Int]) -> Int { count.value(sizes) }

  /// The bytes that a run in parts needs besides its arguments: its results, what the phases hand on,
  /// and what is computed on the way.
  func memory(_ sizes: [Symbol: Int], part: Int) -> (peak: Int, largest: Int) {
    let count = count.value(sizes)
    var held = 0
    var peak = 0
    var largest = 0
    for phase in phases {
      let program = phase.executable.program
      let range = 0..<min(part, count)
      let sizes = phase.windows?.sizes(sizes, range, of: count) ?? sizes
      for result in program.body.results {
        let bytes = program.storedExtents(of: result).map { $0.value(sizes) }
          .saturatingProduct(times: program.types[result].element.byteCount)
        held = held.saturatingSum(bytes)
        largest = max(largest, bytes)
      }
      let need = MemoryNeed(
        phase.executable.plan.plan, of: program, sizes, provided: Set(program.body.results))
      peak = max(peak, held.saturatingSum(need.peak))
      largest = max(largest, need.largest)
    }
    return (peak, largest)
  }

  /// Runs on stored tensors, the arguments and then what the function captured.
  ///
  /// - Parameter part: How many examples to compute at once.
  func run(
    _ inputs: [Storage], sizes: [Symbol: Int], part: Int
  ) throws(VMapError) -> [Storage] {
    var values = Dictionary(uniqueKeysWithValues: zip(parameters, inputs))
    for phase in phases {
      let given = try phase.inputs.map { value throws(VMapError) in try stored(value, values) }
      let made =
        if let windows = phase.windows {
          try phase.executable.run(given, sizes, windows, of: count.value(sizes), part: part)
        } else {
          try phase.executable.run(given, sizes: sizes)
        }
      values.merge(zip(phase.outputs, made)) { _, new in new }
    }
    return try results.map { value throws(VMapError) in try stored(value, values) }
  }

  private func stored(
    _ value: ValueID, _ values: [ValueID: Storage]
  ) throws(VMapError) -> Storage {
    guard let storage = values[value] else {
      throw VMapError(.internalInconsistency, "a value was not handed on from phase to phase")
    }
    return storage
  }
}

/// The symbols that say which part of the examples a program computes.
struct PartWindows: Sendable {
  private let count: Symbol
  private let start: Symbol
  private let parameters: [AxisWindow]
  /// The windows of the results, with the examples for each of their elements.
  private let results: [(window: AxisWindow, unit: Int)]

  init(_ windowed: WindowedProgram) {
    count = windowed.count
    start = windowed.start
    parameters = windowed.parameters.values.map(\.window)
    let program = windowed.program
    results = zip(program.body.results, program.resultWindows).compactMap { result, window in
      guard let window else { return nil }
      let extent = program.types[result].shape[window.dimension]
      if case .blocks(_, let size) = extent { return (window.window, size) }
      return (window.window, 1)
    }
  }

  /// Parts begin at multiples of so many examples.
  var unit: Int { results.map(\.unit).max() ?? 1 }

  /// The sizes for a part of the examples.
  func sizes(_ sizes: [Symbol: Int], _ part: Range<Int>, of whole: Int) -> [Symbol: Int] {
    var sizes = sizes
    sizes[count] = part.count
    sizes[start] = part.lowerBound
    for (window, unit) in parameters.map({ ($0, 1) }) + results {
      if case .symbol(let symbol) = window.whole { sizes[symbol] = whole.dividedUp(by: unit) }
      sizes[window.start] = part.lowerBound / unit
    }
    return sizes
  }
}

extension Executable {
  /// Runs a program that computes a part of its examples for all parts, into the same memory.
  fileprivate func run(
    _ inputs: [Storage], _ sizes: [Symbol: Int], _ windows: PartWindows, of count: Int, part: Int
  ) throws(VMapError) -> [Storage] {
    let first = windows.sizes(sizes, 0..<min(part, count), of: count)
    // What is the last part's is not known to be no wider than the others'.
    let widest = windows.sizes(
      sizes, max(0, count - part)..<max(count, min(part, count)), of: count)
    var provided: [ValueID: Storage] = [:]
    for (result, window) in zip(program.body.results, program.resultWindows) where window != nil {
      provided[result] = try Storage(
        element: program.types[result].element,
        shape: program.storedExtents(of: result).map { $0.value(first) }, in: context)
    }
    var made: [Storage] = []
    for start in stride(from: 0, to: max(1, count), by: part) {
      let sizes = windows.sizes(sizes, start..<min(count, start + part), of: count)
      let run = try PreparedRun(
        self, sizes, keepsMemory: false, provided: Set(provided.keys), widest: widest)
      for (parameter, storage) in zip(program.body.parameters, inputs) {
        run.workspace.keep(storage.buffer, at: parameter)
      }
      for (value, storage) in provided { run.workspace.keep(storage.buffer, at: value) }
      made = try run({ TensorHandle(inputs[$0]) }).map { handle throws(VMapError) in
        try handle.storage()
      }
    }
    return made
  }
}
