import Device

/// What a group of a GPU's work-items computes together.
extension Scheduler {
  /// The schedules whose groups compute tiles of a reduction's results, where the device has local memory.
  func groupTiles(_ parallel: [LoopVariable], _ serial: [LoopVariable]) -> [Candidate] {
    guard profile.usesLocalMemory, profile.kind != .cpu,
      let reduction = tiledReduction(parallel), reduction.partials == 1
    else { return [] }
    return Scheduler.depths.flatMap { depth in
      sides(parallel, reduction).compactMap { sides -> Candidate? in
        guard let tile = tile(sides, reduction, depth: depth) else { return nil }
        return Candidate(
          parallel: parallel, serial: serial, lanes: .tile, laneCount: 1, laneVariables: [],
          blocks: sides.reduce(into: [:]) { if $1.block > 1 { $0[$1.variable] = $1.block } },
          tile: tile)
      }
    }
  }

  /// How many iterations of the reduction are staged together: those of a sector of memory, or more.
  private static let depths = [8]
  /// The work-items of a tile along its last two loops.
  private static let shapes = [
    (16, 16), (8, 16), (8, 32), (8, 8), (4, 32), (2, 32), (1, 32), (1, 64), (1, 128), (1, 256),
  ]
  /// What each of them computes.
  private static let blocks = [
    (8, 8), (8, 4), (4, 8), (4, 4), (4, 2), (2, 2), (8, 1), (4, 1), (1, 4), (1, 1),
  ]
  /// How many accumulators a work-item has in registers.
  private static let mostAccumulators = 64

  /// The tiles worth considering.
  private func sides(_ parallel: [LoopVariable], _ reduction: Reduction) -> [[GroupTile.Side]] {
    let loops = parallel.filter { graph.extent(of: $0) != .constant(1) }
    guard let last = loops.last else { return [] }
    var result = [filled(loops)].compactMap { $0 }
    let rest = loops.dropLast()
    let reusing = reusing(parallel, reduction)
    let row = rest.last(where: reusing.contains) ?? rest.last
    func covers(_ variable: LoopVariable, _ count: Int) -> Bool {
      graph.extent(of: variable).constant.map { count < 2 * $0 } ?? true
    }
    for (rows, columns) in Scheduler.shapes {
      for (height, width) in Scheduler.blocks {
        guard rows * columns <= profile.maximumWorkGroupSize,
          height * width * reduction.types.count <= Scheduler.mostAccumulators,
          covers(last, columns * width), row != nil || rows * height == 1
        else { continue }
        var sides = [GroupTile.Side(variable: last, items: columns, block: width)]
        if let row {
          guard covers(row, rows * height) || rows * height == 1 else { continue }
          sides.insert(GroupTile.Side(variable: row, items: rows, block: height), at: 0)
        }
        result.append(sides)
      }
    }
    return result
  }

  /// A group's work-items along the last loops, as many as are short: those of several examples.
  private func filled(_ loops: [LoopVariable]) -> [GroupTile.Side]? {
    var left = min(256, profile.maximumWorkGroupSize)
    var sides: [GroupTile.Side] = []
    for variable in loops.reversed() where left > 1 {
      let extent = graph.extent(of: variable).constant ?? .max
      var items = 1
      while items < left, items < extent { items *= 2 }
      sides.insert(GroupTile.Side(variable: variable, items: items, block: 1), at: 0)
      left /= items
    }
    return left == 1 && sides.count > 1 ? sides : nil
  }

  /// A tile with what it stages; nil where it stages nothing, or more than local memory holds.
  private func tile(_ sides: [GroupTile.Side], _ reduction: Reduction, depth: Int) -> GroupTile? {
    // Short loops inside of another are staged whole.
    var (loops, whole) = ([LoopVariable](), 1)
    for variable in reduction.variables.reversed() {
      let extent = graph.extent(of: variable).constant ?? .max
      loops.insert(variable, at: 0)
      guard variable != reduction.variables[0], extent <= depth / whole else { break }
      whole *= extent
    }
    let extent = graph.extent(of: loops[0]).constant ?? .max
    let count = min(extent, max(1, depth / whole))
    var tile = GroupTile(sides: sides, loops: loops, depth: count)
    let nest = loops.map { variable in
      Stage.Dimension(
        variable: variable,
        count: variable == loops[0] ? count : graph.extent(of: variable).constant ?? 1)
    }
    tile.stages = self.loads(of: reduction).sorted().compactMap { stage($0, sides, nest) }
    let bytes = tile.stages.reduce(0) { $0 + $1.byteCount }
    return tile.stages.isEmpty || 2 * bytes > profile.localMemoryBytes ? nil : tile
  }

  /// What a tile stages of a load: what several of its work-items need, or what lies apart for neighbours.
  private func stage(
    _ load: Expression, _ sides: [GroupTile.Side], _ nest: [Stage.Dimension]
  ) -> Stage? {
    guard case .load(let buffer, let offset, let element) = graph[load], element != .bool else {
      return nil
    }
    let variables = graph.variables[offset.id]
    let rows = nest.filter { variables.contains($0.variable) }
    let columns = sides.filter { $0.extent > 1 && variables.contains($0.variable) }
      .map { Stage.Dimension(variable: $0.variable, count: $0.extent) }
    guard !rows.isEmpty, !columns.isEmpty, let last = sides.last?.variable else { return nil }
    let isShared = columns.count < sides.filter { $0.extent > 1 }.count
    let stride = graph.stride(offset, along: last)
    guard isShared || stride != .by(graph.index(1)) && stride != .irregular else { return nil }
    return Stage(
      load, of: buffer, element, rows: rows, columns: columns, order: order(rows + columns, offset))
  }

  /// Some loops, those last along which neighbours lie nearest in memory.
  private func order(_ dimensions: [Stage.Dimension], _ offset: Expression) -> [Stage.Dimension] {
    func distance(_ dimension: Stage.Dimension) -> Int {
      guard case .by(let stride) = graph.stride(offset, along: dimension.variable) else { return .max }
      return graph.constant(stride).map { Int($0.magnitude) } ?? .max
    }
    return dimensions.enumerated().sorted {
      (distance($0.element), -$0.offset) > (distance($1.element), -$1.offset)
    }.map(\.element)
  }
}
