import Device

/// A function that runs on a whole batch: what `vmap`, `jit` and `grad` return, called like the function.
///
/// It is compiled at the first call for each combination of element types and per-example shapes; a
/// new batch size compiles nothing. It may be called from many tasks at once.
public struct Vectorized<Output, each Input: TensorTree>: Sendable {
  /// The per-example function.
  public let function: @Sendable (repeat each Input) throws -> Output
  /// The maps around it, outermost first.
  let levels: [MapLevel]
  let output: OutputStructure<Output>
  let cache: CallCache<Output>
  /// How the batch is to be divided, if anything is said of it.
  let wish: DivisionWish?
  /// Whether results are added to the first argument.
  let accumulates: Bool
  private let singleTensors: SingleTensors

  init(
    function: @escaping @Sendable (repeat each Input) throws -> Output, levels: [MapLevel],
    output: OutputStructure<Output>, cache: CallCache<Output> = CallCache(),
    accumulates: Bool = false
  ) {
    self.function = function
    self.levels = levels
    self.output = output
    self.cache = cache
    self.accumulates = accumulates
    wish = levels.first.flatMap(DivisionWish.init)
    singleTensors = SingleTensors(repeat (each Input).self)
  }

  /// Calls the function on a batch.
  ///
  /// - Throws: ``VMapError`` for axes and sizes that do not fit, for what went wrong inside the
  ///   function, and for failures of the device that were seen by then; later ones surface where the
  ///   result is read.
  @inline(never)  // So that the arguments outlive the call, which lends their memory to kernels.
  public func callAsFunction(_ inputs: repeat each Input) throws(VMapError) -> Output {
    var failure: VMapError?
    // What calls of one kind have in common was done by the first of them.
    if wish == nil, !AmbientValues.areSet,
      let slot = cache.slots.takeRecent()
    {
      var matcher = ArgumentMatcher(slot)
      var tensors = singleTensors
      do {
        for input in repeat each inputs {
          try matcher.add(input, isTensor: tensors.next())
        }
      } catch {
        slot.release()
        throw VMapError(caught: error)
      }
      if matcher.isMatch {
        do throws(VMapError) { return try run(slot) } catch { failure = error }
      } else {
        slot.release()
      }
    }
    // Passing the pack on would cost every call of this function the making of its type.
    var trees = TreeList()
    for input in repeat each inputs { trees.append(input) }
    return try call(trees, after: failure)
  }

  /// Calls the function where the fast way did not do.
  ///
  /// - Parameter failure: Why it did not, if it ran.
  private func call(_ trees: TreeList, after failure: VMapError?) throws(VMapError) -> Output {
    var trees = trees
    let inputs = (repeat trees.next((each Input).self))
    // What was prepared before the device was lost is of no use; a new context may be. And what is in
    // memory that kernels cannot reach can be copied.
    if let failure {
      switch failure.device?.kind {
      case .deviceLost, .invalidArgument: break
      case .allocationFailed: return try callInParts(repeat each inputs, after: failure)
      default: throw failure
      }
    }
    return try callUnprepared(repeat each inputs)
  }

  /// Calls the function where the last call was of another kind, or there was none.
  private func callUnprepared(_ arguments: repeat each Input) throws(VMapError) -> Output {
    if let trace = Trace.current {
      return try inline(repeat each arguments, in: trace)
    }
    let collector = try collect(repeat each arguments)
    if let trace = collector.trace {
      return try inline(repeat each arguments, in: trace)
    }
    if let ragged = collector.ragged {
      return try callRagged(repeat each arguments, collector: collector, stored: ragged)
    }
    let entry = try entry(repeat each arguments, signature: collector.signature)
    let (inputs, division) = try division(entry, collector.handles)
    let sizes = entry.sizes(of: collector.handles)
    if let division { return try run(entry, inputs, sizes, division) }
    do throws(VMapError) {
      guard inputs.allSatisfy({ $0.isReachable(from: entry.executable.context) }) else {
        let results = try entry.executable.run(inputs, sizes: sizes)
        return try output.replace(entry.template, results.map { TensorHandle($0) })
      }
      return try run(try slot(for: entry, collector))
    } catch {
      return try callInParts(repeat each arguments, after: error)
    }
  }

  /// Calls the function on parts of the batch, as what does not fit the device's memory at once may fit
  /// in parts.
  private func callInParts(
    _ arguments: repeat each Input, after error: VMapError
  ) throws(VMapError) -> Output {
    guard error.device?.kind == .allocationFailed else { throw error }
    let collector = try collect(repeat each arguments)
    guard collector.ragged == nil else { throw error }
    let handles = collector.handles
    let entry = try entry(repeat each arguments)
    let (inputs, division) = try division(entry, handles, hasFailed: true)
    guard let division else { throw error }
    return try run(entry, inputs, entry.sizes(of: handles), division)
  }

  /// The program, the plan and the OpenCL C for these arguments, without running anything.
  ///
  ///     print(try vmap(model, inAxes: [nil, 0]).lowered(w, vs))
  public func lowered(_ inputs: repeat each Input) throws(VMapError) -> Lowered {
    let collector = try collect(repeat each inputs)
    let entry = try entry(repeat each inputs)
    let division =
      collector.ragged == nil ? try division(entry, collector.handles).division : nil
    return entry.executable.lowered(sizes: entry.sizes(of: collector.handles), division)
  }

  /// The compiled program for arguments like these.
  func entry(_ inputs: repeat each Input) throws(VMapError) -> CallCache<Output>.Entry {
    let collector = try collect(repeat each inputs)
    if let trace = collector.trace {
      throw VMapError(
        trace.isFinished ? .tracerEscaped : .valueOfTracer,
        "a value of a traced function cannot be lowered: pass tensors with elements")
    }
    return try entry(repeat each inputs, signature: collector.signature)
  }

  /// The compiled program for a signature, which is that of the arguments.
  func entry(
    _ inputs: repeat each Input, signature: CallSignature
  ) throws(VMapError) -> CallCache<Output>.Entry {
    if let known = cache.entry(for: signature) { return known }
    return try compile(repeat each inputs, signature: signature)
  }

  /// The tensors of the arguments.
  func collect(_ inputs: repeat each Input) throws(VMapError) -> SignatureCollector {
    var collector = SignatureCollector()
    do { repeat try collector.add(each inputs) } catch { throw VMapError(caught: error) }
    var fields = FieldReflection(visited: collector.handles)
    var tensors = singleTensors
    for input in repeat each inputs {
      if !tensors.next() { fields.add(input) }
    }
    collector.add(fields)
    try collector.storeRagged()
    return collector
  }

  /// A place with a call that is prepared for these tensors, and has them.
  ///
  /// - Parameter handles: The tensors, where they are not those that were collected.
  func slot(
    for entry: CallCache<Output>.Entry, _ collector: SignatureCollector,
    _ handles: [TensorHandle]? = nil
  ) throws(VMapError) -> CallSlot {
    let isForced = RunOptions.forced != nil
    let slot: CallSlot
    if !isForced, let known = cache.slots.take(collector.signature) {
      slot = known
    } else {
      let call = try PreparedCall(
        collector.signature, entry, entry.executable, entry.sizes(of: collector.handles),
        captured: entry.captured)
      slot = isForced || !call.isComplete ? CallSlot(taken: call) : cache.slots.place(call)
    }
    for (position, handle) in (handles ?? collector.handles).enumerated() {
      guard slot.keep(handle, at: position) else {
        slot.release()
        throw VMapError(.internalInconsistency, "a call was prepared for other arguments")
      }
    }
    return slot
  }

  /// Runs a prepared call that has its arguments, and gives its place back.
  private func run(_ slot: CallSlot) throws(VMapError) -> Output {
    defer { slot.release() }
    guard let call = slot.call else {
      throw VMapError(.internalInconsistency, "there is no prepared call")
    }
    if output.isTensor { return unsafeBitCast(try call.result(), to: Output.self) }
    let entry = unsafeDowncast(call.entry, to: CallCache<Output>.Entry.self)
    return try output.replace(entry.template, call.results())
  }
}
