extension KernelEmitter {
  /// Merges the partial results of one copy by halves.
  func merged(_ partials: Partials, isOverLanes: Bool) -> [String] {
    let id = partials.id
    let lanes = isOverLanes ? width : resultWidth(id)
    var own: [String]
    if partials.isArray {
      own = mergedArrays(partials, lanes)
    } else {
      var rest = (0..<partials.count).map { accumulators(id, $0, partials.names) }
      while rest.count > 1 {
        let half = rest.count / 2
        rest = (0..<half).map { merge(id, rest[$0], rest[$0 + half], lanes) }
      }
      own = rest[0]
    }
    if isOverLanes, isGroup { return mergeGroup(id, own) }
    return isOverLanes ? mergedLanes(id, own) : own
  }

  private func mergedArrays(_ partials: Partials, _ lanes: Int) -> [String] {
    let arrays = partials.names[slotKey(partials.id)] ?? []
    let (half, number) = (freshName("n"), freshName("r"))
    func elements(_ place: String) -> [String] { arrays.map { "\($0)[\(place)]" } }
    block("for (int \(half) = \(partials.count / 2); \(half) > 0; \(half) /= 2)", binding: []) {
      block("for (int \(number) = 0; \(number) < \(half); ++\(number))", binding: []) {
        let merged = merge(
          partials.id, elements(number), elements("\(number) + \(half)"), lanes)
        for (target, value) in zip(elements(number), merged) { line("\(target) = \(value);") }
      }
    }
    return elements("0")
  }

  private func mergedLanes(_ id: Int, _ vectors: [String]) -> [String] {
    var own = vectors
    var lanes = width
    while lanes > 1 {
      lanes /= 2
      let types = graph.reductions[id].types.map { VectorType(element: $0, width: lanes) }
      let halves = { (half: String) in
        zip(own, types).map { name, type in
          type.element == .bool && lanes == 1 ? "(\(name).\(half) != 0)" : "\(name).\(half)"
        }
      }
      own = merge(id, halves("lo"), halves("hi"), lanes)
    }
    return own
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
