import VMap

extension Rule {
  static let contraction: [String: Body] = [
    "stablehlo.dot": { application in
      let operands = try application.operands(2)
      let ranks = operands.map(\.type.shape.count)
      guard ranks.allSatisfy({ (1...2).contains($0) }) else {
        throw LoweringError.invalid("takes vectors and matrices")
      }
      return [try contract(application, [[ranks[0] - 1], [0], [], []])]
    },
    "stablehlo.dot_general": { application in
      [try contract(application, try dimensionNumbers(application.operation))]
    },
  ]

  /// The dimensions: contracting of the left and the right operand, then the batch ones.
  private static func dimensionNumbers(_ operation: Operation) throws -> [[Int]] {
    if let numbers = operation.attributes["dot_dimension_numbers"] {
      guard case .dictionary(let entries) = numbers else {
        throw LoweringError.invalid("dot_dimension_numbers should be #stablehlo.dot<…>")
      }
      return try ["contracting", "batching"].flatMap { kind in
        try ["lhs", "rhs"].map { side in
          guard let list = entries["\(side)_\(kind)_dimensions"] else { return [] }
          guard let integers = list.integers else {
            throw LoweringError.invalid("\(side)_\(kind)_dimensions should be integers")
          }
          return integers
        }
      }
    }
    return try ["contracting_dims", "batching_dims"].flatMap { name -> [[Int]] in
      guard let pair = operation.attributes[name] else { return [[], []] }
      guard case .product(let factors) = pair, factors.count == 2,
        let left = factors[0].integers, let right = factors[1].integers
      else { throw LoweringError.invalid("\(name) should be two lists of integers") }
      return [left, right]
    }
  }

  private static func contract(
    _ application: Application, _ dimensions: [[Int]]
  ) throws -> AnyTensor {
    // Products are summed up in the type of the result; those of truth values are counted.
    let result = try application.result().element
    let element = result == .bool ? .int32 : result
    let operands = try application.operands(2).map { try $0.converted(to: element) }
    return try AnyTensor.applying(
      "dot_general", [Attribute("dimension_numbers", .lists(dimensions))], to: operands
    ).converted(to: result)
  }
}
