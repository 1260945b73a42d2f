extension KernelEmitter {
  /// Takes the work-item's index apart into the loops of the NDRange.
  func bindParallelLoops() {
    var bound: Set<LoopVariable> = []
    var rest = "g"
    for (position, variable) in kernel.parallel.enumerated().reversed() {
      let extent = arguments.name(of: graph.extent(of: variable))
      let isLane = kernel.lanes == .outer(variable) && width > 1
      let block = kernel.blocks[variable] ?? 1
      let step = (isLane ? width : 1) * block
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
      let tile = Tile(
        variable: variable, base: base, extent: extent, isLane: isLane, block: block)
      if isLane { innermost.lane = variable }
      if block > 1, hasWholeTiles {
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
        if isLane, !kernel.padded.isEmpty { alignedNames[copy] = "(\(tile.base) + \(offset))" }
      }
      variableNames[copy] = name
      if isLane, tile.block == 1, isMultiple(extent: tile.variable, of: width) {
        innermost.laneCount = nil
      } else if isLane {
        let count = freshName("count")
        line(
          "const int \(count) = clamp((int)(\(extent) - (\(tile.base) + \(offset))), 0, \(width));")
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

  /// Stores a root: its loops inside the work-item, and all copies of those outside.
  func store(_ root: Kernel.Root) {
    storing = root.buffer
    store(root, root.serial[...])
    storing = nil
  }

  private func store(_ root: Kernel.Root, _ serial: ArraySlice<LoopVariable>) {
    guard let variable = serial.first else {
      forEachCopy(of: Set(copies.keys)) { storeElement(root) }
      return
    }
    let isLast = serial.count == 1
    if isLast, kernel.laneVariables.contains(variable), laneCount > 1 {
      overLanes(of: variable) { store(root, []) }
    } else if unrolled.contains(variable) {
      block("", binding: [variable]) {
        bindIterations(of: variable)
        store(root, serial.dropFirst())
      }
      copies[variable] = nil
    } else {
      loop(over: variable) { store(root, serial.dropFirst()) }
    }
  }

  /// Writes a loop whose iterations are taken by the lanes, as many at a time as there are.
  func overLanes(of variable: LoopVariable, _ body: () -> Void) {
    let name = freshName("i")
    let extent = arguments.name(of: graph.extent(of: variable))
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

  private func storeElement(_ root: Kernel.Root) {
    var guards: [String] = []
    for (variable, number) in copy where copies[variable] != nil && variable != lane {
      if let test = laneCounts[EmissionScope.Copy(variable: variable, number: number)] {
        guards.append(test)
      }
    }
    // What all work-items of a group know, one of them stores.
    if isGroup, lane == nil { guards.append("lane == 0") }
    let condition = guards.isEmpty ? "" : "if (\(guards.sorted().joined(separator: " && "))) "
    for text in storeTexts(root) { line(condition + text) }
  }

  /// The statements that store an element, or the lanes of a vector of them.
  private func storeTexts(_ root: Kernel.Root) -> [String] {
    let type = VectorType(element: root.element.part, width: width)
    helpers.use(storageOf: type)
    let offsets = root.parts.indices.map { graph.partOffset(root.offset, $0, of: root.element) }
    let stride = lane.map { graph.stride(root.offset, along: $0, ofVectors: width) } ?? .none
    if stride == .none || width == 1 {
      let single = VectorType(element: type.element, width: 1)
      helpers.use(storageOf: single)
      return zip(root.parts, offsets).map { part, offset in
        let value = scalar(part)
        let stored = type.element == .bool ? "(uchar)(\(value) != 0)" : single.encoded(value)
        return "b\(root.buffer)[\(indexText(offset))] = \(stored);"
      }
    }
    let values = root.parts.map { operand($0, varying: true) }
    if let place = rowStores[root.buffer] { return ["\(place) = \(values[0]);"] }
    let count = currentLaneCount() ?? "\(width)"
    if case .by(let distance) = stride, graph.constant(distance) == 1 {
      let isOfTile = lane.flatMap { copies[$0] } != nil
      let kind =
        values.count > 1
        ? MemoryHelpers.Kind.storePairs : isOfTile ? .storeOfTile : .store
      let pointer = "b\(root.buffer) + \(indexText(offsets[0]))"
      return [
        "\(helpers.name(kind, type))(\(pointer), \(values.joined(separator: ", ")), \(count));"
      ]
    }
    return zip(values, offsets).map { value, offset in
      if case .by(let distance) = stride {
        let step = indexText(graph.multiply(distance, root.parts.count))
        return "\(helpers.name(.storeStrided(index), type))"
          + "(b\(root.buffer) + \(indexText(offset)), \(step), \(value), \(count));"
      }
      let positions = indexVector(offset)
      return "\(helpers.name(.scatter(index), type))"
        + "(b\(root.buffer), \(positions), \(value), \(count));"
    }
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
