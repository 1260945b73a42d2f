import Device
import Synchronization

/// A program compiled for a device: its plan and its kernels.
final class Executable: Sendable {
  let traced: ProgramBox
  let program: Program
  let plan: PlanBox
  let source: ProgramSource
  let context: Context
  /// The kernels for each index width that was asked for.
  private let compiled = Mutex<[IndexWidth: [Device.Kernel?]]>([:])

  /// A plan, which is never changed once it is made.
  final class PlanBox: @unchecked Sendable {
    let plan: Plan
    init(_ plan: Plan) { self.plan = plan }
  }

  /// The program as it was traced, for people.
  struct ProgramBox: Sendable {
    let program: Program
  }

  /// Loop iterations are counted by kernels made while this is set; for tests.
  @TaskLocal static var countsIterations = false
  let iterationCounter: Buffer?

  /// What dividing the examples gave, by the devices that it was asked for.
  private let divisions = Mutex<[[ObjectIdentifier]: Result<DividedExecutable, VMapError>]>([:])

  /// Runs that nobody uses at the moment, a few.
  private let idleRuns = Mutex<[PreparedRun]>([])

  private static let cache = Mutex<[Key: Executable]>([:])

  private struct Key: Hashable {
    let text: String
    let context: ObjectIdentifier
    let countsIterations: Bool
  }

  /// Compiles a program, or finds it compiled.
  ///
  /// - Parameter context: The device; the one that tensors live on by default.
  static func make(
    for program: Program, on context: Context? = nil
  ) throws(VMapError) -> Executable {
    let simplified = program.simplified()
    let place: Context
    if let context { place = context } else { place = try Context.forTensors() }
    let key = Key(
      text: simplified.text, context: ObjectIdentifier(place),
      countsIterations: countsIterations)
    if let known = cache.withLock({ $0[key] }) { return known }
    let executable = try Executable(program, simplified, place)
    cache.withLock { cache in
      if cache.contains(where: { $0.value.wasLost }) {
        cache = cache.filter { !$0.value.wasLost }
      }
      if cache.count >= 512 { cache.removeAll() }
      cache[key] = executable
    }
    return executable
  }

  private init(
    _ traced: Program, _ simplified: Program, _ context: Context
  ) throws(VMapError) {
    self.traced = ProgramBox(program: try traced.verified(after: "tracing"))
    self.context = context
    try Executable.checkSupport(
      simplified.verified(after: "simplification"), context.profile)
    let (plan, program) = try Planner.plan(simplified, for: context.profile)
    self.program = program
    self.plan = PlanBox(plan)
    source = try ProgramSource(plan, countsIterations: Executable.countsIterations)
    do throws(DeviceError) {
      iterationCounter =
        Executable.countsIterations ? try context.makeBuffer(byteCount: 4) : nil
      try iterationCounter?.write(from: [UInt8](repeating: 0, count: 4))
    } catch {
      throw VMapError(error)
    }
  }

  /// A kernel by its number in the plan.
  ///
  /// The first one that is asked for has all of them compiled: where every result is empty, none is.
  func kernel(_ number: Int, _ index: IndexWidth) throws(VMapError) -> Device.Kernel {
    let kernels = try compiled.withLock { compiled throws(VMapError) in
      if let known = compiled[index] { return known }
      let kernels = try VMapError.onDevice { () throws(DeviceError) in try compile(index) }
      compiled[index] = kernels
      return kernels
    }
    guard kernels.indices.contains(number), let kernel = kernels[number] else {
      throw VMapError(.internalInconsistency, "kernel \(number) was not compiled")
    }
    return kernel
  }

  /// Compilers warn of what never runs, such as a division by the extent of an empty dimension, and PoCL
  /// counts warnings on the terminal.
  static let options = "-w"

  private func compile(_ index: IndexWidth) throws(DeviceError) -> [Device.Kernel?] {
    guard let text = source.texts[index] else { return [] }
    let built = try context.makeProgram(source: text, options: Self.options)
    return try kernels(of: built, source.functions[index] ?? [])
  }

  private func kernels(
    of built: Device.Program, _ functions: [String?]
  ) throws(DeviceError) -> [Device.Kernel?] {
    var kernels: [Device.Kernel?] = []
    for name in functions {
      if let name { kernels.append(try built.kernel(name)) } else { kernels.append(nil) }
    }
    return kernels
  }

  /// Whether the kernels are there.
  var isCompiled: Bool { compiled.withLock { !$0.isEmpty } }

  /// Takes the kernels from a driver's program that also has those of others; for tests, since a
  /// program costs the driver more than a kernel in it.
  func takeKernels(of built: Device.Program, _ functions: [String?]) throws(DeviceError) {
    let kernels = try kernels(of: built, functions)
    compiled.withLock { $0[.int32] = $0[.int32] ?? kernels }
  }

  /// What the program needs and the device lacks.
  private static func checkSupport(
    _ program: Program, _ profile: Profile
  ) throws(VMapError) {
    if !profile.hasDouble, program.types.contains(where: { $0.element.part == .float64 }) {
      throw VMapError(
        .unsupportedByDevice, "\(profile.name) has no double precision (cl_khr_fp64)")
    }
  }

  /// The program compiled to compute its examples in parts.
  ///
  /// - Parameter contexts: The devices that take parts; this one alone by default.
  /// - Throws: ``VMapError`` where something needs all examples at once.
  func divided(on contexts: [Context]? = nil) throws(VMapError) -> DividedExecutable {
    let contexts = contexts ?? [context]
    let key = contexts.map(ObjectIdentifier.init)
    let known = divisions.withLock { $0[key] }
    if let known { return try known.get() }
    let program = traced.program.simplified()
    let made = Result { () throws(VMapError) in
      // Rows of examples of different lengths lie in the order of the examples.
      guard !program.axes.isEmpty, program.axes.allSatisfy({ $0.rows == nil }) else {
        throw VMapError(.invalidArgument, "there is no batch to divide")
      }
      return try DividedExecutable(program, along: 0, on: contexts)
    }
    divisions.withLock { divisions in
      if divisions.count >= 8 { divisions.removeAll() }
      divisions[key] = made
    }
    return try made.get()
  }

  /// Whether the device was lost that it is for.
  var wasLost: Bool { context.wasLost }

  /// How many loop iterations the runs of an executable that counts them have executed.
  func countedIterations() throws(VMapError) -> Int {
    guard let iterationCounter else { return 0 }
    return try iterationCounter.integer()
  }

  /// Runs on stored tensors: the arguments, then what the function captured.
  func run(_ inputs: [Storage], sizes: [Symbol: Int]) throws(VMapError) -> [Storage] {
    let run = try takeRun(sizes)
    defer { give(run) }
    let inputs = try inputs.map { input throws(VMapError) in try input.reachable(from: context) }
    for (parameter, storage) in zip(program.body.parameters, inputs) {
      run.workspace.keep(storage.buffer, at: parameter)
    }
    var results: [Storage] = []
    for handle in try run({ TensorHandle(inputs[$0]) }) { results.append(try handle.storage()) }
    return results
  }

  /// A run for sizes, of one that is done where there is one.
  private func takeRun(_ sizes: [Symbol: Int]) throws(VMapError) -> PreparedRun {
    let known = idleRuns.withLock { runs in
      runs.lastIndex { $0.sizes == sizes }.map { runs.remove(at: $0) }
    }
    // What tests force is not what a run made before does.
    if let known, RunOptions.forced == nil { return known }
    return try PreparedRun(self, sizes, keepsMemory: false)
  }

  private func give(_ run: PreparedRun) {
    guard run.isComplete, RunOptions.forced == nil else { return }
    idleRuns.withLock { runs in
      if runs.count >= 2 { runs.removeFirst() }
      runs.append(run)
    }
  }
}

extension Context {
  /// A device to use in place of the shared one; for tests.
  @TaskLocal static var override: Context?

  /// The device that tensors live on and programs are compiled for.
  static func forTensors() throws(VMapError) -> Context {
    if let override { return override }
    return try VMapError.onDevice { () throws(DeviceError) in try shared() }
  }
}

extension Buffer {
  /// The number that the buffer holds.
  fileprivate func integer() throws(VMapError) -> Int {
    var value: Int32 = 0
    try VMapError.onDevice { () throws(DeviceError) in
      try withUnsafeMutableBytes(of: &value) { bytes throws(DeviceError) in
        try read(into: bytes)
      }
    }
    return Int(value)
  }

  fileprivate func write(from bytes: [UInt8]) throws(DeviceError) {
    try bytes.withUnsafeBytesTyped { bytes throws(DeviceError) in try write(from: bytes) }
  }
}
