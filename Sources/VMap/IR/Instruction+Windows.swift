extension Instruction {
  /// How many windows replace elements of the operands, where their sizes are known.
  func replacements(_ program: Program) -> WindowCounts? {
    var types: [TensorType] = []
    for operand in operands {
      let type = program.types[operand]
      let shape = type.shape.compactMap(\.size)
      guard shape.count == type.shape.count, !shape.contains(0) else { return nil }
      types.append(TensorType(element: type.element, shape: shape))
    }
    return operation.replacements(types)
  }

  /// The number of elements of the only window in which the result differs from the first operand; nil
  /// where there are several windows, or where it is not made so.
  func updatesWindow(_ program: Program) -> Int? {
    guard results.count == 1, let counts = replacements(program), counts.windows == 1 else {
      return nil
    }
    return counts.window.saturatingProduct(counts.parts)
  }
}

extension Region {
  /// The values made in it, those of nested regions included.
  var ownValues: Set<ValueID> {
    var values = Set(parameters)
    forEachInstruction { instruction in
      values.formUnion(instruction.results)
      for region in instruction.regions { values.formUnion(region.parameters) }
    }
    return values
  }

  /// The value outside of the region of which a result is a copy with windows replaced, or is itself;
  /// nil where it is made otherwise.
  func origin(ofResult number: Int, _ program: Program) -> ValueID? {
    let producers = producers()
    var value = results[number]
    while let instruction = producers[value] {
      guard instruction.updatesWindow(program) != nil else { return nil }
      value = instruction.operands[0]
    }
    return parameters.contains(value) ? nil : value
  }
}
