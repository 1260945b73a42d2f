extension KernelEmitter {
  /// Merges the partial results of one copy in their fixed order and names what comes out.
  func finish(
    _ id: Int, _ unrolled: Int, _ isOverLanes: Bool, _ names: [EmissionScope.Key: [String]]
  ) {
    let reduction = graph.reductions[id]
    var own = accumulators(id, 0, names)
    for number in 1..<max(1, unrolled) where unrolled > 1 {
      own = merge(id, own, accumulators(id, number, names), width)
    }
    if isOverLanes, isGroup {
      own = mergeGroup(id, own)
    } else if isOverLanes {
      var lanes = width
      while lanes > 1 {
        lanes /= 2
        let types = reduction.types.map { VectorType(element: $0, width: lanes) }
        let halves = { (half: String) in
          zip(own, types).map { name, type in
            type.element == .bool && lanes == 1 ? "(\(name).\(half) != 0)" : "\(name).\(half)"
          }
        }
        own = merge(id, halves("lo"), halves("hi"), lanes)
      }
    }
    let scope = innermost
    for (slot, element) in reduction.types.enumerated() {
      scope.names[key(graph.make(.reduced(reduction: id, slot: slot, element)))] = own[slot]
    }
  }

  /// Writes a merge of two sets of accumulators, at any lane count.
  func merge(_ id: Int, _ left: [String], _ right: [String], _ lanes: Int) -> [String] {
    var known: [Expression: String] = [:]
    func text(_ expression: Expression) -> String {
      if let name = known[expression] { return name }
      switch graph[expression] {
      case .accumulator(_, let slot, _): return left[slot]
      case .partial(_, let slot, _): return right[slot]
      case .literal(let literal):
        return VectorType(element: literal.type, width: lanes).literal(literal)
      case .apply(let function, let operands, let element):
        let typed = operands[min(function.typedOperand, operands.count - 1)]
        let type = VectorType(element: element, width: lanes)
        let from = VectorType(element: graph.elementType(of: typed) ?? element, width: lanes)
        let name = freshName("v")
        let value = applied(function, operands.map(text), from: from, to: type)
        line("const \(type.name) \(name) = \(value);")
        known[expression] = name
        return name
      default: return inconsistent("\(graph[expression]) in a merge")
      }
    }
    return graph.reductions[id].merge.map(text)
  }
}
