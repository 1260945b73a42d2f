extension KernelEmitter {
  /// Takes the work-item's index apart into the loops of the NDRange.
  func bindParallelLoops() {
    var bound: Set<LoopVariable> = []
    var rest = "g"
    for (position, variable) in kernel.parallel.enumerated().reversed() {
      let extent = arguments.name(of: graph.extent(of: variable))
      let isLane = kernel.lanes == .outer(variable) && width > 1
      let block = kernel.blocks[variable] ?? 1
      let step = kernel.schedule.step(along: variable)
      var items = step == 1 ? extent : "((\(extent) + \(step - 1)) / \(step))"
      let strip = kernel.strip.flatMap { $0.variable == variable ? $0 : nil }
      let length = strip.map { stripLength($0, extent) }
      if let length { items = length.items }
      var own = rest
      if position > 0 {
        own = freshName("q")
        line("const \(index.rawValue) \(own) = \(rest) % \(items);")
        let next = freshName("r")
        line("const \(index.rawValue) \(next) = \(rest) / \(items);")
        rest = next
      }
      if let strip, let length {
        innermost.lane = variable
        bindStrip(strip, number: own, vectors: length.vectors, extent: extent)
        continue
      }
      let base = freshName("i")
      line("const \(index.rawValue) \(base) = \(own)\(step == 1 ? "" : " * \(step)");")
      if kernel.lanes == .tile {
        bindSide(of: variable, base: base, extent)
        bound.insert(variable)
        continue
      }
      let tile = Tile(
        variable: variable, base: base, extent: extent, isLane: isLane, block: block)
      if isLane { innermost.lane = variable }
      if block > 1, hasWholeTiles, !(isLane && readsPanels(along: variable)) {
        tiles.append(tile)
      } else {
        bind(tile)
        bound.insert(variable)
      }
    }
    let first = EmissionScope(bound: bound, inside: scopes[0])
    first.lines = scopes[0].lines
    scopes[0] = first
  }

  /// Names the copies of a loop's iterations, some of which may lie beyond its end.
  func bind(_ tile: Tile) {
    let (variable, extent, isLane) = (tile.variable, tile.extent, tile.isLane)
    if tile.block > 1 { copies[variable] = tile.block }
    for number in 0..<tile.block {
      let copy = EmissionScope.Copy(variable: variable, number: number)
      let offset = number * (isLane ? width : 1)
      var name = tile.base
      if tile.block > 1 {
        // A copy beyond the end computes the last iteration again and stores nothing.
        name = freshName("i")
        let last = "(\(index.rawValue))(\(extent) - 1)"
        line("const \(index.rawValue) \(name) = min(\(tile.base) + \(offset), \(last));")
        if isLane, !kernel.padded.isEmpty {
          let end = "(\(index.rawValue))((\(extent) - 1) / \(width) * \(width))"
          alignedNames[copy] = "min(\(tile.base) + \(offset), \(end))"
        }
      }
      variableNames[copy] = name
      if isLane, tile.block == 1, isMultiple(extent: tile.variable, of: width) {
        innermost.laneCount = nil
      } else if isLane {
        let count = freshName("count")
        line(
          "const int \(count) = \(clamped("\(extent) - (\(tile.base) + \(offset))", to: "\(width)"));"
        )
        laneCounts[copy] = count
        if tile.block == 1 { innermost.laneCount = count }
      } else if tile.block > 1 {
        laneCounts[copy] = "(\(tile.base) + \(offset) < \(extent))"
      }
    }
  }

  /// Whether vectors cover a loop without a rest, whatever the batch.
  private func isMultiple(extent variable: LoopVariable, of width: Int) -> Bool {
    graph.extent(of: variable).constant.map { $0 % width == 0 } ?? false
  }

  /// Writes a loop whose iterations are taken by the lanes, as many at a time as there are.
  func overLanes(of variable: LoopVariable, _ body: () -> Void) {
    let name = freshName("i")
    let extent = end(of: variable)
    variableNames[EmissionScope.Copy(variable: variable, number: 0)] = name
    let first = isGroup ? "lane" : "0"
    block(
      "for (\(index.rawValue) \(name) = \(first); \(name) < \(extent); \(name) += \(laneCount))",
      binding: [variable]
    ) {
      bindLanes(of: variable, from: name, extent)
      body()
    }
  }

  /// Makes a loop's iterations the lanes of the current block; the last vector may be shorter.
  func bindLanes(of variable: LoopVariable, from name: String, _ extent: String) {
    innermost.lane = variable
    if isGroup { return }
    let count = freshName("count")
    let type = index.rawValue
    line(
      "const int \(count) = (int)min((\(type))\(width), (\(type))(\(extent) - \(name)));")
    innermost.laneCount = count
  }

  /// A number of iterations that are left, as an `int` between none and so many: it may be one that no
  /// `int` holds.
  func clamped(_ count: String, to limit: String) -> String {
    guard index != .int32 else { return "clamp((int)(\(count)), 0, \(limit))" }
    let type = index.rawValue
    return "(int)clamp((\(type))(\(count)), (\(type))0, (\(type))\(limit))"
  }

  /// How many lanes of the current copy hold an iteration; nil where all do.
  func currentLaneCount() -> String? {
    if let lane, let number = copy[lane], copies[lane] != nil,
      let count = laneCounts[EmissionScope.Copy(variable: lane, number: number)]
    {
      return count
    }
    return innermost.laneCount
  }
}
