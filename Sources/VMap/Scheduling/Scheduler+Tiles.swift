import Device

/// What a work-item computes side by side, so that what it loads once is used several times.
extension Scheduler {
  /// The schedules with lanes along a loop of the NDRange: one for each tile worth considering, with
  /// its operands where they lie and in panels.
  func tiled(
    _ parallel: [LoopVariable], _ serial: [LoopVariable], lane: LoopVariable
  ) -> [Candidate] {
    tiles(parallel, serial, lane: lane).flatMap { blocks in
      let order = walk(parallel, lane: lane, blocks)
      let plain = Candidate(
        parallel: order, serial: serial, lanes: .outer(lane), laneCount: laneCount(along: lane),
        laneVariables: [lane], blocks: blocks)
      if blocks == [lane: Kernel.Strip.capacity] {
        var strip = plain
        strip.isStrip = true
        return [strip]
      }
      var packed = plain
      packed.panels = panels(parallel, lane: lane, blocks)
      return packed.panels.isEmpty ? [plain] : [plain, packed]
    }
  }

  /// For a contraction with lanes along what is summed: loops along which some operand does not
  /// change.
  func rowBlocks(_ parallel: [LoopVariable]) -> [LoopVariable: Int] {
    guard let reduction = tiledReduction(parallel) else { return [:] }
    var result: [LoopVariable: Int] = [:]
    var registers = max(1, reduction.partials / profile.laneWidth)
    for variable in reusing(parallel, reduction).suffix(2).reversed() {
      let block = min(
        4, graph.extent(of: variable).constant ?? 4, accumulators / registers)
      if block > 1 { result[variable] = block }
      registers *= max(1, block)
    }
    return result
  }

  /// The kernel's only reduction, if its results are what the work-items share out.
  func tiledReduction(_ parallel: [LoopVariable]) -> Reduction? {
    guard analysis.reductions.count == 1, analysis.iterations.isEmpty, analysis.arrays.isEmpty,
      replacement == nil,
      Set(parallel.filter { graph.extent(of: $0) != .constant(1) })
        == graph.reductions[analysis.reductions[0]].free
    else { return nil }
    let reduction = graph.reductions[analysis.reductions[0]]
    return reduction.scan == nil ? reduction : nil
  }

  /// What a reduction loads in its loops.
  func loads(of reduction: Reduction) -> [Expression] {
    analysis.nodes.filter { expression in
      guard case .load = graph[expression] else { return false }
      return !graph.variables[expression.id].isDisjoint(with: reduction.variables)
    }
  }

  /// The loops along which some operand does not change.
  func reusing(_ parallel: [LoopVariable], _ reduction: Reduction) -> [LoopVariable] {
    let loads = loads(of: reduction)
    return parallel.filter { variable in
      loads.contains { !graph.variables[$0.id].contains(variable) }
    }
  }

  /// Tiles of rows by vectors whose accumulators fit the registers.
  private func tiles(
    _ parallel: [LoopVariable], _ serial: [LoopVariable], lane: LoopVariable
  ) -> [[LoopVariable: Int]] {
    guard let reduction = tiledReduction(parallel) else { return pairs(serial, lane: lane) }
    // Partial results of each lane's own are no registers.
    if reduction.partials > 1 { return [[:]] }
    let reusing = reusing(parallel, reduction)
    let vectors = max(1, extentInVectors(lane))
    guard let row = reusing.last(where: { $0 != lane }) else {
      // With several results, what is made of them alone would be written outside of the strip.
      let isFar =
        serial.isEmpty && vectors >= 4 && reduction.types.count == 1
        && !reduction.isFold
        && isFar(parallel, lane: lane, reduction)
      return isFar ? [[:], [lane: Kernel.Strip.capacity]] : [[:]]
    }
    let rows = graph.extent(of: row).constant ?? .max
    var result: [[LoopVariable: Int]] = []
    for height in Set([4, 6, 8, 12].map { min($0, rows) }).sorted() {
      for width in 1...4
      where width == 1 || (reusing.contains(lane) && width <= vectors) {
        guard height * width * registers(reduction, lane) <= accumulators else { continue }
        var blocks: [LoopVariable: Int] = [:]
        if height > 1 { blocks[row] = height }
        if width > 1 { blocks[lane] = width }
        result.append(blocks)
      }
    }
    return result.isEmpty ? [[:]] : result
  }

  /// What a chain of operations must cost for two vectors to be computed by turns, so that one does not
  /// wait while the other goes on; and how much code that may be.
  private static let pairCosts = 60...400

  /// One vector a work-item, or two where a long chain of operations makes each element.
  private func pairs(_ serial: [LoopVariable], lane: LoopVariable) -> [[LoopVariable: Int]] {
    guard profile.laneWidth > 1, profile.kind == .cpu, !analysis.hasLoops, serial.isEmpty,
      replacement == nil, extentInVectors(lane) >= 4
    else { return [[:]] }
    let cost = analysis.nodes.reduce(0) { total, expression in
      guard case .apply(let function, _, _) = graph[expression] else { return total }
      return total + function.cost
    }
    return Scheduler.pairCosts.contains(cost) ? [[lane: 2]] : [[:]]
  }

  /// Whether everything is read from rows that lie far apart: where nothing is used twice, a
  /// work-item had better read many vectors of a row at a time.
  private func isFar(
    _ parallel: [LoopVariable], lane: LoopVariable, _ reduction: Reduction
  ) -> Bool {
    let model = CostModel(
      graph: graph, analysis: analysis, profile: profile,
      schedule: Candidate(
        parallel: parallel, serial: [], lanes: .outer(lane), laneCount: laneCount(along: lane),
        laneVariables: [lane]))
    return loads(of: reduction).allSatisfy(model.isFar)
  }

  /// The strips of a schedule.
  func strip(_ candidate: Candidate) -> Kernel.Strip? {
    guard candidate.isStrip, case .outer(let lane) = candidate.lanes else { return nil }
    return Kernel.Strip(
      variable: lane, reduction: analysis.reductions[0], units: profile.computeUnits)
  }

  /// How many vectors cover a loop.
  private func extentInVectors(_ variable: LoopVariable) -> Int {
    guard let extent = graph.extent(of: variable).constant else { return .max }
    return extent.dividedUp(by: laneCount(along: variable))
  }

  /// How many lanes a vector along a loop has: as few as hold all of a short one, so that lanes which
  /// compute nothing take no time.
  func laneCount(along variable: LoopVariable) -> Int {
    var count = profile.laneWidth
    guard let extent = graph.extent(of: variable).constant else { return count }
    while count > Scheduler.fewestLanes, extent <= count / 2 { count /= 2 }
    return count
  }

  /// Shorter vectors are not faster.
  private static let fewestLanes = 4

  /// How many registers may hold accumulators: with lanes as wide as AVX-512's there are 32.
  private var accumulators: Int { profile.laneWidth >= 16 ? 24 : 12 }

  /// How many registers the accumulators of one copy take.
  private func registers(_ reduction: Reduction, _ lane: LoopVariable) -> Int {
    let register = profile.laneWidth >= 16 ? 64 : 32
    return reduction.types.reduce(0) {
      $0 + max(1, $1.byteCount * laneCount(along: lane) / register)
    }
  }

  /// The order in which work-items go through the tiles: a long panel that belongs to the lanes stays
  /// in the cache while the rows pass by.
  private func walk(
    _ parallel: [LoopVariable], lane: LoopVariable, _ blocks: [LoopVariable: Int]
  ) -> [LoopVariable] {
    guard let reduction = tiledReduction(parallel), blocks.count == 2,
      let row = blocks.keys.first(where: { $0 != lane }),
      reduction.variables.reduce(1, { $0 * analysis.size($1) }) >= 64
    else { return parallel }
    return parallel.filter { $0 != lane && $0 != row } + [lane, row]
  }
}
