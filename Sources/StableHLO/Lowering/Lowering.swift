import VMap

/// Runs the functions of a module on tensors, in a trace or to find types.
///
/// Calls are inlined, and constants are made once for all traces.
final class Lowering {
  let module: Module
  let constants: ConstantPool
  /// The pairs of tensors that the module wants to be compared.
  private(set) var checks: [Check<AnyTensor>] = []

  /// Operations that are lowered without a rule.
  static let handled: Set = [
    "func.call", "stablehlo.composite", "stablehlo.constant", "chlo.constant", "stablehlo.while",
    "stablehlo.case", "stablehlo.if",
  ]

  /// The most iterations of loops, if there is such a number.
  let limit: IterationLimit?

  init(_ module: Module, _ constants: ConstantPool, limit: IterationLimit? = nil) {
    self.module = module
    self.constants = constants
    self.limit = limit
  }

  func call(_ function: Function, _ arguments: [Value]) throws -> [Value] {
    var frame = Frame(function)
    return try run(function.body, arguments, &frame)
  }

  /// Runs a region; its values stay in the frame.
  func run(_ region: Region, _ arguments: [Value], _ frame: inout Frame) throws -> [Value] {
    for (slot, value) in zip(region.parameters, arguments) { frame.values[slot] = value }
    for operation in region.operations {
      let operands = frame[operation.operands]
      if operation.isReturn { return operands }
      let results: [Value]
      do {
        results = try apply(operation, operands, &frame)
        frame.passOnConstant(operation)
      } catch let error as VMapError {
        throw error.prefixed("\(position(of: operation)): \(operation.name): ")
      }
      for (slot, value) in zip(operation.results, results) { frame.values[slot] = value }
    }
    return []
  }

  private func position(of operation: Operation) -> String {
    let position = module.source.position(of: operation.offset)
    return "\(position.line):\(position.column)"
  }

  private func apply(
    _ operation: Operation, _ operands: [Value], _ frame: inout Frame
  ) throws -> [Value] {
    switch operation.name {
    case "func.call", "stablehlo.composite":
      guard let function = try module.callee(of: operation) else { return [] }
      return try call(function, operands)
    case "stablehlo.constant", "chlo.constant":
      return [try constant(operation, &frame)]
    case "stablehlo.while":
      let frame = frame
      if let limit {
        return try limitedLoop(operation, tensors(operands), frame, limit).map(Value.tensor)
      }
      let results = try AnyTensor.whileLoop(
        "while", tensors(operands),
        while: { state in
          var frame = frame
          return try self.tensors(
            self.run(operation.regions[0], state.map(Value.tensor), &frame))[0]
        },
        do: { state in
          var frame = frame
          return try self.tensors(
            self.run(operation.regions[1], state.map(Value.tensor), &frame))
        })
      return results.map(Value.tensor)
    case "stablehlo.case", "stablehlo.if":
      let frame = frame
      let elements = operation.results.compactMap {
        frame.function.types[$0].supported?.element
      }
      let branches = operation.regions.map { region in
        {
          var frame = frame
          return try self.tensors(self.run(region, [], &frame))
        }
      }
      let choices = try choices(operation, tensors(operands)[0])
      guard let limit else {
        return try AnyTensor.choose(operation.name, by: choices, elements, branches)
          .map(Value.tensor)
      }
      let results = try AnyTensor.choose(
        operation.name, by: choices, elements + [.bool], limitedBranches(limit, branches))
      limit.reached = results.last
      return results.dropLast().map(Value.tensor)
    default: break
    }
    if let kind = try CheckKind(operation) {
      try check(operation, kind, operands)
      return []
    }
    return try applyRule(operation, tensors(operands), frame).map(Value.tensor)
  }

  /// Which branch is taken: `if` has the one for true first, `case` takes the last one for what is no
  /// branch's number.
  private func choices(_ operation: Operation, _ selector: AnyTensor) throws -> [AnyTensor] {
    let isNot = { (choice: AnyTensor) in try AnyTensor.applying("not", to: [choice]) }
    guard operation.name == "stablehlo.case" else { return [selector, try isNot(selector)] }
    var own: [AnyTensor] = []
    var isOther: AnyTensor?
    for number in operation.regions.indices.dropLast() {
      let number = try AnyTensor.constant(ScalarLiteral(integer: Int64(number), as: .int32))
      let isNumber = try AnyTensor.applying("eq", to: [selector, number])
      own.append(isNumber)
      let isNoNumber = try isNot(isNumber)
      let both = try isOther.map { try AnyTensor.applying("and", to: [$0, isNoNumber]) }
      isOther = both ?? isNoNumber
    }
    return own + [try isOther ?? .constant(ScalarLiteral(1, as: .bool))]
  }

  /// Applies a rule, and holds what it makes against the types that the module gives.
  func applyRule(
    _ operation: Operation, _ operands: [AnyTensor], _ frame: Frame
  ) throws -> [AnyTensor] {
    guard let rule = Rule.of(operation.fullName) else {
      throw LoweringError.unsupported(operation.fullName)
    }
    let types = try operation.results.map { slot in
      guard let type = frame.function.types[slot].supported else {
        throw LoweringError.unsupported("elements of \(frame.function.types[slot])")
      }
      return type
    }
    var application = Application(
      operation: operation, operands: operands, results: types,
      constants: operation.operands.map { frame.constants[$0] },
      regions: operation.regions.map { region in
        { arguments in
          var frame = frame
          return try self.apart {
            try self.tensors(self.run(region, arguments.map(Value.tensor), &frame))
          }
        }
      })
    application.regions += try module.calledFunctions(of: operation).map { function in
      { arguments in
        try self.apart { try self.tensors(self.call(function, arguments.map(Value.tensor))) }
      }
    }
    let results: [AnyTensor]
    do {
      results = try rule.body(application)
    } catch let error as VMapError where error.kind == .typeMismatch {
      // The rules have held the operands against each other: here the IR lacks something.
      let type = operands.first.map { " on \($0.elementType.stableHLOName)" } ?? ""
      throw LoweringError.unsupported(operation.name + type)
    }
    guard results.map(\.type) == types else {
      throw LoweringError.invalid(
        "gives \(results.map(\.type.description).joined(separator: ", ")), "
          + "the module says \(types.map(\.description).joined(separator: ", "))")
    }
    return results
  }

  private func apart<R>(_ body: () throws -> R) rethrows -> R {
    try limit?.apart(body) ?? body()
  }

  private func constant(_ operation: Operation, _ frame: inout Frame) throws -> Value {
    let value = try operation.constantValue(frame.function)
    guard let type = TypeSyntax.tensor(value.type).supported else {
      return .opaque(.tensor(value.type))
    }
    let literal = value.literal(type.element)
    if let literal, let slot = operation.results.first { frame.constants[slot] = literal }
    if let literal { return .tensor(try .filled(type, with: literal)) }
    return .tensor(try constants.tensor(value, type, at: operation.offset))
  }

  private func check(_ operation: Operation, _ kind: CheckKind, _ operands: [Value]) throws {
    let pair = try tensors(operands)
    checks.append(
      Check(
        kind: kind, actual: pair[0], expected: pair[1],
        position: module.source.position(of: operation.offset)))
  }

  func tensors(_ values: [Value]) throws -> [AnyTensor] {
    try values.map { value in
      switch value {
      case .tensor(let tensor): return tensor
      case .opaque(let type): throw LoweringError.unsupported("elements of \(type)")
      }
    }
  }
}
