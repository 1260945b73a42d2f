import Synchronization

/// A function with derivatives of its own: its region is what it computes.
///
/// It exists while programs are traced and differentiated; the region takes its place when a trace
/// ends.
struct Call: Operation {
  let name: String
  var isCall: Bool { true }
  let rule: DerivativeRule
  /// What a policy of checkpoints knows its result by.
  var label: String?

  /// What takes the place of the derivatives of the region.
  struct DerivativeRule: Sendable {
    /// How the results change where the operands do.
    typealias Tangents =
      @Sendable (_ changes: [Term?], DerivativeSite) throws(VMapError) -> [Term?]
    /// How much the operands count, from how much the results do, and whether zeros may stand for
    /// elements that were not chosen.
    typealias Cotangents =
      @Sendable (_ changes: [Term?], _ isMasked: Bool) throws(VMapError) -> (
        changes: [Term?], isMasked: Bool
      )

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
  ///
  /// - Parameter takesCaptures: Whether what it uses of its surroundings is among its operands.
  func call(
    _ name: String, _ operands: [TensorHandle], rule: Call.DerivativeRule, label: String? = nil,
    takesCaptures: Bool = false, _ body: ([TensorHandle]) throws -> [TensorHandle]
  ) throws(VMapError) -> [TensorHandle] {
    var types: [ValueType] = []
    for operand in operands {
      let value = try value(for: operand)
      pinExtents(of: value)
      types.append(type(of: value))
    }
    var region = try region(types, body)
    var operands = operands
    if takesCaptures { operands += takeCaptures(&region) }
    return emit(Call(name: name, rule: rule, label: label), operands, regions: [region])
  }

  /// Makes parameters of what a region uses of its surroundings, and gives the values in their places.
  private func takeCaptures(_ region: inout Region) -> [TensorHandle] {
    let captures = region.captures()
    return state.withLock { state in
      let parameters = captures.map { state.builder.makeValue(state.builder.type(of: $0)) }
      state.claimValues()
      region = region.replacing(Substitution(zip(captures, parameters)))
      region.parameters += parameters
      return captures.map { state.handle($0, self) }
    }
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
    called("stop_gradient") { changes, _ throws(VMapError) in changes.map { _ in nil } }
  }

  /// The same tensor, which a policy of checkpoints knows by a name.
  func labelled(_ label: String) -> TensorHandle {
    called("checkpoint_name", label: label) { changes, _ throws(VMapError) in changes }
  }

  /// The same tensor under the name of a function, where it is a value of a trace that has derivatives.
  private func called(
    _ name: String, label: String? = nil, tangents: @escaping Call.DerivativeRule.Tangents
  ) -> TensorHandle {
    guard let trace, element.isInexact else { return self }
    do {
      return try trace.call(
        name, [self], rule: Call.DerivativeRule(tangents: tangents), label: label
      ) { $0 }[0]
    } catch {
      trace.record(error)
      return .failed(error, element)
    }
  }
}
