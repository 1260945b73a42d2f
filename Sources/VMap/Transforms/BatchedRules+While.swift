/// The batched loop: it runs while any example goes on, and examples that have stopped keep their
/// state.
extension While: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    guard instruction.regions.count == 2 else {
      throw VMapError(.internalInconsistency, "while: has a condition and a body")
    }
    let (condition, body) = (instruction.regions[0], instruction.regions[1])
    var initial: [BatchedValue] = []
    for (operand, parameter) in zip(operands, body.parameters) {
      initial.append(
        try builder.arrange(operand, as: builder.source.types[parameter].canonicalLayout))
    }
    var stopsTogether = true
    let newCondition = try builder.makeRegion { builder throws(VMapError) in
      try builder.addParameters(condition.parameters)
      let predicate = try While.predicate(condition, in: &builder)
      stopsTogether = predicate.layout.isEmpty
      let any =
        stopsTogether
        ? predicate
        : try builder.emit(
          Reduce(kind: .or, dimensions: Array(predicate.layout.indices)), [predicate], as: [])
      return [any]
    }
    let newBody = try builder.makeRegion { builder throws(VMapError) in
      let parameters = try builder.addParameters(body.parameters)
      var goesOn: BatchedValue?
      if !stopsTogether {
        for (inner, value) in zip(condition.parameters, parameters) {
          builder.values[inner] = value
        }
        goesOn = try While.predicate(condition, in: &builder)
      }
      try builder.append(body.instructions)
      var results: [BatchedValue] = []
      for (slot, old) in parameters.enumerated() {
        let new = try builder.batched(body.results[slot])
        if let goesOn, body.results[slot] != body.parameters[slot] {
          let next = try builder.elementwise(Elementwise.choice, [goesOn, new, old])
          results.append(try builder.arrange(next, as: old.layout))
        } else {
          results.append(try builder.arrange(new, as: old.layout))
        }
      }
      return results
    }
    // Where examples end at different times, none of them says how often the batch runs.
    let loop = stopsTogether ? self : While()
    let results = try builder.emit(loop, initial.map(\.id), regions: [newCondition, newBody])
    return zip(results, initial).map { BatchedValue(id: $0, layout: $1.layout) }
  }

  private static func predicate(
    _ condition: Region, in builder: inout BatchedBuilder
  ) throws(VMapError) -> BatchedValue {
    try builder.append(condition.instructions)
    guard let result = condition.results.first else {
      throw VMapError(.internalInconsistency, "while: the condition gives nothing")
    }
    return try builder.batched(result)
  }
}
