/// How the work-items of a group take turns at the elements of what they stage.
extension KernelEmitter {
  /// Reads a work-item's part of what a piece needs of an operand into registers.
  func fetch(
    _ stage: Stage, _ tile: GroupTile, from first: String, _ end: String, into registers: String
  ) {
    forEachTurn(stage, tile) { own, round, places in
      line("\(registers)[\(round)] = \(element(of: stage, tile, own, places, from: first, end));")
    }
  }

  /// Writes what was fetched into local memory.
  func put(
    _ stage: Stage, _ tile: GroupTile, _ registers: String, into memory: String
  ) {
    forEachTurn(stage, tile) { _, round, places in
      let place = place(of: stage, memory, places)
      line("\(test(stage, tile, round))\(place) = \(registers)[\(round)];")
    }
  }

  /// Copies all of an operand that a tile needs.
  func fill(_ stage: Stage, _ tile: GroupTile, _ memory: String) {
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
        of: dimension, at: place, from: isPiece ? first : staging.bases[dimension.variable],
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
  func place(
    _ dimensions: [Stage.Dimension], _ own: (LoopVariable) -> String
  ) -> String {
    guard let first = dimensions.first else { return "0" }
    return dimensions.dropFirst().reduce(own(first.variable)) { text, dimension in
      "(\(text) * \(dimension.count) + \(own(dimension.variable)))"
    }
  }
}
