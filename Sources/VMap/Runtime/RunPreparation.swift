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

  init(_ executable: Executable, _ sizes: [Symbol: Int], _ workspace: Workspace) {
    self.executable = executable
    self.sizes = sizes
    self.workspace = workspace
  }

  mutating func steps(of plan: Plan) -> [RunStep] {
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
    let stored = kernel.roots.map { root in
      ValueMemory(
        root.buffer, executable.program.types[root.buffer].element, shape(root.buffer),
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
    guard items > 0 else { return nil }
    let arguments = executable.source.arguments[number]
    let index: IndexWidth = needsWideIndices(arguments, items) ? .int64 : .int32
    let compiled = try executable.kernel(number, index)
    let estimate = kernel.cost(sizes, items: items) * RunPreparation.microsecondsPerUnit
    return try VMapError.onDevice { () throws(DeviceError) in
      try BoundKernel(
        compiled, in: executable.context, workspace, parameters(arguments, items, index),
        global: [kernel.globalSize(items)], local: [kernel.localSize],
        placement: forced?.placement ?? .automatic(estimatedMicroseconds: estimate))
    }
  }

  private func parameters(
    _ arguments: KernelArguments, _ items: Int, _ index: IndexWidth
  ) -> [BoundKernel.Parameter] {
    func number(_ value: Int) -> BoundKernel.Parameter {
      switch index {
      case .int32: .value(.int32(Int32(truncatingIfNeeded: value)))
      case .int64: .value(.int64(Int64(value)))
      }
    }
    var parameters: [BoundKernel.Parameter] = []
    for value in arguments.inputs + arguments.outputs { parameters.append(.buffer(value)) }
    parameters.append(number(items))
    for extent in arguments.extents { parameters.append(number(extent.value(sizes))) }
    for constant in arguments.constants { parameters.append(.value(Argument(constant))) }
    if arguments.countsIterations { parameters.append(.buffer(executable.program.types.count)) }
    return parameters
  }

  /// How long one unit of the cost model takes on one core, roughly.
  private static let microsecondsPerUnit = 0.0004

  /// The dimensions of a value's buffer.
  private func shape(_ value: ValueID) -> [Int] {
    executable.program.extents(of: value).map { $0.value(sizes) }
  }

  /// Whether an offset may not fit in 32 bits.
  private func needsWideIndices(_ arguments: KernelArguments, _ items: Int) -> Bool {
    let limit = Int(Int32.max) / 2
    if items > limit || forced?.usesWideIndices == true { return true }
    return (arguments.inputs + arguments.outputs).contains { value in
      shape(value).reduce(executable.program.types[value].element.partCount, *) > limit
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
