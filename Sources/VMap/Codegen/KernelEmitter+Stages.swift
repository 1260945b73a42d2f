/// Kernels whose groups compute tiles: what a piece of the reduction reads is copied into local memory by
/// all work-items of the group, then each takes its elements from there.
///
/// All work-items of a group go through all pieces, as those beyond the end of a loop compute its last
/// iteration again and store nothing: so all of them come to every barrier.
extension KernelEmitter {
  /// What the parts of a tile are called.
  struct Staging {
    /// Where each of the tile's loops begins.
    var bases: [LoopVariable: String] = [:]
    /// A work-item's place along them, for each of its copies.
    var places: [EmissionScope.Copy: String] = [:]
    /// The local memory of each stage.
    var memory: [String] = []
    /// The number of an iteration in the piece that is being written.
    var number = "0"
  }

  /// Names the iterations of a loop that a work-item of a tile computes.
  func bindSide(of variable: LoopVariable, base: String, _ extent: String) {
    guard let tile = kernel.schedule.tile,
      let position = tile.sides.firstIndex(where: { $0.variable == variable })
    else {
      variableNames[EmissionScope.Copy(variable: variable, number: 0)] = base
      return
    }
    let side = tile.sides[position]
    staging.bases[variable] = base
    let faster = tile.sides[(position + 1)...].reduce(1) { $0 * $1.items }
    let own = freshName("t")
    line("const int \(own) = (int)((uint)lane / \(faster)u % \(side.items)u);")
    let isWhole = graph.extent(of: variable).constant.map { $0 % side.extent == 0 } ?? false
    if !tile.endsEarly { copies[variable] = side.block }
    for number in 0..<side.block {
      let copy = EmissionScope.Copy(variable: variable, number: number)
      // Neighbours along the last loop read and write side by side; along others, each work-item reads
      // its own iterations together.
      let place =
        position == tile.sides.count - 1
        ? "\(own) + \(side.items * number)" : "\(own) * \(side.block) + \(number)"
      staging.places[copy] = "(\(place))"
      let (name, index) = (freshName("i"), "\(base) + \(place)")
      let last = "(\(self.index.rawValue))(\(extent) - 1)"
      let text = isWhole ? index : "min((\(self.index.rawValue))(\(index)), \(last))"
      line("const \(self.index.rawValue) \(name) = \(text);")
      variableNames[copy] = name
      if !isWhole { laneCounts[copy] = "(\(index) < \(extent))" }
    }
  }

  /// The local memory for what a tile stages.
  func stageMemory() -> String {
    zip(staging.memory, kernel.schedule.tile?.stages ?? []).reduce(into: "") { text, stage in
      let type = VectorType(element: stage.1.element, width: 1).name
      text += "  local \(type) \(stage.0)[\(stage.1.capacity)] __attribute__((aligned(16)));\n"
    }
  }

  /// Stages what a tile needs before anything is computed.
  func stageAll() {
    guard let tile = kernel.schedule.tile, tile.loops.isEmpty else { return }
    staging.memory = tile.stages.map { _ in freshName("p") }
    for (stage, name) in zip(tile.stages, staging.memory) { fill(stage, tile, name) }
    line(KernelEmitter.barrier)
    guard tile.endsEarly else { return }
    for side in tile.sides {
      let copy = EmissionScope.Copy(variable: side.variable, number: 0)
      if let test = laneCounts.removeValue(forKey: copy) { line("if (!\(test)) return;") }
    }
  }

  /// Writes the loops of a reduction, the innermost of them in pieces that are staged first.
  ///
  /// What a piece needs is read from memory while the group computes the piece before.
  func nestStages(_ loops: ArraySlice<LoopVariable>, _ body: () -> Void) {
    guard let tile = kernel.schedule.tile, let variable = loops.first else { return body() }
    guard variable == tile.loops[0] else {
      return loop(over: variable) { nestStages(loops.dropFirst(), body) }
    }
    if staging.memory.isEmpty { staging.memory = tile.stages.map { _ in freshName("p") } }
    let (start, end) = range(of: variable)
    let (first, type) = (freshName("i"), index.rawValue)
    let fetched = tile.stages.map { stage in
      let (name, element) = (freshName("w"), VectorType(element: stage.element, width: 1))
      line("\(element.name) \(name)[\(stage.rounds(tile.items))];")
      return name
    }
    let isKnown = ranges[variable] == nil && graph.extent(of: variable).constant != nil
    block(isKnown ? "" : "if (\(start) < \(end))", binding: []) {
      for (stage, name) in zip(tile.stages, fetched) {
        fetch(stage, tile, from: start, end, into: name)
      }
    }
    block(
      "for (\(type) \(first) = \(start); \(first) < \(end); \(first) += \(tile.depth))", binding: []
    ) {
      // Nobody reads the piece before any more.
      line(KernelEmitter.barrier)
      for (number, stage) in tile.stages.enumerated() {
        put(stage, tile, fetched[number], into: staging.memory[number])
      }
      line(KernelEmitter.barrier)
      block("if (\(first) + \(tile.depth) < \(end))", binding: []) {
        for (stage, name) in zip(tile.stages, fetched) {
          fetch(stage, tile, from: "\(first) + \(tile.depth)", end, into: name)
        }
      }
      let extent = graph.extent(of: variable).constant
      if ranges[variable] == nil, let extent, extent % tile.depth == 0 {
        return piece(tile, first, "\(tile.depth)", body)
      }
      block("if (\(first) + \(tile.depth) <= \(end))", binding: []) {
        piece(tile, first, "\(tile.depth)", body)
      }
      block("else", binding: []) { piece(tile, first, "\(end) - \(first)", body) }
    }
  }

  /// Writes the steps of a piece.
  private func piece(_ tile: GroupTile, _ first: String, _ count: String, _ body: () -> Void) {
    let (variable, number) = (tile.loops[0], freshName("k"))
    let isWhole = Int(count) != nil
    block(
      "\(isWhole ? "_Pragma(\"unroll\") " : "")for (int \(number) = 0; \(number) < \(count); ++\(number))",
      binding: [variable]
    ) {
      let name = freshName("i")
      line("const \(index.rawValue) \(name) = \(first) + \(number);")
      variableNames[EmissionScope.Copy(variable: variable, number: 0)] = name
      staging.number = number
      func nest(_ loops: ArraySlice<LoopVariable>) {
        guard let inner = loops.first else {
          return body()
        }
        loop(over: inner, isWrittenOut: isWhole) { nest(loops.dropFirst()) }
      }
      nest(tile.loops.dropFirst())
    }
  }

  /// A load as local memory has it; nil where it is not staged.
  func staged(_ load: Expression) -> String? {
    guard let tile = kernel.schedule.tile,
      let number = tile.stages.firstIndex(where: { $0.readers[load] != nil })
    else { return nil }
    let stage = tile.stages[number]
    func own(_ variable: LoopVariable) -> String {
      let copy = EmissionScope.Copy(variable: variable, number: copy[variable] ?? 0)
      if variable == tile.loops.first { return staging.number }
      return staging.places[copy] ?? variableName(variable)
    }
    let place = (stage.readers[load] ?? nil).map(indexText)
    let (row, column) = (place ?? self.place(stage.rows, own), self.place(stage.columns, own))
    return "\(staging.memory[number])[\(row) * \(stage.pitch) + \(column)]"
  }
}
