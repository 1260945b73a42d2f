import Device

/// An executable made ready for one set of sizes: its kernels with everything set that does not change
/// from run to run, and the memory of its values.
///
/// Only one thread may use it at a time.
final class PreparedRun: @unchecked Sendable {
  let sizes: [Symbol: Int]
  let workspace: Workspace
  private let context: Context
  private let program: Program
  private let steps: [RunStep]
  private let results: [RunResult]
  private let memories: [ValueMemory]
  /// Whether the memory of small values is kept for later runs.
  private let keepsMemory: Bool
  /// Whether all kernels could be made ready; the error of one that could not is thrown in its place.
  let isComplete: Bool

  /// - Parameters:
  ///   - provided: Values whose memory the workspace is given for each run.
  ///   - widest: The sizes that decide how wide indices are, if they are not these.
  init(
    _ executable: Executable, _ sizes: [Symbol: Int], keepsMemory: Bool,
    provided: Set<ValueID> = [], widest: [Symbol: Int]? = nil
  ) throws(VMapError) {
    let program = executable.program
    self.sizes = sizes
    self.keepsMemory = keepsMemory
    context = executable.context
    self.program = program
    // The number of a value is that of its buffer; the last one counts iterations.
    workspace = Workspace(context, bufferCount: program.types.count + 1)
    if let counter = executable.iterationCounter {
      workspace.buffers.lend(Unmanaged.passUnretained(counter), at: program.types.count)
    }
    var preparation = RunPreparation(
      executable, sizes, workspace, provided: provided, widest: widest)
    steps = preparation.wholeRun(of: executable.plan.plan)
    memories = preparation.memories
    isComplete = preparation.isComplete
    results = program.body.results.map { result in
      if let position = program.body.parameters.firstIndex(of: result) { return .input(position) }
      if let memory = preparation.results[result] { return .memory(memory) }
      return .value(result)
    }
  }

  /// Whether the device was lost.
  var wasLost: Bool { context.wasLost }

  /// Runs on the buffers that the workspace has for the program's parameters.
  ///
  /// - Parameter inputs: The tensors at the positions of the parameters, for results that are one.
  /// - Returns: The results, in order.
  func callAsFunction(_ input: (Int) -> TensorHandle) throws(VMapError) -> [TensorHandle] {
    defer { release() }
    try execute(steps)
    var handles: [TensorHandle] = []
    handles.reserveCapacity(results.count)
    for result in results { handles.append(try handle(of: result, input)) }
    return handles
  }

  /// Runs what has one result.
  func single(_ input: (Int) -> TensorHandle) throws(VMapError) -> TensorHandle {
    defer { release() }
    try execute(steps)
    return try handle(of: results[0], input)
  }

  private func handle(
    of result: RunResult, _ input: (Int) -> TensorHandle
  ) throws(VMapError) -> TensorHandle {
    switch result {
    case .input(let position): return input(position)
    case .memory(let memory):
      if let handle = memory.current { return handle }
      return try handle(ofValue: memory.value)
    case .value(let value): return try handle(ofValue: value)
    }
  }

  private func handle(ofValue value: ValueID) throws(VMapError) -> TensorHandle {
    return TensorHandle(
      Storage(
        element: program.types[value].element,
        shape: program.storedExtents(of: value).map { $0.value(sizes) },
        buffer: try buffer(value)))
  }

  private func release() {
    workspace.releaseKept()
    guard !keepsMemory else { return }
    for memory in memories { memory.forget() }
  }

  private func execute(_ steps: [RunStep]) throws(VMapError) {
    for step in steps {
      switch step {
      case .kernel(let kernel): try kernel.run(in: workspace, context)
      case .loop(let loop): try execute(loop)
      case .release(let values): workspace.releaseKept(values)
      }
    }
  }

  private func execute(_ loop: RunStep.Loop) throws(VMapError) {
    let plan = loop.plan
    var state = try buffers(plan.initial)
    while true {
      lend(state, to: plan.conditionParameters)
      try execute(loop.condition)
      guard try flag(plan.predicate) else { break }
      lend(state, to: plan.bodyParameters)
      try execute(loop.body)
      state = try buffers(plan.next)
    }
    for (result, buffer) in zip(plan.results, state) { workspace.keep(buffer, at: result) }
  }

  /// Gives a loop's state the numbers of its parameters; the loop keeps it alive.
  private func lend(_ state: [Buffer], to parameters: [ValueID]) {
    for (parameter, buffer) in zip(parameters, state) {
      workspace.buffers.lend(Unmanaged.passUnretained(buffer), at: parameter)
    }
  }

  private func buffers(_ values: [ValueID]) throws(VMapError) -> [Buffer] {
    var buffers: [Buffer] = []
    for value in values { buffers.append(try buffer(value)) }
    return buffers
  }

  private func buffer(_ value: ValueID) throws(VMapError) -> Buffer {
    guard let buffer = workspace[value] else {
      throw VMapError(.internalInconsistency, "a value that is needed was not computed")
    }
    return buffer
  }

  /// A truth value that the host decides by.
  private func flag(_ value: ValueID) throws(VMapError) -> Bool {
    let buffer = try buffer(value)
    var byte: UInt8 = 0
    try VMapError.onDevice { () throws(DeviceError) in
      try withUnsafeMutableBytes(of: &byte) { bytes throws(DeviceError) in
        try buffer.read(into: bytes)
      }
    }
    return byte != 0
  }
}

/// Where a result of a run comes from.
enum RunResult {
  /// A parameter, by its position.
  case input(Int)
  /// What a kernel stores outside of loops.
  case memory(ValueMemory)
  case value(ValueID)
}

/// One step of a run.
enum RunStep {
  case kernel(Kernel)
  case loop(Loop)
  /// The memory of values that no later step needs is given back.
  case release([ValueID])

  /// A kernel and what it stores.
  final class Kernel {
    private let stored: [ValueMemory]
    /// Nil where there is nothing to compute.
    private let kernel: BoundKernel?
    /// Why the kernel could not be made ready.
    private let failure: VMapError?

    init(_ stored: [ValueMemory], _ kernel: BoundKernel?, failure: VMapError? = nil) {
      self.stored = stored
      self.kernel = kernel
      self.failure = failure
    }

    func run(in workspace: Workspace, _ context: Context) throws(VMapError) {
      for memory in stored { try memory.renew(in: workspace, context) }
      if let failure { throw failure }
      do throws(DeviceError) { try kernel?.launch() } catch { throw VMapError(error) }
    }
  }

  /// A loop over kernels whose condition the host reads.
  final class Loop {
    let plan: Plan.HostLoop
    let condition: [RunStep]
    let body: [RunStep]

    init(_ plan: Plan.HostLoop, condition: [RunStep], body: [RunStep]) {
      self.plan = plan
      self.condition = condition
      self.body = body
    }
  }
}
