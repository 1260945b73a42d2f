import Device

/// Makes a plan's kernels ready for one set of sizes.
struct RunPreparation {
  private let executable: Executable
  private let sizes: [Symbol: Int]
  private let workspace: Workspace
  private let forced = RunOptions.forced
  private var nextKernel = 0
  private var budget = ValueMemory.limit
  private var loopDepth = 0
  private(set) var memories: [ValueMemory] = []
  /// The memory of the values that kernels outside of loops store.
  private(set) var results: [ValueID: ValueMemory] = [:]
  private(set) var isComplete = true
  /// Values whose memory comes from outside.
  private let provided: Set<ValueID>
  /// The sizes that decide how wide indices are.
  private let widest: [Symbol: Int]

  init(
    _ executable: Executable, _ sizes: [Symbol: Int], _ workspace: Workspace,
    provided: Set<ValueID> = [], widest: [Symbol: Int]? = nil
  ) {
    self.executable = executable
    self.sizes = sizes
    self.workspace = workspace
    self.provided = provided
    self.widest = widest ?? sizes
  }

  /// The steps of a whole run, which give memory back as soon as nothing needs it.
  mutating func wholeRun(of plan: Plan) -> [RunStep] {
    let lastUses = plan.lastUses(keeping: executable.program.body.results)
    return zip(plan.steps, lastUses).flatMap { step, lastUses in
      steps(of: Plan(steps: [step])) + (lastUses.isEmpty ? [] : [.release(lastUses)])
    }
  }

  private mutating func steps(of plan: Plan) -> [RunStep] {
    var steps: [RunStep] = []
    for step in plan.steps {
      switch step {
      case .kernel(let kernel): steps.append(.kernel(self.step(for: kernel)))
      case .loop(let loop):
        loopDepth += 1
        let condition = self.steps(of: loop.condition)
        let body = self.steps(of: loop.body)
        loopDepth -= 1
        steps.append(.loop(RunStep.Loop(loop, condition: condition, body: body)))
      }
    }
    return steps
  }

  private mutating func step(for kernel: Kernel) -> RunStep.Kernel {
    let number = nextKernel
    nextKernel += 1
    let stored = kernel.roots.filter { !provided.contains($0.buffer) }.map { root in
      ValueMemory(
        root.buffer, executable.program.types[root.buffer].element, shape(root.buffer, sizes),
        budget: &budget)
    }
    memories += stored
    if loopDepth == 0 { for memory in stored { results[memory.value] = memory } }
    // Sizes beyond what an Int counts fail when the memory is asked for, work-items are not counted.
    guard stored.allSatisfy(\.isPossible) else { return RunStep.Kernel(stored, nil) }
    let items = kernel.scratch.isEmpty ? 0 : kernel.globalSize(kernel.itemCount(sizes))
    let scratch = kernel.scratch.values.map { scratch in
      ValueMemory(
        scratch.buffer, executable.program.types[scratch.buffer].element, [items, scratch.count],
        budget: &budget)
    }
    memories += scratch
    let needed = stored + scratch
    guard scratch.allSatisfy(\.isPossible) else { return RunStep.Kernel(needed, nil) }
    do throws(VMapError) {
      return RunStep.Kernel(needed, try bound(kernel, number))
    } catch {
      isComplete = false
      return RunStep.Kernel(needed, nil, failure: error)
    }
  }

  private func bound(_ kernel: Kernel, _ number: Int) throws(VMapError) -> BoundKernel? {
    let items = kernel.itemCount(sizes)
    // Where loops over nothing are not those of the NDRange there are items, but nothing to store.
    guard items > 0, kernel.roots.contains(where: { !shape($0.buffer, sizes).contains(0) }) else {
      return nil
    }
    let arguments = executable.source.arguments[number]
    let index: IndexWidth = needsWideIndices(kernel, arguments, items) ? .int64 : .int32
    let compiled = try executable.kernel(number, index)
    let estimate = kernel.cost(sizes, items: items) * RunPreparation.microsecondsPerUnit
    let parameters = try parameters(arguments, items, index)
    let range = kernel.range(items)
    return try VMapError.onDevice { () throws(DeviceError) in
      try BoundKernel(
        compiled, in: executable.context, workspace, parameters,
        global: range.global, local: range.local,
        placement: forced?.placement ?? .automatic(estimatedMicroseconds: estimate))
    }
  }

  private func parameters(
    _ arguments: KernelArguments, _ items: Int, _ index: IndexWidth
  ) throws(VMapError) -> [BoundKernel.Parameter] {
    func number(_ value: Int) throws(VMapError) -> BoundKernel.Parameter {
      guard index == .int32 else { return .value(.int64(Int64(value))) }
      guard let value = Int32(exactly: value) else {
        throw VMapError(.internalInconsistency, "\(value) was to be an index of 32 bits")
      }
      return .value(.int32(value))
    }
    var parameters: [BoundKernel.Parameter] = []
    for value in arguments.inputs { parameters.append(.buffer(value, .read)) }
    for value in arguments.outputs { parameters.append(.buffer(value, .fill)) }
    parameters.append(try number(items))
    for extent in arguments.extents { parameters.append(try number(extent.value(sizes))) }
    for constant in arguments.constants { parameters.append(.value(Argument(constant))) }
    for start in arguments.starts { parameters.append(try number(start.element)) }
    if arguments.countsIterations { parameters.append(.buffer(executable.program.types.count)) }
    return parameters
  }

  /// How long one unit of the cost model takes on one core, roughly.
  private static let microsecondsPerUnit = 0.0004

  /// The dimensions of a value's buffer.
  private func shape(_ value: ValueID, _ sizes: [Symbol: Int]) -> [Int] {
    executable.program.storedExtents(of: value).map { $0.value(sizes) }
  }

  /// Whether an index may not fit in 32 bits: an offset, or a place in what is never stored.
  private func needsWideIndices(
    _ kernel: Kernel, _ arguments: KernelArguments, _ items: Int
  ) -> Bool {
    let limit = IndexBounds.limit
    if items > limit || forced?.usesWideIndices == true { return true }
    if arguments.isWide(kernel.graph, widest) { return true }
    return (arguments.inputs + arguments.outputs).contains { value in
      shape(value, widest).saturatingProduct(
        times: executable.program.types[value].element.partCount)
        > limit
    }
  }
}

extension Argument {
  /// A constant of a kernel.
  fileprivate init(_ constant: ScalarLiteral) {
    let literal = constant.inRegisters
    self = .bytes(
      withUnsafeBytes(of: literal.bits.littleEndian) { Array($0.prefix(literal.type.byteCount)) })
  }
}
