// What a front end needs that reads programs from text: operations by their names.

extension AnyTensor {
  /// Applies an operation of the IR, given by its name and its attributes.
  ///
  /// - Throws: ``VMapError`` where there is no such operation, or where it does not take such operands.
  ///   Nothing is recorded then, in a trace neither.
  package static func applying(
    _ name: String, _ attributes: [Attribute] = [], to operands: [AnyTensor]
  ) throws(VMapError) -> AnyTensor {
    let (operation, _) = try operation(name, attributes, for: operands)
    let handles = operands.map(\.handle)
    let trace = Trace.current
    let result = trace.map { $0.emit(operation, handles)[0] } ?? .apply(operation, handles)
    return try AnyTensor(made: result)
  }

  /// An operation, and the types that it gives for some operands.
  private static func operation(
    _ name: String, _ attributes: [Attribute], for operands: [AnyTensor]
  ) throws(VMapError) -> (operation: any Operation, results: [TensorType]) {
    let operation = try OperationRegistry.make(name: name, attributes: attributes)
    guard OperationRegistry.operandCount(of: name)?.contains(operands.count) == true else {
      throw VMapError(
        .invalidArgument, "\(name): does not take \(quantity(operands.count, "operand"))")
    }
    let types = operands.map { TensorType(element: $0.elementType, shape: $0.handle.sizes) }
    if types.contains(where: \.shape.hasRagged) { try operation.checkRagged(types) }
    return (operation, try operation.resultTypes(types))
  }

  /// What an operation has made; throws what it failed with.
  private init(made handle: TensorHandle) throws(VMapError) {
    if case .failed(let error) = handle.current { throw error }
    self.init(handle: handle)
  }

  /// The name of the elementwise operation that StableHLO has under a name, `add` for `stablehlo.add`.
  package static func elementwiseName(stableHLO name: String) -> String? {
    Elementwise.name(stableHLO: name)
  }

  /// A constant, as a scalar.
  package static func constant(_ value: ScalarLiteral) throws(VMapError) -> AnyTensor {
    try applying("constant", [Attribute("value", .literal(value))], to: [])
  }

  /// Applies an operation of the IR whose regions are functions of elements.
  ///
  /// - Parameter regions: What each region makes of scalars.
  package static func applying(
    _ name: String, _ attributes: [Attribute] = [], to operands: [AnyTensor],
    regions: [([AnyTensor]) throws -> [AnyTensor]]
  ) throws(VMapError) -> [AnyTensor] {
    let (operation, results) = try operation(name, attributes, for: operands)
    let handles = TensorHandle.apply(
      operation, operands.map(\.handle), as: results.map(\.element),
      regions: regions.map { region in
        { handles in try region(handles.map(AnyTensor.init(handle:))).map(\.handle) }
      })
    return try handles.map { handle throws(VMapError) in
      try AnyTensor(made: handle)
    }
  }

  /// Replaces a state while a condition on it holds.
  ///
  /// - Parameters:
  ///   - name: What errors call the loop.
  ///   - initial: The state to begin with.
  ///   - condition: Makes a scalar `bool` of the state.
  ///   - body: The next state, of the same types.
  package static func whileLoop(
    _ name: String, _ initial: [AnyTensor],
    while condition: @escaping ([AnyTensor]) throws -> AnyTensor,
    do body: @escaping ([AnyTensor]) throws -> [AnyTensor]
  ) throws(VMapError) -> [AnyTensor] {
    let loop = LoopDescription(
      name: name, paths: initial.indices.map { "tensor \($0) of the state" },
      condition: { try condition($0.map(AnyTensor.init(handle:))).handle },
      body: { try body($0.map(AnyTensor.init(handle:))).map(\.handle) })
    return try runLoop(loop, from: initial.map(\.handle)).map { handle throws(VMapError) in
      try AnyTensor(made: handle)
    }
  }

  /// What the branch that is taken gives.
  ///
  /// - Parameters:
  ///   - name: What errors call the choice.
  ///   - choices: For each branch a scalar `bool`: whether it is taken. Exactly one is.
  ///   - elements: The element types of the results.
  ///   - branches: Tensors of the same types from each.
  package static func choose(
    _ name: String, by choices: [AnyTensor], _ elements: [ElementType],
    _ branches: [() throws -> [AnyTensor]]
  ) throws(VMapError) -> [AnyTensor] {
    let choice = BranchDescription(
      name: name, branchNames: branches.indices.map { "branch \($0)" },
      choices: choices.map(\.handle),
      branches: branches.map { branch in { try branch().map(\.handle) } })
    let results = runTraced(reading: choice.choices, failing: elements) {
      (trace) throws(VMapError) in try trace.choose(choice)
    }
    return try results.map { handle throws(VMapError) in
      try AnyTensor(made: handle)
    }
  }

  /// The types of a function's results, found without running or compiling anything.
  package static func inferTypes(
    of parameters: [TensorType], _ body: ([AnyTensor]) throws -> [AnyTensor]
  ) throws(VMapError) -> [TensorType] {
    let trace = Trace()
    defer { trace.abandon() }
    let inputs = parameters.map { type in
      AnyTensor(handle: trace.makeInput(type.element, type.shape.map(Extent.constant)))
    }
    do {
      let results = try trace.beingCurrent { try body(inputs) }
      if let error = trace.error { throw error }
      return results.map(\.type)
    } catch {
      throw VMapError(caught: error)
    }
  }
}
