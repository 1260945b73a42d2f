/// A function with derivatives of its own: its region is what it computes.
///
/// It exists while programs are traced and differentiated; the region takes its place when a trace
/// ends.
struct Call: Operation {
  let name: String
  var isCall: Bool { true }
  let rule: DerivativeRule

  /// What takes the place of the derivatives of the region.
  struct DerivativeRule: Sendable {
    /// How the results change where the operands do.
    typealias Tangents =
      @Sendable (_ changes: [Term?], DerivativeSite) throws(VMapError) -> [Term?]
    /// How much the operands count, from how much the results do.
    typealias Cotangents = @Sendable (_ changes: [Term?]) throws(VMapError) -> [Term?]

    /// As ``Differentiable/tangents(_:at:)``; nil where there is none.
    var tangents: Tangents?
    /// As ``Differentiable/cotangents(_:at:)``; nil where the tangents are transposed.
    var cotangents: Tangents?
    /// The results and what goes back through them, in the place of the region, if there are such.
    var pullBack: (@Sendable (DerivativeSite) throws(VMapError) -> ([Term], Cotangents))?
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    throw VMapError(.parse, "a call of \(name) is not printed")
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    throw VMapError(.internalInconsistency, "\(name): the types are those of the region")
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    guard regions.count == 1, regions[0].parameters == operands else {
      throw VMapError(.internalInconsistency, "\(name): the region takes other types")
    }
    return regions[0].results
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    loops.regions[0].bind(operands.map { operand in { operand[$0] } }).map { $0(index) }
  }
}

extension Call: Differentiable {
  func tangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let tangents = rule.tangents else {
      throw VMapError(
        .notDifferentiable, "\(name): has a derivative in reverse mode only, a customVJP")
    }
    return try tangents(changes, site)
  }

  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let cotangents = rule.cotangents else { return try transposed(changes, at: site) }
    return try cotangents(changes, site)
  }
}

/// The tensors that a rule gives, as changes: those of integers are none.
///
/// - Parameters:
///   - types: What they should be.
///   - message: What errors say of the rule.
func changes(
  of handles: [TensorHandle], _ types: [TensorType], _ message: String
) throws(VMapError) -> [Term?] {
  for handle in handles {
    if case .failed(let error) = handle.current { throw error }
  }
  let own = handles.map(\.type)
  guard own == types else {
    func text(_ types: [TensorType]) -> String {
      "(\(types.map(\.description).joined(separator: ", ")))"
    }
    let isOfOtherShape = own.map(\.element) == types.map(\.element)
    throw VMapError(
      isOfOtherShape ? .shapeMismatch : .typeMismatch,
      "\(message) \(text(own)), it should give \(text(types))")
  }
  return handles.map { $0.element.isInexact ? Term($0) : nil }
}

extension Trace {
  /// Writes down a function of tensors with derivatives of its own.
  func call(
    _ name: String, _ operands: [TensorHandle], rule: Call.DerivativeRule,
    _ body: ([TensorHandle]) throws -> [TensorHandle]
  ) throws(VMapError) -> [TensorHandle] {
    var types: [ValueType] = []
    for operand in operands {
      let value = try value(for: operand)
      pinExtents(of: value)
      types.append(type(of: value))
    }
    let region = try region(types, body)
    return emit(Call(name: name, rule: rule), operands, regions: [region])
  }
}

extension Program {
  /// The program with the regions of calls in their place.
  func withoutCalls() -> Program {
    var hasCalls = false
    body.forEachInstruction { hasCalls = hasCalls || $0.operation.isCall }
    guard hasCalls else { return self }
    var builder = ProgramBuilder(self)
    return builder.finish(builder.inliningCalls(body))
  }
}

extension ProgramBuilder {
  fileprivate mutating func inliningCalls(_ region: Region) -> Region {
    rewriteInnerFirst(region) { builder, instruction in
      guard instruction.operation.isCall else { return builder.append(instruction) }
      let results = builder.inline(instruction.regions[0], instruction.operands)
      for (result, value) in zip(instruction.results, results) {
        builder.replace(result, by: value)
      }
    }
  }
}

extension TensorHandle {
  /// The same tensor, as a constant: what is no value of a trace is one.
  var withoutDerivative: TensorHandle {
    guard let trace, element.isInexact else { return self }
    let rule = Call.DerivativeRule(tangents: { changes, _ throws(VMapError) in
      changes.map { _ in nil }
    })
    do {
      return try trace.call("stop_gradient", [self], rule: rule) { $0 }[0]
    } catch {
      trace.record(error)
      return .failed(error, element)
    }
  }
}
