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
  /// Not with lanes along inner loops: there the number of copies has a part in the order of sums.
  var hasWholeTiles: Bool {
    if case .outer = kernel.lanes { width > 1 } else { false }
  }

  /// Stores all roots: whole tiles with nothing to check, those at the end row by row.
  func storeRoots() {
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
      return block("else", binding: []) { storeVectors(tiles[...]) }
    }
    let rows = tiles.filter { !$0.isLane }
    block("else", binding: variables.subtracting(rows.map(\.variable))) {
      for tile in tiles {
        copies[tile.variable] = nil
        if tile.isLane { bind(tile) }
      }
      storeRows(rows[...])
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

  /// Stores all roots one vector after another.
  private func storeVectors(_ tiles: ArraySlice<Tile>) {
    guard let tile = tiles.first else { return kernel.roots.forEach(store) }
    let name = freshName("i")
    variableNames[EmissionScope.Copy(variable: tile.variable, number: 0)] = name
    let step = tile.isLane ? width : 1
    let end = "min(\(tile.base) + \(tile.block * step), (\(index.rawValue))\(tile.extent))"
    block(
      "for (\(index.rawValue) \(name) = \(tile.base); \(name) < \(end); \(name) += \(step))",
      binding: [tile.variable]
    ) {
      if tile.isLane { bindLanes(of: tile.variable, from: name, tile.extent) }
      storeVectors(tiles.dropFirst())
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

  private func storeRows(_ rows: ArraySlice<Tile>) {
    guard let tile = rows.first else { return kernel.roots.forEach(store) }
    let name = freshName("i")
    variableNames[EmissionScope.Copy(variable: tile.variable, number: 0)] = name
    let end = "min(\(tile.base) + \(tile.block), (\(index.rawValue))\(tile.extent))"
    block(
      "for (\(index.rawValue) \(name) = \(tile.base); \(name) < \(end); ++\(name))",
      binding: [tile.variable]
    ) {
      storeRows(rows.dropFirst())
    }
  }
}
