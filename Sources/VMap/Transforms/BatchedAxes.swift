/// What becomes of the operations on map axes, now that axes are dimensions.
extension BatchedBuilder {
  /// The result of an operation on a map axis; nil where it is another operation.
  mutating func onDimensions(
    _ operation: any Operation, _ operands: [BatchedValue]
  ) throws(VMapError) -> BatchedValue? {
    switch operation {
    case let bind as BindAxis:
      return BatchedValue(
        id: operands[0].id,
        layout: operands[0].layout.map { label in
          guard let old = label.dimension else { return label }
          return old == bind.dimension
            ? .axis(bind.axis) : .dimension(old < bind.dimension ? old : old - 1)
        })
    case let unbind as UnbindAxis: return try dimension(unbind, operands[0])
    case let gather as AllGather: return try dimension(gather.view, operands[0])
    case let index as AxisIndex:
      let type = TensorType(element: .int32, shape: [try extent(of: index.axis)])
      return try emit(Iota(type: type, dimension: 0), [], as: [.axis(index.axis)])
    case let reduction as AxisReduce: return try reduce(reduction, operands[0])
    default: return nil
    }
  }

  /// A value with an axis as a dimension; what is the same for all examples is repeated where the
  /// dimension will be.
  private mutating func dimension(
    _ view: UnbindAxis, _ operand: BatchedValue
  ) throws(VMapError) -> BatchedValue {
    var value = operand
    if !value.axes.contains(view.axis) {
      var layout = value.layout
      let next = layout.firstIndex(of: .dimension(view.dimension)) ?? layout.count
      layout.insert(.axis(view.axis), at: next)
      value = try arrange(value, as: layout)
    }
    value.layout = value.layout.map { label in
      if label == .axis(view.axis) { return .dimension(view.dimension) }
      return label.dimension.map { .dimension($0 < view.dimension ? $0 : $0 + 1) } ?? label
    }
    return value
  }

  private mutating func reduce(
    _ reduction: AxisReduce, _ operand: BatchedValue
  ) throws(VMapError) -> BatchedValue {
    if let position = operand.layout.firstIndex(of: .axis(reduction.axis)) {
      var layout = operand.layout
      layout.remove(at: position)
      let reduce = Reduce(kind: reduction.kind, dimensions: [position])
      return try emit(reduce, [operand], as: layout)
    }
    if reduction.kind == .product {
      let repeated = try dimension(
        UnbindAxis(axis: reduction.axis, dimension: 0), operand)
      let position = repeated.layout.position(of: 0)
      let reduce = Reduce(kind: .product, dimensions: [position])
      return try emit(reduce, [repeated], as: operand.layout)
    }
    guard reduction.kind == .sum else { return operand }
    let count = Int64(try extent(of: reduction.axis))
    let factor = try constant(ScalarLiteral(integer: count, as: element(of: operand)))
    return try elementwise("mul", [operand, factor])
  }
}
