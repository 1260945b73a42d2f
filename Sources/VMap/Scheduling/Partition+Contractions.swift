/// Contractions, which are done best by kernels of their own that share what they load.
extension Partition {
  /// The shortest sum of products for whose factors a buffer is worth it.
  private static let contractionLength = 16.0
  /// How often a factor that is not cheap may be computed again.
  private static let factorRepetitions = 8.0
  /// What each buffer after the first that a factor is made of costs, in fused multiply-adds.
  private static let bufferCost = 5

  /// A factor of the products that a kernel sums up which all tiles would compute again: made once, it
  /// leaves a contraction of two buffers.
  func factor(
    _ group: [ValueID], _ roots: [Expression], _ analysis: KernelAnalysis,
    _ elaborator: Elaborator
  ) -> ValueID? {
    let graph = elaborator.graph
    for id in analysis.reductions {
      let reduction = graph.reductions[id]
      let length = reduction.variables.reduce(1) { $0 * analysis.size($1) }
      guard length >= Partition.contractionLength, isContraction(reduction, graph),
        reduction.free == analysis.rootVariables.filter({ graph.extent(of: $0) != .constant(1) }),
        case .apply(_, let operands, _) = graph[reduction.step[0]]
      else { continue }
      for operand in operands {
        let own = graph.variables[operand.id]
        let repetitions = reduction.free.subtracting(own).reduce(1) { $0 * analysis.size($1) }
        guard repetitions >= Partition.factorRepetitions,
          isCostly(operand, within: Set(reduction.variables), graph)
        else { continue }
        let made = elaborator.accesses.keys.sorted().first { value in
          !group.contains(value) && isMadeAtTop(value)
            && elaborator.accesses[value]?.values.contains(operand) == true
        }
        if let made { return made }
      }
    }
    return nil
  }

  /// Whether computing an expression in each iteration of some loops is more than a few operations.
  func isCostly(
    _ expression: Expression, within loops: Set<LoopVariable>, _ graph: ExpressionGraph
  ) -> Bool {
    var seen: Set<Expression> = []
    var buffers = 0
    func cost(_ expression: Expression) -> Int {
      guard seen.insert(expression).inserted,
        !graph.variables[expression.id].isDisjoint(with: loops)
      else { return 0 }
      if case .load = graph[expression] { buffers += 1 }
      guard case .apply(let function, let operands, _) = graph[expression] else { return 0 }
      return operands.reduce(function.cost) { $0 + cost($1) }
    }
    let arithmetic = cost(expression)
    return arithmetic + Partition.bufferCost * max(0, buffers - 1) >= Partition.repetitionCost
  }

  /// Whether a step multiplies two things that do not depend on all of the loops: then tiles that
  /// share what they load are worth having.
  func isContraction(_ reduction: Reduction, _ graph: ExpressionGraph) -> Bool {
    let all = reduction.free.union(reduction.variables)
    guard reduction.step.count == 1, case .apply(_, let operands, _) = graph[reduction.step[0]]
    else {
      // The parts of a sum of complex products.
      let loads = graph.loads(in: reduction.step)
      return loads.count > 1 && loads.contains { graph.variables[$0.id] != all }
    }
    let varying = operands.filter {
      if case .accumulator = graph[$0] { return false }
      return true
    }
    return varying.count == 2 && varying.contains { graph.variables[$0.id] != all }
  }
}
