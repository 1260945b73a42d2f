import Synchronization

/// Writes down the program of a function while it runs on stand-ins for its arguments.
///
/// Operations never throw inside a trace: the first error is kept and ``finish(results:)`` throws it.
final class Trace: Sendable {
  struct State: Sendable {
    var builder = ProgramBuilder()
    /// The region each value belongs to, by serial number, and those that are open.
    var owner: [Int] = []
    var open: [Int] = [0]
    var regionCount = 1
    var captures: [ObjectIdentifier: ValueID] = [:]
    var captured: [(handle: TensorHandle, value: ValueID)] = []
    var names: [(name: String, axes: [Int])] = []
    /// Axes whose `vmap` has returned: what varies over them has no meaning any more.
    var closedAxes: Set<Int> = []
    var sizes: [Symbol: Int] = [:]
    var pinned: Set<Symbol> = []
    var error: VMapError?
    var isFinished = false

    init() { builder.openRegion() }

    var program: Program { builder.program }
  }

  let state = Mutex(State())

  /// The size each symbol has in the call that is traced.
  init(sizes: [Symbol: Int] = [:]) { state.withLock { $0.sizes = sizes } }

  var isFinished: Bool { state.withLock { $0.isFinished } }
  var error: VMapError? { state.withLock { $0.error } }
  var pinned: Set<Symbol> { state.withLock { $0.pinned } }
  /// The stored tensors that the function used without being given them, in the parameters' order.
  var capturedHandles: [TensorHandle] { state.withLock { $0.captured.map(\.handle) } }

  /// Keeps the first error of the trace.
  func record(_ error: VMapError) {
    state.withLock { if $0.error == nil { $0.error = error } }
  }

  func type(of value: ValueID) -> ValueType { state.withLock { $0.builder.type(of: value) } }

  /// Adds a parameter of the traced function.
  func makeInput(_ element: ElementType, _ shape: [Extent]) -> TensorHandle {
    state.withLock { state in
      let value = state.addParameter(ValueType(element, shape))
      state.builder.program.inputCount += 1
      return state.handle(value, self)
    }
  }

  /// Adds a map axis.
  func makeAxis(name: String?, extent: Extent) -> Int {
    state.withLock { state in
      let id = state.builder.program.axes.count
      state.builder.program.axes.append(MapAxis(id: id, name: name, extent: extent))
      return id
    }
  }

  /// Ends axes: values that vary over them cannot be used from here on.
  func closeAxes(_ axes: [Int]) { state.withLock { $0.closedAxes.formUnion(axes) } }

  /// Runs a function with a name standing for axes.
  func binding<R>(_ name: String?, to axes: [Int], _ body: () throws -> R) rethrows -> R {
    guard let name else { return try body() }
    state.withLock { $0.names.append((name, axes)) }
    defer { state.withLock { _ = $0.names.removeLast() } }
    return try body()
  }

  /// The axes that a name stands for here: those of the innermost `vmap` of that name.
  func axes(named name: String) throws(VMapError) -> [Int] {
    let names = state.withLock { $0.names }
    if let binding = names.last(where: { $0.name == name }) { return binding.axes }
    throw VMapError(
      .unboundAxisName,
      "no enclosing vmap has the axis name \"\(name)\"; bound here: "
        + (names.isEmpty ? "none" : names.map { "\"\($0.name)\"" }.joined(separator: ", ")))
  }

  /// Writes down an operation; its results are stand-ins even when it fails.
  func emit(
    _ operation: any Operation, _ operands: [TensorHandle], regions: [Region] = []
  ) -> [TensorHandle] {
    do throws(VMapError) {
      let values = try values(for: operands)
      if operation.readsExtents { for value in values { pinExtents(of: value) } }
      return try append(operation, values, regions)
    } catch {
      record(error)
      return [.failed(error)]
    }
  }

  private func append(
    _ operation: any Operation, _ values: [ValueID], _ regions: [Region]
  ) throws(VMapError) -> [TensorHandle] {
    try state.withLock { state throws(VMapError) in
      guard !state.isFinished else { throw Trace.hasReturned }
      let results = try state.builder.emit(operation, values, regions: regions)
      state.claimValues()
      return results.map { state.handle($0, self) }
    }
  }

  /// Makes the extents of a value numbers, which then belong to the executable's key.
  func pinExtents(of value: ValueID) {
    state.withLock { state in
      state.pin(state.builder.type(of: value).shape)
    }
  }

  /// How many examples there are along an axis, a number that then belongs to the executable's key.
  func pinnedExtent(of axis: Int) -> Int {
    state.withLock { state in
      state.pin([state.program.axes[axis].extent])
      return state.program.axes[axis].extent.value(state.sizes)
    }
  }

  /// Traces a function into a region of its own.
  func region(
    _ parameters: [ValueType], _ body: ([TensorHandle]) throws -> [TensorHandle]
  ) throws(VMapError) -> Region {
    let handles: [TensorHandle] = state.withLock { state in
      state.open.append(state.regionCount)
      state.regionCount += 1
      state.builder.openRegion()
      let values = parameters.map { state.addParameter($0) }
      return values.map { state.handle($0, self) }
    }
    let results: Result<[ValueID], VMapError>
    do {
      let values = try values(for: body(handles))
      results = .success(values)
    } catch {
      results = .failure(VMapError(caught: error))
    }
    let region = state.withLock { state in
      state.open.removeLast()
      return state.builder.closeRegion(results: (try? results.get()) ?? [])
    }
    _ = try results.get()
    return region
  }

  /// Ends the trace and gives its program.
  func finish(results: [TensorHandle]) throws(VMapError) -> Program {
    defer { state.withLock { $0.isFinished = true } }
    if let error { throw error }
    let values = try values(for: results)
    return state.withLock { state in
      state.isFinished = true
      var body = state.builder.closeRegion(results: values)
      body.parameters += state.captured.map(\.value)
      // Rules of calls may hold tensors of this trace, which then would never be given up.
      let program = state.builder.finish(body).withoutCalls()
      state.builder.discardInstructions()
      return program
    }
  }

  static let hasReturned = VMapError(
    .tracerEscaped, "a value of a traced function was used after the function had returned")

  /// Ends a trace that failed.
  func abandon() {
    state.withLock {
      $0.isFinished = true
      $0.builder.discardInstructions()
    }
  }
}

extension Trace.State {
  /// Makes extents numbers.
  mutating func pin(_ extents: [Extent]) {
    // Lengths that each example has for itself are no numbers.
    let extents = extents.filter { $0.raggedAxis == nil }
    guard extents.contains(where: { $0.constant == nil }) else { return }
    pinned.formUnion(extents.flatMap(\.symbols))
    let known = sizes.filter { pinned.contains($0.key) }
    builder.program = program.replacing(known)
  }

  /// Adds a parameter to the region that is being written.
  mutating func addParameter(_ type: ValueType) -> ValueID {
    let value = builder.addParameter(type)
    claimValues()
    return value
  }

  /// Adds a parameter to the whole program, which follows the caller's.
  mutating func addCapture(_ type: ValueType) -> ValueID {
    let value = builder.makeValue(type)
    owner.append(0)
    return value
  }

  /// The values that were made since belong to the region that is being written.
  mutating func claimValues() {
    while owner.count < builder.program.types.count { owner.append(open[open.count - 1]) }
  }

  func handle(_ value: ValueID, _ trace: Trace) -> TensorHandle {
    let type = builder.type(of: value)
    return TensorHandle(
      element: type.element, shape: type.shape.map { $0.visibleSize(sizes) },
      .traced(trace, value))
  }
}
