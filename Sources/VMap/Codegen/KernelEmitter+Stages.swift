/// Kernels whose groups compute tiles: what a piece of the reduction reads is copied into local memory by
/// all work-items of the group, then each takes its elements from there.
///
/// All work-items of a group go through all pieces, as those beyond the end of a loop compute its last
/// iteration again and store nothing: so all of them come to every barrier.
extension KernelEmitter {
  /// Names the iterations of a loop that a work-item of a tile computes.
  func bindSide(of variable: LoopVariable, base: String, _ extent: String) {
    guard let tile = kernel.schedule.tile,
      let position = tile.sides.firstIndex(where: { $0.variable == variable })
    else {
      variableNames[EmissionScope.Copy(variable: variable, number: 0)] = base
      return
    }
    let side = tile.sides[position]
    tileBases[variable] = base
    let faster = tile.sides[(position + 1)...].reduce(1) { $0 * $1.items }
    let own = freshName("t")
    line("const int \(own) = (int)((uint)lane / \(faster)u % \(side.items)u);")
    let isWhole = graph.extent(of: variable).constant.map { $0 % side.extent == 0 } ?? false
    copies[variable] = side.block
    for number in 0..<side.block {
      let copy = EmissionScope.Copy(variable: variable, number: number)
      // Neighbours along the last loop read and write side by side; along others, each work-item reads
      // its own iterations together.
      let place =
        position == tile.sides.count - 1
        ? "\(own) + \(side.items * number)" : "\(own) * \(side.block) + \(number)"
      tilePlaces[copy] = "(\(place))"
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
    zip(stageNames, kernel.schedule.tile?.stages ?? []).reduce(into: "") { text, stage in
      let type = VectorType(element: stage.1.element, width: 1).name
      text += "  local \(type) \(stage.0)[\(stage.1.capacity)] __attribute__((aligned(16)));\n"
    }
  }

  /// Stages what the elements of a tile are made of, where there is no reduction.
  func stageElements() {
    guard let tile = kernel.schedule.tile, tile.loops.isEmpty else { return }
    stageNames = tile.stages.map { _ in freshName("p") }
    for (stage, name) in zip(tile.stages, stageNames) {
      put(stage, tile, fetch(stage, tile, from: "0", "0"), into: name)
    }
    line(KernelEmitter.barrier)
    read(tile, "0")
  }

  /// Writes the loops of a reduction, the innermost of them in pieces that are staged first.
  ///
  /// What a piece needs is read from memory while the group computes the piece before.
  func nestStages(_ loops: ArraySlice<LoopVariable>, _ body: () -> Void) {
    guard let tile = kernel.schedule.tile, let variable = loops.first else { return body() }
    guard variable == tile.loops[0] else {
      return loop(over: variable) { nestStages(loops.dropFirst(), body) }
    }
    if stageNames.isEmpty { stageNames = tile.stages.map { _ in freshName("p") } }
    let (start, end) = range(of: variable)
    let (first, type) = (freshName("i"), index.rawValue)
    let fetched = tile.stages.map { fetch($0, tile, from: start, end) }
    block(
      "for (\(type) \(first) = \(start); \(first) < \(end); \(first) += \(tile.depth))", binding: []
    ) {
      // Nobody reads the piece before any more.
      line(KernelEmitter.barrier)
      for (number, stage) in tile.stages.enumerated() {
        put(stage, tile, fetched[number], into: stageNames[number])
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
      func nest(_ loops: ArraySlice<LoopVariable>) {
        guard let inner = loops.first else {
          read(tile, number)
          return body()
        }
        loop(over: inner, isWrittenOut: isWhole) { nest(loops.dropFirst()) }
      }
      nest(tile.loops.dropFirst())
    }
  }

  /// Names what a step takes from local memory.
  private func read(_ tile: GroupTile, _ number: String) {
    for (stage, name) in zip(tile.stages, stageNames) {
      let type = VectorType(element: stage.element, width: 1)
      forEachCopy(of: graph.dependencies(stage.load)) {
        func own(_ variable: LoopVariable) -> String {
          let copy = EmissionScope.Copy(variable: variable, number: copy[variable] ?? 0)
          return variable == tile.loops.first
            ? number : tilePlaces[copy] ?? variableName(variable)
        }
        let (row, column) = (place(stage.rows, own), place(stage.columns, own))
        let value = freshName("v")
        line("const \(type.name) \(value) = \(name)[\(row) * \(stage.pitch) + \(column)];")
        innermost.names[key(stage.load)] = value
      }
    }
  }

  /// Reads a work-item's part of what the first piece needs of an operand, into registers.
  private func fetch(
    _ stage: Stage, _ tile: GroupTile, from first: String, _ end: String
  ) -> String {
    let name = freshName("w")
    line("\(VectorType(element: stage.element, width: 1).name) \(name)[\(stage.rounds(tile.items))];")
    fetch(stage, tile, from: first, end, into: name)
    return name
  }

  /// Reads a work-item's part of what a piece needs of an operand.
  private func fetch(
    _ stage: Stage, _ tile: GroupTile, from first: String, _ end: String, into registers: String
  ) {
    // The operand over loops of the copy's own.
    var own: [LoopVariable: LoopVariable] = [:]
    for dimension in stage.order {
      own[dimension.variable] = graph.makeVariable(graph.extent(of: dimension.variable))
    }
    let load = graph.substituting(
      own.reduce(into: [:]) { $0[graph.index($1.key)] = graph.index($1.value) }, in: stage.load)
    forEachTurn(stage, tile, binding: Set(own.values)) { round, places in
      for dimension in stage.order {
        let variable = dimension.variable
        let text = iteration(
          of: dimension, at: places[variable] ?? "?",
          from: variable == tile.loops.first ? first : tileBases[variable],
          below: variable == tile.loops.first ? end : arguments.name(of: graph.extent(of: variable)))
        let name = freshName("i")
        line("const \(index.rawValue) \(name) = \(text);")
        variableNames[EmissionScope.Copy(variable: own[variable] ?? variable, number: 0)] = name
      }
      line("\(registers)[\(round)] = \(value(load));")
    }
  }

  /// Writes what was fetched into local memory.
  private func put(
    _ stage: Stage, _ tile: GroupTile, _ registers: String, into memory: String
  ) {
    forEachTurn(stage, tile, binding: []) { round, places in
      let row = place(stage.rows) { places[$0] ?? "?" }
      let column = place(stage.columns) { places[$0] ?? "?" }
      let isWhole = stage.count % tile.items == 0
      let test = isWhole ? "" : "if (lane + \(tile.items) * \(round) < \(stage.count)) "
      line("\(test)\(memory)[\(row) * \(stage.pitch) + \(column)] = \(registers)[\(round)];")
    }
  }

  /// Writes a loop over the elements that a work-item brings, with the place of each along every loop.
  private func forEachTurn(
    _ stage: Stage, _ tile: GroupTile, binding variables: Set<LoopVariable>,
    _ body: (_ round: String, _ places: [LoopVariable: String]) -> Void
  ) {
    let (round, element) = (freshName("r"), freshName("e"))
    let rounds = stage.rounds(tile.items)
    block(
      "_Pragma(\"unroll\") for (int \(round) = 0; \(round) < \(rounds); ++\(round))",
      binding: variables
    ) {
      let isWhole = stage.count % tile.items == 0
      let number = "lane + \(tile.items) * \(round)"
      // Who has no element left brings the last one again.
      line("const uint \(element) = \(isWhole ? number : "min(\(number), \(stage.count - 1))");")
      var places: [LoopVariable: String] = [:]
      var faster = 1
      for dimension in stage.order.reversed() {
        let place = freshName("q")
        line("const int \(place) = (int)(\(element) / \(faster)u % \(dimension.count)u);")
        faster *= dimension.count
        places[dimension.variable] = place
      }
      body(round, places)
    }
  }

  /// An iteration of a loop that is staged, the last one for those beyond its end.
  private func iteration(
    of dimension: Stage.Dimension, at place: String, from begin: String?, below end: String
  ) -> String {
    guard let begin else { return place }
    let isWhole =
      ranges[dimension.variable] == nil
      && graph.extent(of: dimension.variable).constant.map { $0 % dimension.count == 0 } ?? false
    let type = index.rawValue
    let text = "\(begin) + \(place)"
    return isWhole ? text : "min((\(type))(\(text)), (\(type))(\(end) - 1))"
  }

  /// The place of an iteration of nested loops.
  private func place(
    _ dimensions: [Stage.Dimension], _ own: (LoopVariable) -> String
  ) -> String {
    guard let first = dimensions.first else { return "0" }
    return dimensions.dropFirst().reduce(own(first.variable)) { text, dimension in
      "(\(text) * \(dimension.count) + \(own(dimension.variable)))"
    }
  }
}
