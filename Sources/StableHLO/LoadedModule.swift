import VMap

/// A module that has been read and verified, with its entry point.
struct LoadedModule: Sendable {
  let module: Module
  let entry: Function
  let constants = ConstantPool()

  init(_ module: Module, entry name: String) throws(StableHLOError) {
    self.module = module
    guard let function = module.functions[name] else {
      throw StableHLOError(
        .invalid,
        "there is no function @\(name); the module has "
          + module.functions.keys.sorted().map { "@\($0)" }.joined(separator: ", "))
    }
    entry = function
    try Verifier.check(function, of: module)
  }

  /// The types of the arguments and of the results.
  ///
  /// - Throws: ``StableHLOError`` where one is not supported.
  private func types(_ types: [TypeSyntax]) throws(StableHLOError) -> [TensorType] {
    var result: [TensorType] = []
    for type in types {
      guard let supported = type.supported else {
        let name = type.tensor.map { "elements of type \($0.element)" } ?? "\(type)"
        throw StableHLOError(
          .unsupported, "not supported yet: \(name)",
          at: module.source.position(of: entry.offset), unsupported: [name])
      }
      result.append(supported)
    }
    return result
  }

  /// The entry point as a function of tensors.
  ///
  /// - Parameter iterations: The most that a loop makes; one more result tells whether one did.
  func anyFunction(maximumIterations iterations: Int? = nil) throws(StableHLOError) -> AnyFunction {
    if let iterations, Int32(exactly: iterations) == nil || iterations < 0 {
      throw StableHLOError(
        .invalid, "maximumIterations should be a number of 31 bits, got \(iterations)")
    }
    let flag = iterations.map { _ in TensorType(element: .bool, shape: []) }
    return AnyFunction(
      name: "@\(entry.name)", parameters: try types(entry.parameters),
      results: try types(entry.results) + [flag].compactMap { $0 }
    ) { [self] arguments in
      guard let iterations else { return try run(arguments).results }
      let limit = IterationLimit(iterations)
      return try run(arguments, limit: limit).results + [limit.wasReached()]
    }
  }

  /// Runs the entry point: its results, and the tensors that it wants to be compared.
  func run(
    _ arguments: [AnyTensor], limit: IterationLimit? = nil
  ) throws -> (results: [AnyTensor], checks: [Check<AnyTensor>]) {
    let lowering = Lowering(module, constants, limit: limit)
    let values = try lowering.call(entry, arguments.map(Value.tensor))
    let results = try values.map { value in
      guard case .tensor(let tensor) = value else {
        throw VMapError(.internalInconsistency, "a result has a type that is not supported")
      }
      return tensor
    }
    return (results, lowering.checks)
  }
}
