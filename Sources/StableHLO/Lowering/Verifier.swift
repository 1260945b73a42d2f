import VMap

/// Finds what is wrong with the functions that a module's entry point calls, and all that is not
/// supported in them, without running or compiling anything.
struct Verifier {
  /// Larger programs, with every call counted, are refused.
  static let maximumOperations = 1_000_000
  /// Loops inside loops; the types of their states are found together.
  static let maximumLoopDepth = 10

  private let lowering: Lowering
  private let module: Module
  private(set) var unsupported: [String] = []
  private var extents: [String: Extent] = [:]
  private var open: [String] = []

  /// How much a function is when all that it calls is written out in it.
  struct Extent {
    var operations = 0
    /// The deepest nesting of loops.
    var loopDepth = 0

    mutating func add(_ other: Extent) {
      operations += other.operations
      loopDepth = max(loopDepth, other.loopDepth)
    }
  }

  private init(_ module: Module) {
    self.module = module
    lowering = Lowering(module, ConstantPool())
  }

  /// Throws the first error, or one that names all that is not supported.
  static func check(_ entry: Function, of module: Module) throws(StableHLOError) {
    var verifier = Verifier(module)
    var failure: StableHLOError?
    do {
      _ = try AnyTensor.inferTypes(of: []) { _ in
        do throws(StableHLOError) { _ = try verifier.visit(entry) } catch { failure = error }
        return []
      }
    } catch {
      failure = failure ?? StableHLOError(.invalid, error.message)
    }
    if let failure { throw failure }
    guard verifier.unsupported.isEmpty else {
      throw StableHLOError(
        .unsupported, "not supported yet: \(verifier.unsupported.joined(separator: ", "))",
        unsupported: verifier.unsupported)
    }
  }

  /// Verifies a function, once.
  private mutating func visit(_ function: Function) throws(StableHLOError) -> Extent {
    if let extent = extents[function.name] { return extent }
    guard !open.contains(function.name) else {
      throw invalid("@\(function.name) calls itself", at: function.offset)
    }
    guard open.count < 100 else {
      throw invalid("functions call each other more than 100 deep", at: function.offset)
    }
    open.append(function.name)
    var frame = Lowering.Frame(function)
    let extent = try visit(function.body, &frame)
    open.removeLast()
    extents[function.name] = extent
    return extent
  }

  mutating func visit(
    _ region: Region, _ frame: inout Lowering.Frame
  ) throws(StableHLOError) -> Extent {
    for slot in region.parameters { frame.values[slot] = placeholder(frame.function.types[slot]) }
    var extent = Extent()
    for operation in region.operations where !operation.isReturn {
      extent.operations += 1
      do {
        extent.add(try visit(operation, &frame))
      } catch let error as StableHLOError {
        throw error
      } catch LoweringError.unsupported(let name) {
        if !unsupported.contains(name) { unsupported.append(name) }
      } catch LoweringError.invalid(let message) {
        throw invalid("\(operation.name): \(message)", at: operation.offset)
      } catch {
        let cause = VMapError(caught: error)
        throw invalid("\(operation.name): \(cause.message)", at: operation.offset)
      }
      for slot in operation.results where frame.values[slot] == nil {
        frame.values[slot] = placeholder(frame.function.types[slot])
      }
      guard extent.operations <= Verifier.maximumOperations else {
        throw invalid(
          "the program has more than \(Verifier.maximumOperations) operations",
          at: operation.offset)
      }
      guard extent.loopDepth <= Verifier.maximumLoopDepth else {
        throw invalid(
          "loops are nested more than \(Verifier.maximumLoopDepth) deep", at: operation.offset)
      }
    }
    return extent
  }

  /// Verifies an operation; gives the extent of what it contains or calls.
  private mutating func visit(
    _ operation: Operation, _ frame: inout Lowering.Frame
  ) throws -> Extent {
    if let callee = try module.callee(of: operation) {
      let types = frame.function.types
      guard operation.operands.map({ types[$0] }) == callee.parameters,
        operation.results.map({ types[$0] }) == callee.results
      else {
        throw LoweringError.invalid("the types differ from those of @\(callee.name)")
      }
      return try visit(callee)
    }
    switch operation.name {
    case "stablehlo.constant", "chlo.constant":
      let value = try operation.constantValue(frame.function)
      if let type = TypeSyntax.tensor(value.type).supported,
        let literal = value.literal(type.element)
      {
        frame.constants[operation.results[0]] = literal
      }
      try checkElements(operation, frame)
      return Extent()
    case "stablehlo.while": return try visitLoop(operation, &frame)
    case "stablehlo.case", "stablehlo.if": return try visitBranches(operation, &frame)
    default: break
    }
    try checkElements(operation, frame)
    if try CheckKind(operation) != nil {
      let types = operation.operands.map { frame.function.types[$0] }
      guard types.count == 2, types[0] == types[1] else {
        throw LoweringError.invalid("compares two tensors of one type")
      }
      return Extent()
    }
    var extent = Extent()
    // A rule runs its regions as they are: loops and branches in them must be sound.
    for region in operation.regions { extent.add(try visit(region, &frame)) }
    for function in try module.calledFunctions(of: operation) { extent.add(try visit(function)) }
    let operands = frame[operation.operands].compactMap { value in
      if case .tensor(let tensor) = value { tensor } else { nil }
    }
    let results = try lowering.applyRule(operation, operands, frame)
    frame.passOnConstant(operation)
    for (slot, result) in zip(operation.results, results) { frame.values[slot] = .tensor(result) }
    return extent
  }

  /// Types of elements that are not supported.
  mutating func checkElements(
    _ operation: Operation, _ frame: Lowering.Frame
  ) throws(LoweringError) {
    for slot in operation.operands + operation.results {
      let type = frame.function.types[slot]
      guard type.supported == nil else { continue }
      // The operation may be missing as well.
      if Rule.of(operation.fullName) == nil, !Lowering.handled.contains(operation.name),
        (try CheckKind(operation)) == nil, !unsupported.contains(operation.fullName)
      {
        unsupported.append(operation.fullName)
      }
      throw .unsupported(type.tensor.map { "elements of type \($0.element)" } ?? "\(type)")
    }
  }

  /// A tensor of a type, whatever its elements are.
  private func placeholder(_ type: TypeSyntax) -> Value {
    guard let supported = type.supported,
      let tensor = try? AnyTensor.filled(supported, with: .zero(supported.element))
    else { return .opaque(type) }
    return .tensor(tensor)
  }

  private func invalid(_ message: String, at offset: Int) -> StableHLOError {
    StableHLOError(.invalid, message, at: module.source.position(of: offset))
  }
}
