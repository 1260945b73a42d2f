/// A function of tensors whose number and types are known at run time.
///
///     let f = try StableHLO.function(contentsOf: url)
///     let results = try vmap(f, inAxes: [nil, 0])([weights, images])
public struct AnyFunction: Sendable {
  /// The name, for errors.
  public let name: String
  /// The types of the arguments, for one example.
  public let parameters: [TensorType]
  /// The types of the results, for one example.
  public let results: [TensorType]
  let body: @Sendable ([AnyTensor]) throws -> [AnyTensor]

  /// A function from a closure.
  ///
  /// - Parameters:
  ///   - name: The name, for errors.
  ///   - parameters: The types of the arguments that the closure takes.
  ///   - results: The types of the results that it gives.
  ///   - body: The per-example function.
  public init(
    name: String, parameters: [TensorType], results: [TensorType],
    body: @escaping @Sendable ([AnyTensor]) throws -> [AnyTensor]
  ) {
    self.name = name
    self.parameters = parameters
    self.results = results
    self.body = body
  }

  /// The function without its first results.
  package func droppingResults(_ count: Int) -> AnyFunction {
    AnyFunction(name: name, parameters: parameters, results: Array(results.dropFirst(count))) {
      Array(try body($0).dropFirst(count))
    }
  }

  /// Checks the arguments of one example, calls the closure and checks its results.
  func callChecked(_ arguments: [AnyTensor]) throws -> [AnyTensor] {
    try check(arguments, are: parameters, "argument", "takes")
    let results = try body(arguments)
    try check(results, are: self.results, "result", "gives")
    return results
  }

  private func check(
    _ tensors: [AnyTensor], are types: [TensorType], _ noun: String, _ verb: String
  ) throws(VMapError) {
    guard tensors.count == types.count else {
      throw VMapError(
        .arityMismatch,
        "\(name) \(verb) \(quantity(types.count, noun)), there are \(tensors.count)")
    }
    for (position, (tensor, type)) in zip(tensors, types).enumerated() where tensor.type != type {
      throw VMapError(
        tensor.elementType == type.element ? .shapeMismatch : .typeMismatch,
        "\(noun) \(position) of \(name) should be \(type) for each example, it is \(tensor.type)")
    }
  }
}

/// An ``AnyFunction`` that runs on a whole batch: what `vmap` and `jit` make of one.
public struct AnyVectorized: Sendable {
  let function: AnyFunction
  /// The maps as they were asked for, outermost first.
  let levels: [MapLevel]
  private let engine: Vectorized<ResultList, ArgumentList>

  init(_ function: AnyFunction, _ levels: [MapLevel]) {
    self.function = function
    self.levels = levels
    engine = Vectorized(
      function: { ResultList(elements: try function.callChecked($0.elements)) },
      levels: levels.map { level in
        // The arguments are one list to the engine, and so are the results.
        var level = level
        if case .each = level.inAxes { level.inAxes = .each([level.inAxes]) }
        level.argumentNames = []
        return level
      }, output: .tree)
  }

  /// Calls the function on a batch.
  ///
  /// - Throws: ``VMapError`` as ``Vectorized/callAsFunction(_:)-(Input)`` does, and of kind `arityMismatch`
  ///   where `inAxes`, `outAxes` or the function have another number of entries, results or arguments.
  public func callAsFunction(_ arguments: [AnyTensor]) throws(VMapError) -> [AnyTensor] {
    try checkArity(arguments)
    return try engine(list(arguments)).elements
  }

  /// The program, the plan and the OpenCL C for these arguments, without running anything.
  public func lowered(_ arguments: [AnyTensor]) throws(VMapError) -> Lowered {
    try checkArity(arguments)
    return try engine.lowered(list(arguments))
  }

  /// What a call of these arguments is made of.
  func fileCall(_ arguments: [AnyTensor]) throws(VMapError) -> FileCall {
    try checkArity(arguments)
    let list = list(arguments)
    let handles = try engine.collect(list).handles
    let entry = try engine.entry(list)
    let inputs = try (handles + entry.captured).map { handle throws(VMapError) in
      try handle.storage()
    }
    return FileCall(
      executable: entry.executable, inputs: inputs, sizes: entry.sizes(of: handles),
      chunk: levels.first?.chunk)
  }

  private func list(_ arguments: [AnyTensor]) -> ArgumentList { ArgumentList(elements: arguments) }

  private func checkArity(_ arguments: [AnyTensor]) throws(VMapError) {
    guard arguments.count == function.parameters.count else {
      throw VMapError(
        .arityMismatch,
        "\(function.name) takes \(quantity(function.parameters.count, "argument")), "
          + "got \(arguments.count)")
    }
    for level in levels {
      _ = try level.prefixes(forArguments: arguments.count)
      if case .each(let entries) = level.outAxes, entries.count != function.results.count {
        throw VMapError(
          .arityMismatch,
          "outAxes has \(quantity(entries.count, "entry", "entries")), one for each result, "
            + "and \(function.name) has \(quantity(function.results.count, "result"))")
      }
    }
  }
}
