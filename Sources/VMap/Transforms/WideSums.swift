extension Program {
  /// The program with sums of 16-bit numbers in `float`: elements are widened before they are added
  /// up, and what comes out is rounded once.
  func withWideSums() -> Program {
    guard types.contains(where: \.element.isNarrow) else { return self }
    var program = self
    program.body = program.widenSums(body)
    return program
  }

  private mutating func widenSums(_ region: Region) -> Region {
    var result = region
    result.instructions = []
    for var instruction in region.instructions {
      for index in instruction.regions.indices {
        instruction.regions[index] = widenSums(instruction.regions[index])
      }
      guard instruction.operation.addsUp else {
        result.instructions.append(instruction)
        continue
      }
      instruction.operands = instruction.operands.map { operand in
        guard types[operand].element.isNarrow else { return operand }
        let wide = makeWide(operand)
        result.instructions.append(
          Instruction(operation: Convert.widening, operands: [operand], results: [wide]))
        return wide
      }
      var roundings: [Instruction] = []
      instruction.results = instruction.results.map { narrow in
        guard types[narrow].element.isNarrow else { return narrow }
        let wide = makeWide(narrow)
        let rounding = Convert(target: types[narrow].element, keepsBits: false)
        roundings.append(Instruction(operation: rounding, operands: [wide], results: [narrow]))
        return wide
      }
      result.instructions.append(instruction)
      result.instructions += roundings
    }
    return result
  }

  private mutating func makeWide(_ value: ValueID) -> ValueID {
    var type = types[value]
    type.element = type.element.computeType
    return makeValue(type)
  }
}

extension Convert {
  fileprivate static let widening = Convert(target: .float32, keepsBits: false)
}
