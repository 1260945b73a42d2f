extension Program {
  /// The program with sums of products over a map axis of known size as contractions, as in the gradient
  /// of what a batch shares.
  ///
  /// What is inside of loops stays as it is: there examples go in step for such sums.
  func withAxisContractions() -> Program {
    guard body.instructions.contains(where: { $0.operation is AxisReduce }) else { return self }
    var builder = ProgramBuilder(self)
    let body = builder.rewrite(body) { builder, instruction in
      guard let sum = instruction.operation as? AxisReduce, sum.kind == .sum,
        builder.program.axes[sum.axis].extent.constant != nil,
        let product = builder.producer(of: instruction.operands[0]),
        let contraction = builder.contraction(product, over: sum.axis)
      else { return builder.append(instruction) }
      let unbind = UnbindAxis(axis: sum.axis, dimension: 0)
      let operands = product.operands.map { operand in
        var type = builder.type(of: operand)
        type.shape.insert(builder.program.axes[sum.axis].extent, at: 0)
        type.axes = type.axes.removing(sum.axis)
        return builder.emit(unbind, [operand], as: [type])[0]
      }
      builder.append(
        Instruction(operation: contraction, operands: operands, results: instruction.results))
    }
    return builder.finish(body)
  }
}

extension ProgramBuilder {
  /// The contraction that a product is when it is summed up over an axis, which is the first dimension of
  /// its operands then.
  fileprivate func contraction(_ product: Instruction, over axis: Int) -> DotGeneral? {
    let types = product.operands.map(type(of:))
    guard types.count == 2,
      types.allSatisfy({ $0.axes.contains(axis) && $0.element != .bool && $0.raggedAxes.isEmpty })
    else { return nil }
    func shifted(_ dimensions: [Int]) -> [Int] { dimensions.map { $0 + 1 } }
    if let dot = product.operation as? DotGeneral {
      return DotGeneral(
        contracting: ([0] + shifted(dot.contracting.left), [0] + shifted(dot.contracting.right)),
        batch: (shifted(dot.batch.left), shifted(dot.batch.right)))
    }
    guard product.operation.name == "mul", types[0].shape == types[1].shape else { return nil }
    let all = shifted(Array(types[0].shape.indices))
    return DotGeneral(contracting: ([0], [0]), batch: (all, all))
  }
}
