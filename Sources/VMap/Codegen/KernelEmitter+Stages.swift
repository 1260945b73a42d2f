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
    if !tile.endsEarly { copies[variable] = side.block }
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

  /// Stages what a tile needs before anything is computed.
  func stageAll() {
    guard let tile = kernel.schedule.tile, tile.loops.isEmpty else { return }
    stageNames = tile.stages.map { _ in freshName("p") }
    for (stage, name) in zip(tile.stages, stageNames) { fill(stage, tile, name) }
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
      pieceNumber = number
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
      if variable == tile.loops.first { return pieceNumber }
      return tilePlaces[copy] ?? variableName(variable)
    }
    let place = (stage.readers[load] ?? nil).map(indexText)
    let (row, column) = (place ?? self.place(stage.rows, own), self.place(stage.columns, own))
    return "\(stageNames[number])[\(row) * \(stage.pitch) + \(column)]"
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
    forEachTurn(stage, tile) { own, round, places in
      line("\(registers)[\(round)] = \(element(of: stage, tile, own, places, from: first, end));")
    }
  }

  /// Writes what was fetched into local memory.
  private func put(
    _ stage: Stage, _ tile: GroupTile, _ registers: String, into memory: String
  ) {
    forEachTurn(stage, tile) { _, round, places in
      line("\(test(stage, tile, round))\(place(of: stage, memory, places)) = \(registers)[\(round)];")
    }
  }

  /// Copies all of an operand that a tile needs.
  private func fill(_ stage: Stage, _ tile: GroupTile, _ memory: String) {
    forEachTurn(stage, tile) { own, round, places in
      let value = element(of: stage, tile, own, places, from: "0", "0")
      line("\(test(stage, tile, round))\(place(of: stage, memory, places)) = \(value);")
    }
  }

  /// The condition under which a work-item has an element left to bring.
  private func test(_ stage: Stage, _ tile: GroupTile, _ round: String) -> String {
    stage.count % tile.items == 0
      ? "" : "if (lane + \(tile.items) * \(round) < \(stage.count)) "
  }

  /// An element of local memory, by its places along the loops of a stage.
  private func place(
    of stage: Stage, _ memory: String, _ places: [LoopVariable: String]
  ) -> String {
    func own(_ variable: LoopVariable) -> String {
      places[variable] ?? inconsistent("loop \(variable.id) is not staged")
    }
    return "\(memory)[\(place(stage.rows, own)) * \(stage.pitch) + \(place(stage.columns, own))]"
  }

  /// An element that is to be staged, by its places along the loops of a stage.
  private func element(
    of stage: Stage, _ tile: GroupTile, _ own: [LoopVariable: LoopVariable],
    _ places: [LoopVariable: String], from first: String, _ end: String
  ) -> String {
    for dimension in stage.order {
      guard let variable = own[dimension.variable], let place = places[dimension.variable] else {
        continue
      }
      let isPiece = dimension.variable == tile.loops.first
      let extent = arguments.name(of: graph.extent(of: variable))
      let text = iteration(
        of: dimension, at: place, from: isPiece ? first : tileBases[dimension.variable],
        below: isPiece ? end : extent)
      let name = freshName("i")
      line("const \(index.rawValue) \(name) = \(text);")
      variableNames[EmissionScope.Copy(variable: variable, number: 0)] = name
    }
    let images = own.reduce(into: [:]) { $0[graph.index($1.key)] = graph.index($1.value) }
    return value(graph.substituting(images, in: stage.source))
  }

  /// Writes a loop over the elements that a work-item brings, with loops of its own for those of the
  /// stage and the place of the element along each.
  private func forEachTurn(
    _ stage: Stage, _ tile: GroupTile,
    _ body: (
      _ own: [LoopVariable: LoopVariable], _ round: String, _ places: [LoopVariable: String]
    ) -> Void
  ) {
    var own: [LoopVariable: LoopVariable] = [:]
    for dimension in stage.order {
      own[dimension.variable] = graph.makeVariable(graph.extent(of: dimension.variable))
    }
    let (round, element) = (freshName("r"), freshName("e"))
    let rounds = stage.rounds(tile.items)
    let wish = rounds > GroupTile.mostTurns ? "" : "_Pragma(\"unroll\") "
    block(
      "\(wish)for (int \(round) = 0; \(round) < \(rounds); ++\(round))", binding: Set(own.values)
    ) {
      let isWhole = stage.count % tile.items == 0
      let number = "lane + \(tile.items) * \(round)"
      // Who has no element left reads the last one again.
      line("const uint \(element) = \(isWhole ? number : "min(\(number), \(stage.count - 1))");")
      var places: [LoopVariable: String] = [:]
      var faster = 1
      for dimension in stage.order.reversed() {
        let place = freshName("q")
        line("const int \(place) = (int)(\(element) / \(faster)u % \(dimension.count)u);")
        faster *= dimension.count
        places[dimension.variable] = place
      }
      body(own, round, places)
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
