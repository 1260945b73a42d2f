import Device

/// Chooses the loops of one kernel: NDRange, lanes, and what a work-item computes side by side.
struct Scheduler {
  let graph: ExpressionGraph
  let analysis: KernelAnalysis
  /// The loops of the stored values, slowest first.
  let variables: [LoopVariable]
  /// The loops that work-items can share out without computing reductions twice.
  let shared: Set<LoopVariable>
  let profile: Profile
  let name: String

  typealias Store = (buffer: ValueID, type: ElementType, value: Expression)

  struct Candidate {
    let parallel: [LoopVariable]
    let serial: [LoopVariable]
    let lanes: Kernel.Lanes
    let blocks: [LoopVariable: Int]
    let laneVariables: Set<LoopVariable>
    var panels: [Panel] = []
    /// Whether a work-item takes a strip: as many vectors of the lane loop as its block says, or
    /// fewer.
    var isStrip = false
  }

  func schedule(_ stores: [Store]) -> Kernel {
    if let flat = Flattening(graph, analysis, variables).flattened(stores) {
      let scheduler = Scheduler(
        graph: graph,
        analysis: KernelAnalysis(
          graph, roots: flat.stores.map(\.value), rootVariables: [flat.loop]),
        variables: [flat.loop], shared: [flat.loop], profile: profile, name: name)
      return scheduler.best(flat.stores, offset: graph.index(flat.loop))
    }
    let offset = graph.rowMajor(
      variables.map(graph.index), variables.map(graph.extent(of:)))
    return best(stores, offset: offset)
  }

  private func best(_ stores: [Store], offset: Expression) -> Kernel {
    let candidates = candidates(stores)
    var best: (candidate: Candidate, model: CostModel, total: Double)?
    var notes: [(lanes: Kernel.Lanes, text: String, total: Double)] = []
    for candidate in candidates {
      let model = CostModel(
        graph: graph, analysis: analysis, width: profile.laneWidth, parallel: candidate.parallel,
        lanes: candidate.lanes, blocks: candidate.blocks, laneVariables: candidate.laneVariables,
        panels: candidate.panels)
      // The store itself moves along the lanes too.
      let store = storeCost(candidate, offset) * Double(stores.count)
      let total = model.total + store
      let note = "\(describe(candidate)): \(Int(min(total.rounded(), 1e15)))"
      // Of the tiles along the same lanes only the best is worth telling.
      if let known = notes.firstIndex(where: { $0.lanes == candidate.lanes }) {
        if total < notes[known].total { notes[known] = (candidate.lanes, note, total) }
      } else {
        notes.append((candidate.lanes, note, total))
      }
      if total < best?.total ?? .infinity { best = (candidate, model, total) }
    }
    let chosen = best?.candidate ?? candidates[0]
    let itemCost = (best.map { $0.model.total / max(1, $0.model.items) }) ?? 1
    return Kernel(
      name: name, graph: graph,
      roots: stores.map {
        Kernel.Root(
          buffer: $0.buffer, element: $0.type, value: $0.value, offset: offset,
          serial: chosen.serial)
      },
      parallel: chosen.parallel, lanes: chosen.lanes, laneVariables: chosen.laneVariables,
      width: profile.laneWidth,
      blocks: chosen.isStrip ? [:] : chosen.blocks, localSize: localSize(itemCost),
      itemCost: itemCost,
      explanation: "\(describe(chosen)); "
        + "cost \(notes.map(\.text).joined(separator: ", "))",
      inputs: inputs(), strip: strip(chosen), panels: chosen.panels)
  }

  private func storeCost(_ candidate: Candidate, _ offset: Expression) -> Double {
    let count = variables.reduce(1.0) { $0 * analysis.size($1) }
    let width = Double(profile.laneWidth)
    for variable in candidate.laneVariables {
      switch graph.stride(offset, along: variable) {
      case .none: continue
      case .by(let stride):
        return graph.constant(stride) == 1 ? count / width : count * 0.7
      case .irregular: return count
      }
    }
    return count
  }

  private func inputs() -> [ValueID] {
    var inputs: [ValueID] = []
    for expression in analysis.nodes {
      if case .load(let buffer, _, _) = graph[expression], !inputs.contains(buffer) {
        inputs.append(buffer)
      }
    }
    return inputs
  }

  /// One fixed size per kernel: cheap work-items go in large groups, so that starting groups costs
  /// little, expensive ones in small groups, so that there is something to share out.
  private func localSize(_ itemCost: Double) -> Int {
    guard profile.kind == .cpu else { return profile.workGroupSize }
    if itemCost > 2000 { return 1 }
    return itemCost > 200 ? min(8, profile.workGroupSize) : profile.workGroupSize
  }

  // MARK: - What is possible

  private func candidates(_ stores: [Store]) -> [Candidate] {
    let parallel = analysis.hasLoops ? variables.filter(shared.contains) : variables
    let serial = variables.filter { !parallel.contains($0) }
    var result: [Candidate] = []
    if profile.laneWidth == 1 || (parallel.isEmpty && serial.isEmpty) || parallel.isEmpty {
      result.append(inner(parallel, serial))
      if profile.laneWidth == 1 { return result }
    }
    // On equal cost the batch, the slowest loop, comes first.
    for variable in parallel { result += tiled(parallel, serial, lane: variable) }
    if analysis.hasLoops {
      result.append(inner(parallel, serial))
    } else if let last = parallel.last, let size = graph.extent(of: last).constant,
      (profile.laneWidth...4096).contains(size), parallel.count > 1
    {
      // Short rows: one work-item a row needs no index arithmetic for each vector.
      result.append(inner(Array(parallel.dropLast()), [last]))
    }
    return result
  }

  private func inner(_ parallel: [LoopVariable], _ serial: [LoopVariable]) -> Candidate {
    var lanes: Set<LoopVariable> = []
    if profile.laneWidth > 1 {
      lanes = innermostLoops()
      if let last = serial.last, !isAroundLoop(last) { lanes.insert(last) }
    }
    return Candidate(
      parallel: parallel, serial: serial, lanes: .inner, blocks: rowBlocks(parallel),
      laneVariables: lanes)
  }

  /// The last loop of each reduction that has no other loop in it.
  private func innermostLoops() -> Set<LoopVariable> {
    var result: Set<LoopVariable> = []
    for id in analysis.reductions where !graph.reductions[id].isOrdered {
      if let last = graph.reductions[id].variables.last, !isAroundLoop(last) { result.insert(last) }
    }
    return result
  }

  private func isAroundLoop(_ variable: LoopVariable) -> Bool {
    analysis.reductions.contains {
      analysis.rootOrOuter(graph.reductions[$0].free).contains(variable)
    }
      || analysis.iterations.contains { graph.iterations[$0].free.contains(variable) }
      || analysis.arrays.contains { id in
        graph.arrays[id].value.map {
          graph.variables[$0.id].subtracting(graph.arrays[id].variables).contains(variable)
        } ?? false
      }
  }

  private func describe(_ candidate: Candidate) -> String {
    func position(_ variable: LoopVariable) -> String {
      variables.firstIndex(of: variable).map { "loop \($0)" } ?? "?"
    }
    var text: String
    switch candidate.lanes {
    case .outer(let variable): text = "lanes along \(position(variable))"
    case .inner: text = candidate.laneVariables.isEmpty ? "no lanes" : "lanes along inner loops"
    }
    for (variable, block) in candidate.blocks.sorted(by: { $0.key < $1.key }) {
      text +=
        candidate.isStrip
        ? ", strips of up to \(block) vectors"
        : ", \(block) at once along \(position(variable))"
    }
    for panel in candidate.panels {
      text += ", b\(panel.buffer) in panels of \(panel.width)"
    }
    return text
  }
}
