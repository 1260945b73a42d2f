import Device

/// Chooses the loops of one kernel: NDRange, lanes, and what a work-item computes side by side.
struct Scheduler {
  let graph: ExpressionGraph
  let analysis: KernelAnalysis
  /// The loops of the stored values, slowest first.
  let variables: [LoopVariable]
  /// The loops that each stored value has for itself, inside of those.
  var own: [[LoopVariable]]
  /// The loops that work-items can share out without computing reductions twice.
  let shared: Set<LoopVariable>
  let profile: Profile
  let name: String
  /// What is replaced in the stored values, in place.
  var replacement: Kernel.Replacement?
  /// Whether elements are stored in the order of the loops.
  var isPlain = true

  /// What is stored: the element that belongs at an offset of a buffer.
  typealias Store = (buffer: ValueID, type: ElementType, value: Expression, offset: Expression)

  func schedule(_ stores: [Store]) -> Kernel {
    if isPlain, own.joined().isEmpty,
      let flat = Flattening(graph, analysis, variables).flattened(stores)
    {
      let scheduler = Scheduler(
        graph: graph,
        analysis: KernelAnalysis(
          graph, roots: flat.stores.map(\.value), rootVariables: [flat.loop]),
        variables: [flat.loop], own: own, shared: [flat.loop], profile: profile, name: name)
      return scheduler.best(flat.stores)
    }
    return best(stores)
  }

  private func best(_ stores: [Store]) -> Kernel {
    let candidates = candidates()
    var best: (candidate: Candidate, round: Double, total: Double, rank: Double)?
    var notes: [(lanes: Kernel.Lanes, text: String, total: Double)] = []
    for candidate in candidates {
      let model = CostModel(
        graph: graph, analysis: analysis, profile: profile, schedule: candidate,
        replacement: replacement)
      // The stores move along the lanes too.
      var storing = 0.0
      for (number, store) in stores.enumerated() {
        let cost = model.storeCost(store.offset, variables + own[number])
        storing += cost * Double(store.type.partCount)
      }
      let total = model.total(storing: storing)
      let note = "\(candidate.text(variables)): \(Int(min(total.rounded(), 1e15)))"
      // Of the tiles along the same lanes only the best is worth telling.
      if let known = notes.firstIndex(where: { $0.lanes == candidate.lanes }) {
        if total < notes[known].total { notes[known] = (candidate.lanes, note, total) }
      } else {
        notes.append((candidate.lanes, note, total))
      }
      let rank = total * model.worth(storing: stores)
      if rank < best?.rank ?? .infinity { best = (candidate, model.round, total, rank) }
    }
    let forced = profile.schedule.map { candidates[$0 % candidates.count] }
    let chosen = forced ?? best?.candidate ?? candidates[0]
    let cost = best?.round ?? 1
    return Kernel(
      name: name, graph: graph,
      roots: stores.enumerated().map { number, store in
        Kernel.Root(
          buffer: store.buffer, element: store.type, parts: graph.parts(of: store.value),
          offset: store.offset, serial: chosen.serial + own[number],
          rows: graph.parts(of: store.value).compactMap(graph.rows))
      },
      schedule: chosen,
      localSize: chosen.groupSize ?? localSize(cost), itemCost: cost,
      total: best?.total ?? 0,
      explanation: "\(chosen.text(variables)); cost \(notes.map(\.text).joined(separator: ", "))",
      inputs: inputs(), strip: strip(chosen), replacement: replacement, panels: chosen.panels,
      scans: analysis.reductions.filter { graph.reductions[$0].scan != nil },
      state: analysis.arrays.filter {
        graph.arrays[$0].iteration != nil && graph.arrays[$0].count > 1
      }, sharing: StateSharing(graph, analysis).shared)
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
}
