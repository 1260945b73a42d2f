import VMap

extension Rule {
  static let dynamicSlices: [String: Body] = [
    "stablehlo.dynamic_slice": { application in
      let sizes = try application.operation.integers("slice_sizes")
      guard !application.operands.isEmpty else { throw LoweringError.invalid("takes an operand") }
      return [
        try .applying(
          "dynamic_slice", [Attribute("slice_sizes", .integers(sizes))],
          to: startsAlike(application, after: 1))
      ]
    },
    "stablehlo.dynamic_update_slice": { application in
      guard application.operands.count >= 2 else {
        throw LoweringError.invalid("takes an operand and an update")
      }
      _ = try application.alike(Array(application.operands[..<2]))
      return [try .applying("dynamic_update_slice", to: startsAlike(application, after: 2))]
    },
  ]

  /// The operands, whose starts have one integer type.
  private static func startsAlike(
    _ application: Application, after first: Int
  ) throws(LoweringError) -> [AnyTensor] {
    let starts = application.operands.dropFirst(first)
    guard starts.allSatisfy({ $0.elementType.isInteger }) else {
      throw .invalid("takes integers to start at, got \(application.operandText)")
    }
    _ = starts.isEmpty ? [] : try application.alike(Array(starts))
    return application.operands
  }
}
