import Device

/// What a GPU's groups cost: those that stand idle, what they merge, and what they stage.
extension CostModel {
  /// How much more time passes because there are not enough work-items: on a GPU, what stands idle
  /// costs as much as what works.
  ///
  /// What a work-item computes side by side hides its latencies as other work-items would.
  var idleness: Double {
    guard isGPU else { return 1 }
    let busy = schedule.blocks.values.reduce(items) { $0 * Double($1) }
    let few = Double(profile.computeUnits) * CostModel.itemsPerComputeUnit / max(1, busy)
    guard let tile = schedule.tile else { return max(1, few) }
    let groups = CostModel.localMemory * profile.localMemoryBytes / max(1, tile.byteCount)
    return max(1, few, CostModel.busyItems / Double(max(1, groups) * tile.items))
  }

  /// What merging the partial results of a group's work-items costs each of them.
  var combining: Double {
    guard schedule.lanes == .group else { return 0 }
    var cost = 0.0
    for id in analysis.reductions {
      let reduction = graph.reductions[id]
      guard reduction.variables.contains(where: schedule.laneVariables.contains) else { continue }
      var merge = CostModel.barrier + Double(reduction.types.count)
      var seen: Set<Expression> = []
      func visit(_ expression: Expression) {
        guard seen.insert(expression).inserted else { return }
        merge += unit(expression)
        graph.operands(of: graph[expression]).forEach(visit)
      }
      reduction.merge.forEach(visit)
      cost += merge * Double(schedule.laneCount.trailingZeroBitCount)
    }
    return cost
  }

  /// What a work-item of a tile pays for its part of what the group stages.
  var staging: Double {
    guard let tile = schedule.tile else { return 0 }
    let variables = analysis.reductions.flatMap { graph.reductions[$0].variables }
    let pieces = tile.pieces(variables, analysis.size)
    let copies = tile.stages.reduce(0.0) { total, stage in
      let elements = (Double(stage.count) / Double(tile.items)).rounded(.up)
      return total + elements * (stagingCost(stage) + CostModel.staging)
    }
    return pieces * (copies + 2 * CostModel.barrier)
  }

  /// What reading an element costs that is to be staged.
  private func stagingCost(_ stage: Stage) -> Double {
    guard case .load(_, let offset, _) = graph[stage.source], let last = stage.order.last else {
      return 1
    }
    let isNear = graph.stride(offset, along: last.variable) == .by(graph.index(1))
    return isNear ? 1 : CostModel.scattered
  }
}
