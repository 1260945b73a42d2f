/// Windows that may reach beyond what they read: where all copies of a tile stay inside, the innermost
/// loop has nothing to test and nothing to choose.
extension KernelEmitter {
  /// What must hold for a reduction's windows to stay inside, and its step where they do.
  struct Inside {
    var conditions: [Expression] = []
    var step: [Expression] = []
  }

  /// Writes a loop twice: for windows that stay inside, and for all others.
  func chooseInside(_ id: Int, _ inside: Inside, _ body: () -> Void) {
    var tests: [String] = []
    for condition in inside.conditions {
      forEachCopy(of: graph.dependencies(condition)) {
        let test = value(condition)
        if !tests.contains(test) { tests.append(test) }
      }
    }
    let name = freshName("m")
    line("const int \(name) = \(tests.joined(separator: " & "));")
    insideSteps[id] = inside.step
    block("if (\(name))", binding: [], body)
    // No else: what either block needs from outside is written between the two.
    insideSteps[id] = graph.reductions[id].step
    block("if (!\(name))", binding: [], body)
    insideSteps[id] = nil
  }

  /// What chooses between elements and padding in a reduction's step, whatever the iteration of its
  /// innermost loop; nil where nothing does that is the same for all lanes.
  ///
  /// Only copies need this: a condition of one alone is what compilers move out of a loop themselves.
  func inside(_ id: Int, _ innermost: LoopVariable) -> Inside? {
    guard !copies.isEmpty else { return nil }
    let step = graph.reductions[id].step
    // The lanes' own loop may still be to come.
    let closed = graph.reductions[id].variables.filter { !isNamed($0) }
    var clamps: [Expression: Expression] = [:]
    var choices: [Expression: Expression] = [:]
    var conditions: [Expression] = []
    for (choice, selector, element) in selections(in: step) {
      var own = clamps
      var needed: [Expression] = []
      for part in conjuncts(of: selector) {
        // What holds already shows in what is tested after it.
        let condition = graph.substituting(own, in: part)
        guard let widest = widest(condition, over: innermost), !varies(widest),
          graph.dependencies(widest).isDisjoint(with: closed)
        else {
          needed = []
          break
        }
        needed.append(widest)
        own.merge(idle(where: condition)) { old, _ in old }
      }
      guard !needed.isEmpty else { continue }
      clamps = own
      choices[choice] = element
      conditions += needed.filter { !conditions.contains($0) }
    }
    guard conditions.contains(where: { !graph.dependencies($0).isDisjoint(with: copies.keys) })
    else { return nil }
    return Inside(
      conditions: conditions,
      step: step.map { graph.substituting(clamps, in: graph.replacing(choices, in: $0)) })
  }

  /// The choices that a step makes, by what and of what.
  private func selections(
    in step: [Expression]
  ) -> [(choice: Expression, selector: Expression, element: Expression)] {
    var seen: Set<Expression> = []
    var result: [(choice: Expression, selector: Expression, element: Expression)] = []
    func visit(_ expression: Expression) {
      guard seen.insert(expression).inserted,
        case .apply(let function, let operands, _) = graph[expression]
      else { return }
      operands.forEach(visit)
      if function == .select { result.append((expression, operands[0], operands[1])) }
    }
    step.forEach(visit)
    return result
  }

  private func conjuncts(of condition: Expression) -> [Expression] {
    guard case .apply(.and, let operands, .bool) = graph[condition] else { return [condition] }
    return operands.flatMap(conjuncts)
  }

  /// A condition that holds where another one does in all iterations of a loop; nil where that cannot
  /// be said.
  private func widest(_ condition: Expression, over variable: LoopVariable) -> Expression? {
    guard case .less(let a, let b) = graph[condition], graph.isPlainIndex(a),
      graph.isPlainIndex(b), let last = graph.extent(of: variable).constant.map({ $0 - 1 })
    else { return nil }
    func end(_ index: Expression, isHighest: Bool) -> Expression? {
      switch graph.stride(index, along: variable) {
      case .none: return index
      case .by(let stride):
        guard let stride = graph.constant(stride) else { return nil }
        let place = (stride > 0) == isHighest ? last : 0
        return graph.substituting([graph.index(variable): graph.index(place)], in: index)
      case .irregular: return nil
      }
    }
    guard let high = end(a, isHighest: true), let low = end(b, isHighest: false) else {
      return nil
    }
    return graph.make(.less(high, low))
  }

  /// Bounds that change nothing where a condition holds.
  private func idle(where condition: Expression) -> [Expression: Expression] {
    guard case .less(let a, let b) = graph[condition] else { return [:] }
    if let low = graph.constant(a) {
      return [graph.make(.maximum(b, graph.index(low + 1))): b]
    }
    if let high = graph.constant(b) {
      return [graph.make(.minimum(a, graph.index(high - 1))): a]
    }
    return [:]
  }
}
