import Device

/// A program compiled to compute its examples in parts, one after another or on several devices: the
/// memory for what it computes on the way is that of a part.
///
/// Arguments and results are those of all examples. A part is the same kernels with another number for
/// where it begins, so that nothing is copied or joined, and every bit is that of a run of all at once.
final class DividedExecutable: Sendable {
  /// One of the programs that follow each other.
  private struct Phase: Sendable {
    /// One for each device; the first alone where it does not depend on single examples.
    let executables: [Executable]
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
  let unit: Int

  /// Compiles a program to be divided along an axis.
  ///
  /// - Throws: ``VMapError`` where something needs all examples at once.
  init(_ program: Program, along axis: Int, on contexts: [Context]) throws(VMapError) {
    parameters = program.body.parameters
    results = program.body.results
    count = program.axes[axis].extent
    let phases = try Phases(program, along: axis).phases
    self.phases = try phases.map { phase throws(VMapError) in
      let windowed =
        phase.isDivided ? try WindowedProgram(phase.program, along: axis) : nil
      let places = windowed == nil ? Array(contexts.prefix(1)) : contexts
      let executables = try places.map { context throws(VMapError) in
        try Executable.make(for: windowed?.program ?? phase.program, on: context)
      }
      return Phase(
        executables: executables,
        inputs: phase.program.body.parameters, outputs: phase.program.body.results,
        windows: windowed.map { PartWindows($0, as: executables[0].program) })
    }
    unit = self.phases.compactMap { $0.windows?.unit }.max() ?? 1
  }

  /// The number of examples of a part: so many, or as many more as a part must have.
  func partLength(atMost length: Int) -> Int { max(unit, length - length % unit) }

  /// Whether nothing crosses the batch.
  var isOnePhase: Bool { phases.count == 1 }

  /// How many examples there are for some sizes.
  func exampleCount(_ sizes: [Symbol: Int]) -> Int { count.value(sizes) }

  /// The bytes that a run in parts needs on a device besides its arguments: results, what the phases
  /// hand on, and what is computed on the way.
  ///
  /// Results that are larger than what the device allocates at once are elsewhere, and so are all of
  /// them for other devices than the first.
  ///
  /// - Parameter holdsResults: Whether results are on the first device at all.
  func memory(
    _ sizes: [Symbol: Int], part: Int, on device: Int, holdsResults: Bool
  ) -> (peak: Int, largest: Int) {
    let count = count.value(sizes)
    var (held, peak, largest) = (0, 0, 0)
    for phase in phases where device < phase.executables.count {
      let executable = phase.executables[device]
      let program = executable.program
      let sizes = phase.windows?.sizes(sizes, 0..<min(part, count), of: count) ?? sizes
      for result in program.body.results where device == 0 && holdsResults {
        let bytes = program.byteCount(of: result, sizes)
        if bytes <= executable.context.profile.maximumAllocationBytes {
          held = held.saturatingSum(bytes)
        }
      }
      let need = MemoryNeed(
        executable.plan.plan, of: program, sizes, provided: Set(program.body.results))
      peak = max(peak, held.saturatingSum(need.peak))
      largest = max(largest, need.largest)
    }
    return (max(held, peak), largest)
  }

  /// The bytes of all results.
  func resultBytes(_ sizes: [Symbol: Int]) -> Int {
    guard let program = phases.last?.executables[0].program else { return 0 }
    let count = count.value(sizes)
    let sizes = phases.last?.windows?.sizes(sizes, 0..<count, of: count) ?? sizes
    return program.body.results.reduce(0) { $0.saturatingSum(program.byteCount(of: $1, sizes)) }
  }

  /// Runs on stored tensors, the arguments and then what the function captured.
  func run(
    _ inputs: [Storage], sizes: [Symbol: Int], _ division: Division
  ) throws(VMapError) -> [Storage] {
    var values = Dictionary(uniqueKeysWithValues: zip(parameters, inputs))
    for (number, phase) in phases.enumerated() {
      let given = try phase.inputs.map { value throws(VMapError) in try stored(value, values) }
      let made: [Storage]
      if let windows = phase.windows {
        var division = division
        if number < phases.count - 1 { division.progress = nil }
        made = try run(phase, windows, given, sizes, division)
      } else {
        made = try agreed(division.mesh) { () throws(VMapError) in
          try phase.executables[0].run(given, sizes: sizes)
        }
      }
      values.merge(zip(phase.outputs, made)) { _, new in new }
    }
    return try results.map { value throws(VMapError) in try stored(value, values) }
  }

  /// What a closure gives, once it is known that it has not failed in any of several processes.
  private func agreed<R>(
    _ mesh: (any ProcessMesh)?, _ body: () throws(VMapError) -> R
  ) throws(VMapError) -> R {
    guard let mesh else { return try body() }
    do throws(VMapError) {
      let result = try body()
      try mesh.agree(nil)
      return result
    } catch {
      // What another process failed with was told to all.
      if error.kind != .processFailed { try mesh.agree(error) }
      throw error
    }
  }

  private func stored(
    _ value: ValueID, _ values: [ValueID: Storage]
  ) throws(VMapError) -> Storage {
    guard let storage = values[value] else {
      throw VMapError(.internalInconsistency, "a value was not handed on from phase to phase")
    }
    return storage
  }

  /// Runs a phase for all parts, into the same memory.
  private func run(
    _ phase: Phase, _ windows: PartWindows, _ inputs: [Storage], _ sizes: [Symbol: Int],
    _ division: Division
  ) throws(VMapError) -> [Storage] {
    let count = count.value(sizes)
    let range =
      division.rows
      ?? division.mesh.map { $0.range(of: $0.rank, among: count, unit: unit) } ?? 0..<count
    let targets = try agreed(division.mesh) { () throws(VMapError) in
      try self.targets(of: phase, windows, sizes, division.targets)
    }
    let queue = PartQueue(range, unit: unit, workers: phase.executables.count)
    let work = PartWork(queue, targets, division.progress)
    let runs = phase.executables.map {
      PartRun($0, windows, inputs, targets, sizes, of: count)
    }
    let cancellation = Cancellation()
    if range.isEmpty {
      // What is the same for all examples is computed nevertheless.
      work.made = try runs[0](range, longest: 1)
    } else if runs.count == 1 {
      work.work(0, runs[0], division.lengths[0], cancellation)
    } else {
      let lengths = division.lengths
      let runs = UncheckedSendable(runs)
      Workers.run(lengths.count) { worker in
        work.work(worker, runs.value[worker], lengths[worker], cancellation)
      }
    }
    guard let mesh = division.mesh else {
      try queue.check()
      return work.made
    }
    try mesh.agree(queue.failure)
    let ranges = (0..<mesh.count).map { mesh.range(of: $0, among: count, unit: unit) }
    for (position, target) in targets.sorted(by: { $0.key < $1.key }) {
      guard let place = windows.results[position] else { continue }
      let rows = ranges.map { place.rows(of: $0) }
      try mesh.exchange(target, rows, along: place.dimension)
    }
    return work.made
  }

  /// Memory for the results that are windows.
  private func targets(
    of phase: Phase, _ windows: PartWindows, _ sizes: [Symbol: Int], _ given: [Int: Storage]
  ) throws(VMapError) -> [Int: Storage] {
    let program = phase.executables[0].program
    let count = count.value(sizes)
    let sizes = windows.sizes(sizes, 0..<count, of: count)
    var targets: [Int: Storage] = [:]
    for position in windows.results.keys {
      let value = program.body.results[position]
      if let number = results.firstIndex(of: phase.outputs[position]), let target = given[number] {
        targets[position] = target
        continue
      }
      targets[position] = try Storage(
        inPieces: program.types[value].element,
        program.storedExtents(of: value).map { $0.value(sizes) },
        in: phase.executables[0].context)
    }
    return targets
  }
}
