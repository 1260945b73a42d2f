import Device

/// What a group of a GPU's work-items computes together.
extension Scheduler {
  /// The schedules whose groups compute tiles, where the device has local memory: of a reduction's
  /// results, or of elements that are made of others which lie in another order.
  func groupTiles(_ parallel: [LoopVariable], _ serial: [LoopVariable]) -> [Candidate] {
    guard profile.usesLocalMemory, profile.kind != .cpu else { return [] }
    var tiles: [GroupTile] = []
    if let reduction = tiledReduction(parallel), reduction.partials == 1,
      !reduction.variables.contains(where: { graph.extent(of: $0) == .constant(0) })
    {
      for sides in sides(parallel, reduction) {
        tiles.append(tile(sides, loads(of: reduction), reduction.variables))
      }
    } else if !analysis.hasLoops, let sides = turningSides(parallel) {
      let loads = analysis.nodes.filter { load in
        if case .load = graph[load] {
          graph.variables[load.id].isSubset(of: parallel)
        } else {
          false
        }
      }
      tiles.append(tile(sides, loads, []))
    }
    tiles += rowTiles(parallel)
    return tiles.filter { tile in
      !tile.stages.isEmpty
        && (tile.loops.isEmpty
          || tile.stages.allSatisfy { $0.rounds(tile.items) <= GroupTile.mostTurns })
        && tile.byteCount <= profile.localMemoryBytes / (tile.loops.isEmpty ? 1 : 2)
    }.map { tile in
      Candidate(
        parallel: parallel, serial: serial, lanes: .tile, laneCount: 1, laneVariables: [],
        blocks: tile.sides.reduce(into: [:]) { if $1.block > 1 { $0[$1.variable] = $1.block } },
        tile: tile)
    }
  }

  /// A tile as wide as it is high, for elements that are read along one loop and written along another.
  private func turningSides(_ parallel: [LoopVariable]) -> [GroupTile.Side]? {
    guard let last = graph.fastest(of: parallel) else { return nil }
    let rows = analysis.nodes.compactMap { load -> LoopVariable? in
      guard case .load(_, let offset, _) = graph[load],
        graph.stride(offset, along: last) != .by(graph.index(1))
      else { return nil }
      return parallel.first { graph.stride(offset, along: $0) == .by(graph.index(1)) }
    }
    guard let row = rows.first(where: { $0 != last }) else { return nil }
    let width = min(
      Scheduler.turnedWidth,
      (graph.extent(of: last).constant ?? .max).roundedUpToPowerOfTwo)
    let height = min(
      profile.maximumWorkGroupSize / width, Scheduler.turnedItems / width,
      (graph.extent(of: row).constant ?? .max).roundedUpToPowerOfTwo)
    return [
      GroupTile.Side(variable: row, items: height, block: max(1, Scheduler.turnedWidth / height)),
      GroupTile.Side(variable: last, items: width, block: 1),
    ]
  }

  /// The most columns of a tile that turns elements round, and its work-items.
  private static let (turnedWidth, turnedItems) = (32, 256)
  /// How many iterations of the reduction are staged together, those of a sector of memory, and how many
  /// are not taken apart.
  private static let (depth, wholeDepth) = (8, 16)
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
          covers(last, columns * width), row != nil || rows * height == 1,
          width == 1 || reusing.contains(last),
          height == 1 || row.map(reusing.contains) ?? false
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
      let items = min(left, extent.roundedUpToPowerOfTwo)
      sides.insert(GroupTile.Side(variable: variable, items: items, block: 1), at: 0)
      left /= items
    }
    return left == 1 && sides.count > 1 ? sides : nil
  }

  /// A tile with what it stages of some loads, in the loops of a reduction.
  private func tile(
    _ sides: [GroupTile.Side], _ loads: [Expression], _ variables: [LoopVariable]
  ) -> GroupTile {
    let sizes = variables.map { graph.extent(of: $0).constant ?? .max }
    let isWhole = sizes.saturatingProduct() <= Scheduler.wholeDepth
    let depth = isWhole ? Scheduler.wholeDepth : Scheduler.depth
    // Short loops inside of another are staged whole.
    var (loops, whole, count) = ([LoopVariable](), 1, 1)
    for variable in variables.reversed() {
      let extent = graph.extent(of: variable).constant ?? .max
      loops.insert(variable, at: 0)
      count = min(extent, max(1, depth / whole))
      guard variable != variables[0], extent <= depth / whole else { break }
      whole *= extent
    }
    let nest = loops.map { variable in
      Stage.Dimension(
        variable: variable,
        count: variable == loops[0] ? count : graph.extent(of: variable).constant ?? 1)
    }
    return GroupTile(
      sides: sides, loops: loops, depth: count,
      stages: loads.sorted().compactMap { stage($0, sides, nest) })
  }

  /// What a tile stages of a load: what several of its work-items need, or what lies apart for neighbours.
  private func stage(
    _ load: Expression, _ sides: [GroupTile.Side], _ nest: [Stage.Dimension]
  ) -> Stage? {
    guard case .load(let buffer, let offset, let element) = graph[load], element != .bool,
      graph.isPlainIndex(offset)
    else { return nil }
    let variables = graph.variables[offset.id]
    var rows = nest.filter { variables.contains($0.variable) }
    var columns = sides.filter { $0.extent > 1 && variables.contains($0.variable) }
      .map { Stage.Dimension(variable: $0.variable, count: $0.extent) }
    guard rows.isEmpty == nest.isEmpty, !columns.isEmpty, let last = sides.last?.variable else {
      return nil
    }
    let isShared = !nest.isEmpty && columns.count < sides.filter { $0.extent > 1 }.count
    let stride = graph.stride(offset, along: last)
    guard isShared || stride != .by(graph.index(1)) && stride != .irregular else { return nil }
    if nest.isEmpty { (rows, columns) = (Array(columns.dropLast()), Array(columns.suffix(1))) }
    return Stage(
      load, of: buffer, element, readers: [load: nil], rows: rows, columns: columns,
      order: order(rows + columns, offset))
  }

  /// Some loops, those last along which neighbours lie nearest in memory.
  private func order(_ dimensions: [Stage.Dimension], _ offset: Expression) -> [Stage.Dimension] {
    func distance(_ dimension: Stage.Dimension) -> Int {
      guard case .by(let stride) = graph.stride(offset, along: dimension.variable) else {
        return .max
      }
      return graph.constant(stride).map { Int($0.magnitude) } ?? .max
    }
    return dimensions.enumerated().sorted {
      (distance($0.element), -$0.offset) > (distance($1.element), -$1.offset)
    }.map(\.element)
  }
}
