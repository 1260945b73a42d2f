/// The greatest elements along the last dimension in descending order, and their indices; of equal
/// elements the first ones.
///
/// Floating-point numbers are in total order: −NaN, −∞ … −0, +0 … ∞, NaN.
struct TopK: Operation {
  let count: Int
  /// The most elements that are kept in registers while the others pass by.
  private static let registers = 16

  /// Whether elements of a type pass by, so that there may be any number of them.
  static func isLadder(_ count: Int, _ type: ElementType) -> Bool {
    type.totalOrderKey == .int32 && count <= registers
  }

  /// How many dimensions the operand has.
  let rank: Int

  var name: String { "top_k" }
  var wholeDimension: Int? { rank - 1 }
  var attributes: [Attribute] {
    [Attribute("k", .integer(count)), Attribute("axis", .integer(rank - 1), .lastDimension)]
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    TopK(count: try attributes.integer("k"), rank: try attributes.integer("axis") + 1)
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    guard operands[0].shape.count == rank, let size = operands[0].shape.last,
      (0...size).contains(count), size <= Int(Int32.max)
    else {
      throw VMapError(
        .invalidArgument,
        "top_k: there are no \(count) elements along the last dimension of \(operands[0])")
    }
    guard !operands[0].element.isComplex else {
      throw VMapError(.typeMismatch, "top_k: complex numbers have no order, got \(operands[0])")
    }
    guard TopK.isLadder(count, operands[0].element) || size <= Sort.capacity else {
      throw VMapError(
        .invalidArgument,
        "top_k: \(count) of more than \(Sort.capacity) elements of \(operands[0]) take a sort")
    }
    let shape = Array(operands[0].shape.dropLast()) + [count]
    return [
      TensorType(element: operands[0].element, shape: shape),
      TensorType(element: .int32, shape: shape),
    ]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let operand = operands[0]
    let outer = index.dropLast()
    let size = operand.type.shape.last?.constant ?? 1
    let position = index[index.count - 1]
    func key(_ index: Expression) -> Expression {
      loops.totalOrderKey(operand[outer + [index]], operand.type.element)
    }
    let type = operand.type.element.totalOrderKey
    let source = loops.once(Array(outer)) {
      if TopK.isLadder(count, operand.type.element) { return ladder(size, key, loops) }
      return loops.sortedPlaces(size, [type], element: { key($1) }) { a, b in
        loops.apply(.greater, [a[0], b[0]], .bool)
      }
    }
    let inside = loops.graph.clamp(source(position), below: .constant(size))
    return [operand[outer + [inside]], loops.element(inside, .int32)]
  }

  /// A reader of the index of the element at a position of the order: each element goes down a ladder of those
  /// that are the greatest so far.
  ///
  /// Keys and indices are one integer each, so that no two are equal.
  private func ladder(
    _ size: Int, _ key: (Expression) -> Expression, _ loops: LoopBuilder
  ) -> (_ position: Expression) -> Expression {
    func apply(_ function: ScalarFunction, _ operands: Expression...) -> Expression {
      loops.apply(function, operands, .int64)
    }
    func constant(_ value: Int64) -> Expression {
      loops.literal(ScalarLiteral(integer: value, as: .int64))
    }
    let types = [ElementType](repeating: .int64, count: count)
    let ladder = loops.fold(
      over: [.constant(size)], types, from: types.map { loops.literal(.lowest($0)) }
    ) { kept, index in
      let wide = loops.apply(.convert, [key(index[0])], .int64)
      let last = apply(.subtract, constant(Int64(UInt32.max)), loops.element(index[0], .int64))
      var next = apply(.or, apply(.shiftLeft, wide, constant(32)), last)
      return kept.map { old in
        let greater = apply(.maximum, old, next)
        next = apply(.minimum, old, next)
        return greater
      }
    }
    let all = constant(Int64(UInt32.max))
    return { position in
      guard var chosen = ladder.first else { return loops.graph.index(0) }
      for (rung, value) in ladder.enumerated().dropFirst() {
        let isAbove = loops.less(position, loops.graph.index(rung))
        chosen = loops.apply(.select, [isAbove, chosen, value], .int64)
      }
      let low = loops.apply(.and, [chosen, all], .int64)
      return loops.index(of: loops.apply(.subtract, [all, low], .int64))
    }
  }
}

extension ElementType {
  /// The integer type whose order is the total order of this one.
  var totalOrderKey: ElementType {
    switch self {
    case .float64: .int64
    case .int64, .uint64: self
    default: .int32
    }
  }
}

extension LoopBuilder {
  /// An integer that is ordered as elements of a type are.
  func totalOrderKey(_ element: Expression, _ type: ElementType) -> Expression {
    let key = type.totalOrderKey
    if type == .uint32 {
      let sign = literal(.lowest(key))
      return apply(.xor, [apply(.bitcast, [element], key), sign], key)
    }
    guard type.isFloating else {
      return key == type ? element : apply(.convert, [element], key)
    }
    let own = type.signed
    let bits = apply(.bitcast, [element], own)
    let last = literal(ScalarLiteral(integer: Int64(own.bitWidth - 1), as: own))
    // The bits of a negative number grow with its magnitude: all but the sign are turned around.
    let signs = apply(.shiftRightArithmetic, [bits, last], own)
    let turned = apply(.xor, [bits, apply(.and, [signs, literal(.highest(own))], own)], own)
    return own == key ? turned : apply(.convert, [turned], key)
  }
}

extension TopK: Differentiable {
  var choosesElements: Bool { true }

  func tangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0], count > 0 else { return [nil, nil] }
    return [try site.taking(change, site.results[1], along: rank - 1), nil]
  }
}
