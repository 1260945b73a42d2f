/// The greatest elements along the last dimension in descending order, and their indices; of equal
/// elements the first ones.
///
/// Floating-point numbers are in total order: −NaN, −∞ … −0, +0 … ∞, NaN.
struct TopK: Operation {
  let count: Int

  /// The most elements that are kept in registers while the others pass by.
  private static let registers = 16

  var name: String { "top_k" }
  var isMadeWhole: Bool { true }
  var attributes: [Attribute] { [Attribute("k", .integer(count))] }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    TopK(count: try attributes.integer("k"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    guard let size = operands[0].shape.last, (0...size).contains(count), size <= Int(Int32.max)
    else {
      throw VMapError(
        .invalidArgument,
        "top_k: there are no \(count) elements along the last dimension of \(operands[0])")
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
    let source: Expression
    if type == .int32, count <= TopK.registers {
      source = select(size, key, position, loops)
    } else {
      source = loops.sortedPlaces(size, [type], element: { key($1) }) { a, b in
        loops.apply(.greater, [a[0], b[0]], .bool)
      }(position)
    }
    let inside = loops.graph.clamp(source, below: .constant(size))
    return [operand[outer + [inside]], loops.element(inside, .int32)]
  }

  /// The index of the element at a position of the order: each element goes down a ladder of those
  /// that are the greatest so far.
  ///
  /// Keys and indices are one integer each, so that no two are equal.
  private func select(
    _ size: Int, _ key: (Expression) -> Expression, _ position: Expression, _ loops: LoopBuilder
  ) -> Expression {
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
    guard var chosen = ladder.first else { return loops.graph.index(0) }
    for (rung, value) in ladder.enumerated().dropFirst() {
      let isAbove = loops.less(position, loops.graph.index(rung))
      chosen = apply(.select, isAbove, chosen, value)
    }
    let low = apply(.and, chosen, constant(Int64(UInt32.max)))
    return loops.index(of: apply(.subtract, constant(Int64(UInt32.max)), low))
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
    let bits = apply(.bitcast, [element], key)
    let width = Int64(key.byteCount * 8)
    func constant(_ value: Int64) -> Expression { literal(ScalarLiteral(integer: value, as: key)) }
    // The bits of a negative number grow with its magnitude: all but the sign are turned around.
    let signs = apply(.shiftRightArithmetic, [bits, constant(width - 1)], key)
    let all = width == 64 ? Int64.max : Int64(Int32.max)
    return apply(.xor, [bits, apply(.and, [signs, constant(all)], key)], key)
  }
}
