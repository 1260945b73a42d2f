extension KernelEmitter {
  /// Iterations of a loop that a work-item computes side by side.
  struct Tile {
    let variable: LoopVariable
    /// The name of the first iteration, and the number of all.
    let base: String
    let extent: String
    let isLane: Bool
    let block: Int
  }

  /// Whether whole tiles have code of their own.
  ///
  /// Not with lanes along inner loops: there a copy beyond the end computes the last iteration again.
  var hasWholeTiles: Bool {
    if case .outer = kernel.lanes { width > 1 } else { false }
  }

  /// Whether all vectors along a loop come from panels, in which those at its end are as whole as others:
  /// then tiles there need no code of their own, where there are any.
  func readsPanels(along variable: LoopVariable) -> Bool {
    let step = width * (kernel.blocks[variable] ?? 1)
    guard let extent = graph.extent(of: variable).constant, extent % step != 0 else { return false }
    return graph.nodes.allSatisfy { node in
      guard case .load(let buffer, let offset, _) = node, kernel.inputs.contains(buffer),
        graph.variables[offset.id].contains(variable)
      else { return true }
      return kernel.padded.contains(buffer)
    }
  }

  /// Stores all roots: whole tiles with nothing to check, those at the end row by row.
  func storeRoots() {
    stageAll()
    if let strip, let reduction = kernel.strip?.reduction {
      return store(strip, reduction: reduction)
    }
    guard !tiles.isEmpty else { return kernel.roots.forEach(store) }
    let variables = Set(tiles.map(\.variable))
    let tests = tiles.reversed().compactMap { tile -> String? in
      let step = tile.block * (tile.isLane ? width : 1)
      if let extent = graph.extent(of: tile.variable).constant, extent % step == 0 { return nil }
      return "\(tile.base) + \(step) <= \(tile.extent)"
    }
    block(tests.isEmpty ? "" : "if (\(tests.joined(separator: " && ")))", binding: variables) {
      tiles.forEach(bindWhole)
      if !hasReductions { takeTurns() }
      kernel.roots.forEach(store)
    }
    guard !tests.isEmpty else { return }
    guard hasReductions else {
      for tile in tiles { copies[tile.variable] = nil }
      return block("else", binding: []) { storeRest(tiles[...]) }
    }
    let rows = tiles.filter { !$0.isLane }
    block("else", binding: variables.subtracting(rows.map(\.variable))) {
      for tile in tiles {
        copies[tile.variable] = nil
        if tile.isLane { bind(tile) }
      }
      storeRest(rows[...])
    }
  }

  private var hasReductions: Bool { !graph.reductions.isEmpty }

  /// Computes the copies of all expressions by turns, so that one copy's operations fill the time in
  /// which another's wait for their operands.
  private func takeTurns() {
    var seen: Set<Expression> = []
    func visit(_ expression: Expression) {
      guard seen.insert(expression).inserted else { return }
      graph.operands(of: graph[expression]).forEach(visit)
      guard case .apply = graph[expression] else { return }
      forEachCopy(of: graph.dependencies(expression)) { _ = value(expression) }
    }
    for root in kernel.roots { root.parts.forEach(visit) }
  }

  /// Stores all roots one row or vector after another, as many as there are.
  private func storeRest(_ tiles: ArraySlice<Tile>) {
    guard let tile = tiles.first else { return kernel.roots.forEach(store) }
    let name = freshName("i")
    variableNames[EmissionScope.Copy(variable: tile.variable, number: 0)] = name
    let step = tile.isLane ? width : 1
    let end = "min(\(tile.base) + \(tile.block * step), (\(index.rawValue))\(tile.extent))"
    let next = step == 1 ? "++\(name)" : "\(name) += \(step)"
    block(
      "for (\(index.rawValue) \(name) = \(tile.base); \(name) < \(end); \(next))",
      binding: [tile.variable]
    ) {
      if tile.isLane { bindLanes(of: tile.variable, from: name, tile.extent) }
      storeRest(tiles.dropFirst())
    }
  }

  private func bindWhole(_ tile: Tile) {
    copies[tile.variable] = tile.block
    for number in 0..<tile.block {
      let name = number == 0 ? tile.base : freshName("i")
      let offset = number * (tile.isLane ? width : 1)
      if number > 0 { line("const \(index.rawValue) \(name) = \(tile.base) + \(offset);") }
      variableNames[EmissionScope.Copy(variable: tile.variable, number: number)] = name
    }
  }
}
