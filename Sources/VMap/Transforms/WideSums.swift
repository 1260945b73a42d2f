extension Program {
  /// The program with sums of 16-bit numbers in `float`: elements are widened before they are added
  /// up, and what comes out is rounded once.
  func withWideSums() -> Program {
    guard types.contains(where: \.element.isNarrow) else { return self }
    return rewritten { builder, instruction in
      guard instruction.operation.addsUp else { return builder.append(instruction) }
      var wide = instruction
      wide.operands = instruction.operands.map { operand in
        let type = builder.type(of: operand)
        guard type.element.isNarrow else { return operand }
        return builder.emit(Convert.widening, [operand], as: [type.widened])[0]
      }
      wide.results = instruction.results.map { result in
        let type = builder.type(of: result)
        return type.element.isNarrow ? builder.makeValue(type.widened) : result
      }
      builder.append(wide)
      for (result, sum) in zip(instruction.results, wide.results) where result != sum {
        let rounding = Convert(target: builder.type(of: result).element, keepsBits: false)
        builder.append(Instruction(operation: rounding, operands: [sum], results: [result]))
      }
    }
  }
}

extension ValueType {
  fileprivate var widened: ValueType { ValueType(element.computeType, shape, axes: axes) }
}

extension Convert {
  fileprivate static let widening = Convert(target: .float32, keepsBits: false)
}
