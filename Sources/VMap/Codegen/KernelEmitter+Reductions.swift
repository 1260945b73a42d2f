/// Reductions: whoever computes which part of a tree, each partial result takes in the same elements in
/// the same order, and they are merged in the same order.
extension KernelEmitter {
  /// The accumulators of a reduction's copies: for each, those of all slots of one partial result after
  /// another.
  typealias Accumulators = [EmissionScope.Key: [String]]

  /// Writes a reduction in the current block and names its results, for all copies at once.
  func reduce(_ id: Int) {
    let reduction = graph.reductions[id]
    let results = reduction.block.map { combine(id, blocksOf: $0) } ?? combine(id)
    forEachCopy(of: reduction.free) {
      let own = accumulators(id, 0, results)
      for (slot, element) in reduction.types.enumerated() {
        innermost.names[key(graph.make(.reduced(reduction: id, slot: slot, element)))] = own[slot]
      }
    }
  }

  /// Combines one block after another.
  private func combine(_ id: Int, blocksOf length: Int) -> Accumulators {
    let reduction = graph.reductions[id]
    var totals: Accumulators = [:]
    forEachCopy(of: reduction.free) { totals[slotKey(id)] = declare(id, isOverLanes: false) }
    let inner = reduction.variables.dropFirst().map { graph.extent(of: $0).constant ?? .max }
    forEachBlock(of: reduction.variables[0], length, inner: inner.saturatingProduct()) {
      let results = combine(id)
      forEachCopy(of: reduction.free) { take(results, into: totals, id) }
    }
    return totals
  }

  /// Writes a loop over the blocks of a loop, inside of which that goes over one of them.
  ///
  /// - Parameter inner: How many iterations the loops inside have together.
  func forEachBlock(
    of variable: LoopVariable, _ length: Int, inner: Int = 1, _ body: () -> Void
  ) {
    let extent = self.end(of: variable)
    let (start, end, type) = (freshName("i"), freshName("n"), index.rawValue)
    var step = "\(length)"
    if graph.ends[variable] != nil {
      // What is short enough is one block.
      step = freshName("n")
      let longest = ReductionTree.longestWhole / max(1, inner)
      line(
        "const \(type) \(step) = \(extent) > \(longest) ? \(length) : max((\(type))\(extent), (\(type))1);"
      )
    }
    block(
      "for (\(type) \(start) = 0; \(start) < \(extent); \(start) += \(step))", binding: []
    ) {
      line("const \(type) \(end) = min(\(start) + \(step), (\(type))\(extent));")
      ranges[variable] = (start, end)
      body()
      ranges[variable] = nil
    }
  }

  private func take(_ results: Accumulators, into totals: Accumulators, _ id: Int) {
    let own = accumulators(id, 0, totals)
    let merged = merge(id, own, accumulators(id, 0, results), resultWidth(id))
    for (name, value) in zip(own, merged) { line("\(name) = \(value);") }
  }

  /// How many lanes the results of a reduction have here.
  func resultWidth(_ id: Int) -> Int {
    let types = graph.reductions[id].types
    return varies(graph.make(.accumulator(reduction: id, slot: 0, types[0]))) ? width : 1
  }

  /// Combines the elements of a reduction, or of a block of it, and merges what they give.
  private func combine(_ id: Int) -> Accumulators {
    let reduction = graph.reductions[id]
    let lanes =
      laneCount > 1 && lane == nil
      ? reduction.variables.last(where: kernel.laneVariables.contains) : nil
    let side = copies.filter { reduction.free.contains($0.key) }.reduce(1) { $0 * $1.value }
    let partials = lanes.map { partialVectors(reduction, $0, side) } ?? reduction.partials
    let isArray =
      partials > 1
      && (partials * side > KernelEmitter.mostAccumulators || lanes.map(graph.hasLoops) ?? true)
    if let inOrder = combineInOrder(id) { return inOrder }
    var names: Accumulators = [:]
    forEachCopy(of: reduction.free) {
      if isArray {
        names[slotKey(id)] = declareArrays(id, partials, isOverLanes: lanes != nil)
      } else {
        for _ in 0..<partials {
          names[slotKey(id), default: []] += declare(id, isOverLanes: lanes != nil)
        }
      }
    }
    let partial = Partials(id: id, count: partials, isArray: isArray, names: names)
    let loops = reduction.nest.filter { $0 != lanes }
    nest(id, loops) {
      if let lanes {
        stepOverLanes(partial, lanes)
      } else if let interleaved = reduction.interleaved {
        let place = freshName("r")
        line("const int \(place) = \(variableName(interleaved)) & \(partials - 1);")
        step(id, at: place, in: names)
      } else {
        step(id, number: 0, names)
      }
    }
    forEachCopy(of: reduction.free) {
      names[slotKey(id)] = merged(partial, isOverLanes: lanes != nil)
    }
    return names
  }

  /// How many accumulators may be variables: more are an array, and those of steps with loops in them,
  /// which are written once.
  private static let mostAccumulators = 24

  /// How many vectors of lanes, or scalars of each work-item of a group, hold the partial results.
  private func partialVectors(
    _ reduction: Reduction, _ variable: LoopVariable, _ side: Int
  ) -> Int {
    if !reduction.isExact { return reduction.partials / laneCount }
    // Several hide the latency of their chains.
    let extent = graph.extent(of: variable).constant ?? .max
    return graph.hasLoops(in: variable) || extent < 4 * laneCount ? 1 : max(1, 4 / side)
  }

  func slotKey(_ id: Int) -> EmissionScope.Key {
    let element = graph.reductions[id].types[0]
    return key(graph.make(.reduced(reduction: id, slot: 0, element)))
  }

  func accumulatorType(_ id: Int, _ slot: Int, isOverLanes: Bool) -> VectorType {
    let element = graph.reductions[id].types[slot]
    let node = graph.make(.accumulator(reduction: id, slot: slot, element))
    return VectorType(element: element, width: isOverLanes || varies(node) ? width : 1)
  }

  private func declare(_ id: Int, isOverLanes: Bool) -> [String] {
    let reduction = graph.reductions[id]
    return reduction.types.indices.map { slot in
      let type = accumulatorType(id, slot, isOverLanes: isOverLanes)
      let name = freshName("s")
      line("\(type.name) \(name) = \(operand(reduction.initial[slot], varying: type.isVector));")
      return name
    }
  }

  /// The accumulators of one copy.
  func accumulators(_ id: Int, _ number: Int, _ names: Accumulators) -> [String] {
    let slots = graph.reductions[id].types.count
    let all = names[slotKey(id)] ?? []
    return Array(all[(number * slots)..<((number + 1) * slots)])
  }

  func nest(_ id: Int, _ variables: [LoopVariable], _ body: () -> Void) {
    if kernel.schedule.tile?.loops.isEmpty == false { return nestStages(variables[...], body) }
    guard let variable = variables.first else { return body() }
    if variables.count == 1, insideSteps[id] == nil, let inside = inside(id, variable) {
      return chooseInside(id, inside) { self.nest(id, variables, body) }
    }
    let inner = { self.nest(id, Array(variables.dropFirst()), body) }
    if unrolled.contains(variable) {
      writeOut(variable, inner)
    } else {
      loop(over: variable, inner)
    }
  }

  /// One step of all copies: each accumulator takes in one more element.
  func step(_ id: Int, number: Int, _ names: Accumulators, valid: String? = nil) {
    let reduction = graph.reductions[id]
    var assignments: [String] = []
    forEachCopy(of: reduction.free) {
      let own = accumulators(id, number, names)
      for (slot, element) in reduction.types.enumerated() {
        let node = graph.make(.accumulator(reduction: id, slot: slot, element))
        innermost.names[key(node)] = own[slot]
      }
      for (slot, expression) in (insideSteps[id] ?? reduction.step).enumerated() {
        let node = graph.make(.accumulator(reduction: id, slot: slot, reduction.types[slot]))
        var text = operand(expression, varying: varies(node))
        if let valid {
          let type = VectorType(element: reduction.types[slot], width: width)
          text = type.select(valid, text, own[slot])
        }
        if case .accumulator = graph[expression], text != own[slot] {
          // It is overwritten before it is taken over.
          let type = VectorType(
            element: reduction.types[slot], width: varies(node) ? width : 1)
          let name = freshName("t")
          line("const \(type.name) \(name) = \(text);")
          text = name
        }
        assignments.append("\(own[slot]) = \(text);")
      }
    }
    assignments.forEach(line)
  }
}
