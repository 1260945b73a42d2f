@testable import VMap

/// What elementwise operations mean, by name.
enum ElementwiseMeaning {
  static func result(_ name: String, _ operands: [ReferenceTensor]) throws -> ReferenceTensor {
    let shape = operands.map(\.shape).first { !$0.isEmpty } ?? []
    let count = shape.reduce(1, *)
    // A scalar stands for every index.
    func row(_ position: Int) -> [ReferenceScalar] {
      operands.map { $0.shape.isEmpty ? $0.values[0] : $0.values[position] }
    }
    let type = operands[0].element
    if let result = try ComplexMeaning.result(name, operands, shape, row) { return result }
    if name == "select" {
      return ReferenceTensor(
        operands[1].element, shape,
        (0..<count).map {
          select(row($0), operands[1].element)
        })
    }
    if let compare = comparisons[name] {
      return ReferenceTensor(
        .bool, shape,
        (0..<count).map {
          comparison(row($0)[0], row($0)[1], type, compare)
        })
    }
    if name == "is_finite" {
      return ReferenceTensor(
        .bool, shape,
        (0..<count).map { position in
          let x = row(position)[0]
          return ReferenceScalar(
            bits: type.number(x.bits).isFinite ? 1 : 0, bound: x.isCertain ? 0 : .infinity)
        })
    }
    if type.isFloating {
      return ReferenceTensor(
        type, shape, try (0..<count).map { try ErrorBounds.apply(name, type, row($0)) })
    }
    guard let function = IntegerFunctions.all[name] else {
      throw InterpreterError("there is no function \(name) of integers")
    }
    return ReferenceTensor(
      type, shape,
      (0..<count).map { position in
        let x = row(position)
        return ReferenceScalar(
          bits: type.bits(function(x.map { type.integer($0.bits) }, type)),
          bound: x.allSatisfy(\.isCertain) ? 0 : .infinity)
      })
  }

  /// Whether each comparison holds of operands that are less, equal, greater or unordered.
  private struct Comparison {
    let less: Bool, equal: Bool, greater: Bool, unordered: Bool
    init(_ less: Bool, _ equal: Bool, _ greater: Bool, unordered: Bool = false) {
      (self.less, self.equal, self.greater, self.unordered) = (less, equal, greater, unordered)
    }
  }

  private static let comparisons: [String: Comparison] = [
    "eq": Comparison(false, true, false),
    "ne": Comparison(true, false, true, unordered: true),
    "lt": Comparison(true, false, false),
    "le": Comparison(true, true, false),
    "gt": Comparison(false, false, true),
    "ge": Comparison(false, true, true),
  ]

  private static func comparison(
    _ a: ReferenceScalar, _ b: ReferenceScalar, _ type: ElementType, _ compare: Comparison
  ) -> ReferenceScalar {
    let holds: Bool
    var isOpen = !a.isCertain || !b.isCertain
    if type.isFloating {
      let (x, y) = (type.number(a.bits), type.number(b.bits))
      holds =
        x < y ? compare.less : x == y ? compare.equal : x > y ? compare.greater : compare.unordered
      let slack = a.bound + b.bound
      isOpen = isOpen || slack > 0 && (x - y).magnitude <= slack
    } else {
      let (x, y) = (type.integer(a.bits), type.integer(b.bits))
      holds = x < y ? compare.less : x == y ? compare.equal : compare.greater
    }
    return ReferenceScalar(bits: holds ? 1 : 0, bound: isOpen ? .infinity : 0)
  }

  private static func select(_ x: [ReferenceScalar], _ type: ElementType) -> ReferenceScalar {
    var chosen = x[0].bits != 0 ? x[1] : x[2]
    if !x[0].isCertain { chosen.bound = .infinity }
    return chosen
  }
}
