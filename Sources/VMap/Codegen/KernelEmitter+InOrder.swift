/// Short rows whose elements cost more than what combines them: lanes make the elements, which are combined
/// one after another.
extension KernelEmitter {
  /// Writes such a reduction; nil for any other.
  func combineInOrder(_ id: Int) -> Accumulators? {
    let reduction = graph.reductions[id]
    guard laneCount > 1, !isGroup, lane == nil, copies.isEmpty, reduction.partials == 1,
      reduction.variables.count == 1, let variable = reduction.variables.first,
      graph.ends[variable] != nil, !graph.hasLoops(in: variable),
      case .apply(let function, let operands, let type)? = reduction.step.first.map({ graph[$0] }),
      reduction.step.count == 1, operands.count == 2,
      operands[0] == graph.make(.accumulator(reduction: id, slot: 0, type)),
      !graph.reads(operands[0], in: operands[1]), graph.cost(of: operands[1]) >= Self.leastLaneCost
    else { return nil }
    let scalar = VectorType(element: type, width: 1)
    let total = freshName("s")
    line("\(scalar.name) \(total) = \(value(reduction.initial[0]));")
    overLanes(of: variable) {
      let elements = operand(operands[1], varying: true)
      let (array, number) = (freshName("a"), freshName("r"))
      line("\(scalar.name) \(array)[\(width)];")
      line("vstore\(width)(\(elements), 0, \(array));")
      let next = applied(function, [total, "\(array)[\(number)]"], from: scalar, to: scalar)
      let count = currentLaneCount() ?? "\(width)"
      line("for (int \(number) = 0; \(number) < \(count); ++\(number)) \(total) = \(next);")
    }
    return [slotKey(id): [total]]
  }

  /// What an element costs, in fused multiply-adds, that lanes should make.
  private static let leastLaneCost = 8
}

extension ExpressionGraph {
  /// Whether an expression needs another one.
  fileprivate func reads(_ other: Expression, in expression: Expression) -> Bool {
    var seen: Set<Expression> = []
    func visit(_ expression: Expression) -> Bool {
      guard seen.insert(expression).inserted else { return false }
      return expression == other || operands(of: self[expression]).contains(where: visit)
    }
    return visit(expression)
  }

  /// What an expression costs, in fused multiply-adds.
  func cost(of expression: Expression) -> Int {
    var seen: Set<Expression> = []
    func cost(_ expression: Expression) -> Int {
      guard seen.insert(expression).inserted,
        case .apply(let function, let operands, _) = self[expression]
      else { return 0 }
      return operands.reduce(function.cost) { $0 + cost($1) }
    }
    return cost(expression)
  }
}
