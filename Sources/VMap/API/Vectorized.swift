import Device

/// A function that runs on a whole batch: what `vmap` and `jit` return, called like the function.
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

  init(
    function: @escaping @Sendable (repeat each Input) throws -> Output, levels: [MapLevel],
    output: OutputStructure<Output>, cache: CallCache<Output> = CallCache()
  ) {
    self.function = function
    self.levels = levels
    self.output = output
    self.cache = cache
  }

  /// Calls the function on a batch.
  ///
  /// - Throws: ``VMapError`` for axes and sizes that do not fit, for what went wrong inside the
  ///   function, and for failures of the device that were seen by then; later ones surface where the
  ///   result is read.
  public func callAsFunction(_ inputs: repeat each Input) throws(VMapError) -> Output {
    if let trace = Trace.current {
      return try inline(repeat each inputs, in: trace)
    }
    let collector = try collect(repeat each inputs)
    if let trace = collector.trace {
      return try inline(repeat each inputs, in: trace)
    }
    if let size = levels.first?.chunk,
      let result = try chunked(repeat each inputs, size: size)
    {
      return result
    }
    let entry = try entry(repeat each inputs, signature: collector.signature)
    do throws(VMapError) {
      return try run(entry, collector.handles)
    } catch {
      // What does not fit the device's memory at once may fit in halves.
      guard error.device?.kind == .allocationFailed,
        let size = entry.sizes(of: collector.handles)[Symbol(id: 0)], size > 1,
        let result = try chunked(repeat each inputs, size: (size + 1) / 2)
      else { throw error }
      return result
    }
  }

  /// The program, the plan and the OpenCL C for these arguments, without running anything.
  ///
  ///     print(try vmap(model, inAxes: [nil, 0]).lowered(w, vs))
  public func lowered(_ inputs: repeat each Input) throws(VMapError) -> Lowered {
    let collector = try collect(repeat each inputs)
    let entry = try entry(repeat each inputs)
    return entry.executable.lowered(sizes: entry.sizes(of: collector.handles))
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
  private func entry(
    _ inputs: repeat each Input, signature: CallSignature
  ) throws(VMapError) -> CallCache<Output>.Entry {
    if let known = cache.entry(for: signature) { return known }
    return try compile(repeat each inputs, signature: signature)
  }

  /// The tensors of the arguments.
  private func collect(_ inputs: repeat each Input) throws(VMapError) -> SignatureCollector {
    var collector = SignatureCollector()
    do { repeat try collector.add(each inputs) } catch { throw VMapError(caught: error) }
    return collector
  }

  private func run(
    _ entry: CallCache<Output>.Entry, _ handles: [TensorHandle]
  ) throws(VMapError) -> Output {
    var storages: [Storage] = []
    storages.reserveCapacity(handles.count + entry.captured.count)
    for handle in handles { storages.append(try handle.storage()) }
    for handle in entry.captured { storages.append(try handle.storage()) }
    let results = try entry.executable.run(storages, sizes: entry.sizes(of: handles))
    return try output.replace(
      entry.template,
      results.map { TensorHandle(element: $0.element, shape: $0.shape, .stored($0)) })
  }
}
