import Synchronization

/// Functions whose values are computed again on the way back.
extension Trace {
  /// Writes down a function of which the way back keeps what a policy says.
  func checkpoint(
    _ policy: CheckpointPolicy, _ operands: [TensorHandle],
    _ body: ([TensorHandle]) throws -> [TensorHandle]
  ) throws(VMapError) -> [TensorHandle] {
    let rule = Call.DerivativeRule(
      tangents: { changes, site throws(VMapError) in
        var pass = ForwardPass(site.trace, innerAxes: site.innerAxes)
        return try pass.run(site.regions[0], site.values(), changes).changes
      },
      pullBack: { site throws(VMapError) in try site.checkpointed(policy) })
    return try call("checkpoint", operands, rule: rule, takesCaptures: true, body)
  }
}

extension DerivativeSite {
  fileprivate func values() throws(VMapError) -> [ValueID] {
    let values = try trace.values(for: operands.map(\.handle))
    return values
  }

  /// What a region gives, and how much its parameters count, from values that are computed again.
  fileprivate func checkpointed(
    _ policy: CheckpointPolicy
  ) throws(VMapError) -> ([Term], Call.DerivativeRule.Cotangents) {
    let region = regions[0]
    var values = Substitution(zip(region.parameters, try self.values()))
    for instruction in region.instructions { try trace.copy(instruction, &values) }
    var saved: [ValueID: ValueID] = [:]
    for instruction in region.instructions where policy.saves(instruction) {
      for result in instruction.results { saved[result] = values[result] }
      // What is named is the same as its name.
      if instruction.operation.isCall {
        for operand in instruction.operands { saved[operand] = values[operand] }
      }
    }
    return (
      values[region.results].map(trace.term),
      { [saved] changes, isMasked throws(VMapError) in
        // What is computed again must not be taken for what was computed before.
        let barrier = Barrier(number: trace.state.withLock { $0.program.types.count })
        var again: [ValueID] = []
        for operand in operands {
          again.append(try trace.value(for: try apply(barrier, operand).handle))
        }
        var pass = ReversePass(
          trace, innerAxes: innerAxes, summedAxes: summedAxes, saved: saved,
          stacksStates: policy.stacksStates)
        _ = try pass.forward(region, again, changing: wanted)
        try pass.backward(region.results, changes, isMasked: isMasked)
        return (
          region.parameters.map { pass.cotangents[$0] },
          isMasked: isMasked || region.parameters.contains(where: pass.masked.contains)
        )
      }
    )
  }
}

extension CheckpointPolicy {
  /// Whether the results of an instruction are kept.
  fileprivate func saves(_ instruction: Instruction) -> Bool {
    switch self {
    case .nothing, .everything: false
    case .dots: instruction.operation is DotGeneral || instruction.operation is Convolution
    case .names(let names): (instruction.operation as? Call)?.label.map(names.contains) ?? false
    }
  }

  /// Whether the states of loops with a known number of steps are kept.
  fileprivate var stacksStates: Bool { self != .nothing }
}
