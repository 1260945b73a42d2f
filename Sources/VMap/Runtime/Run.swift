import Device

/// One run of an executable: the buffers of its values, and the kernels in order.
struct Run {
  let executable: Executable
  let sizes: [Symbol: Int]
  var buffers: [ValueID: Buffer] = [:]
  private var nextKernel = 0

  init(_ executable: Executable, _ sizes: [Symbol: Int]) {
    self.executable = executable
    self.sizes = sizes
  }

  mutating func execute(_ plan: Plan) throws(VMapError) {
    for step in plan.steps {
      switch step {
      case .kernel(let kernel):
        try launch(kernel, number: nextKernel)
        nextKernel += 1
      case .loop(let loop): try execute(loop)
      }
    }
  }

  private mutating func execute(_ loop: Plan.HostLoop) throws(VMapError) {
    let first = nextKernel
    var state = loop.initial.map { buffers[$0] }
    while true {
      nextKernel = first
      for (parameter, buffer) in zip(loop.conditionParameters, state) {
        buffers[parameter] = buffer
      }
      try execute(loop.condition)
      guard try flag(loop.predicate) else { break }
      for (parameter, buffer) in zip(loop.bodyParameters, state) { buffers[parameter] = buffer }
      try execute(loop.body)
      state = loop.next.map { buffers[$0] }
    }
    nextKernel = first + loop.condition.kernels.count + loop.body.kernels.count
    for (result, buffer) in zip(loop.results, state) { buffers[result] = buffer }
  }

  /// A truth value that the host decides by.
  private func flag(_ value: ValueID) throws(VMapError) -> Bool {
    guard let buffer = buffers[value] else {
      throw VMapError(.internalInconsistency, "a loop's condition was not computed")
    }
    var byte: UInt8 = 0
    try VMapError.onDevice { () throws(DeviceError) in
      try withUnsafeMutableBytes(of: &byte) { bytes throws(DeviceError) in
        try buffer.read(into: bytes)
      }
    }
    return byte != 0
  }

  private mutating func launch(_ kernel: Kernel, number: Int) throws(VMapError) {
    let arguments = executable.source.arguments[number]
    for root in kernel.roots { buffers[root.buffer] = try makeBuffer(root.buffer) }
    let items = kernel.itemCount(sizes)
    guard items > 0 else { return }
    let wide = needsWideIndices(arguments, items)
    let index: IndexWidth = wide ? .int64 : .int32
    func indexArgument(_ value: Int) -> Argument {
      wide ? .int64(Int64(value)) : .int32(Int32(truncatingIfNeeded: value))
    }
    var values: [Argument] = []
    values.reserveCapacity(arguments.inputs.count + arguments.outputs.count + 4)
    for buffer in arguments.inputs + arguments.outputs {
      guard let buffer = buffers[buffer] else {
        throw VMapError(.internalInconsistency, "kernel \(kernel.name) lacks a buffer")
      }
      values.append(.buffer(buffer, byteOffset: 0))
    }
    values.append(indexArgument(items))
    for extent in arguments.extents { values.append(indexArgument(extent.value(sizes))) }
    for constant in arguments.constants { values.append(Argument(constant)) }
    if arguments.countsIterations, let counter = executable.iterationCounter {
      values.append(.buffer(counter, byteOffset: 0))
    }
    guard let compiled = executable.kernels[number][index] else { return }
    let local = kernel.localSize
    let global = (items + local - 1) / local * local
    let estimate = kernel.cost(sizes, items: items) * Run.microsecondsPerUnit
    try VMapError.onDevice { () throws(DeviceError) in
      try executable.context.launch(
        compiled, values, global: [global], local: [local],
        placement: Run.placement ?? .automatic(estimatedMicroseconds: estimate))
    }
  }

  /// Whether to compute offsets in 64 bits whatever the sizes; for tests.
  @TaskLocal static var usesWideIndices = false

  /// Where to run instead of where the estimate says; for tests.
  @TaskLocal static var placement: Placement?

  /// How long one unit of the cost model takes on one core, roughly.
  private static let microsecondsPerUnit = 0.0004

  private func makeBuffer(_ value: ValueID) throws(VMapError) -> Buffer {
    let extents = executable.program.extents(of: value).map { $0.value(sizes) }
    return try Storage(
      element: executable.program.types[value].element, shape: extents, in: executable.context
    ).buffer
  }

  /// Whether an offset may not fit in 32 bits.
  private func needsWideIndices(_ arguments: KernelArguments, _ items: Int) -> Bool {
    let limit = Int(Int32.max) / 2
    if items > limit || Run.usesWideIndices { return true }
    return (arguments.inputs + arguments.outputs).contains { value in
      executable.program.extents(of: value).reduce(1) { $0 * $1.value(sizes) } > limit
    }
  }
}

extension Argument {
  /// A constant of a kernel.
  fileprivate init(_ literal: ScalarLiteral) {
    self = .bytes(
      withUnsafeBytes(of: literal.bits.littleEndian) { Array($0.prefix(literal.type.byteCount)) })
  }
}
