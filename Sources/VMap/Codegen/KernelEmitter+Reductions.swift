extension KernelEmitter {
  /// Writes a reduction in the current block and names its results, for all copies at once.
  func reduce(_ id: Int) {
    let reduction = graph.reductions[id]
    let lanes =
      laneCount > 1 && lane == nil
      ? reduction.variables.last(where: kernel.laneVariables.contains) : nil
    let side = copies.filter { reduction.free.contains($0.key) }.reduce(1) { $0 * $1.value }
    let unrolled = lanes.map { interleaving($0, side) } ?? 1
    var names: [EmissionScope.Key: [String]] = [:]
    forEachCopy(of: reduction.free) {
      for _ in 0..<unrolled { declare(id, lanes != nil, &names) }
    }
    nest(id, reduction.variables.filter { $0 != lanes }) {
      if let lanes {
        stepOverLanes(id, lanes, unrolled, names)
      } else {
        step(id, number: 0, names)
      }
    }
    forEachCopy(of: reduction.free) { finish(id, unrolled, lanes != nil, names) }
  }

  /// How many partial results each lane keeps, to hide the latency of their chain.
  ///
  /// It follows from constant extents alone: the order of a sum must not depend on the batch.
  private func interleaving(_ variable: LoopVariable, _ side: Int) -> Int {
    if graph.hasLoops(in: variable) { return 1 }
    let extent = graph.extent(of: variable).constant ?? .max
    return extent >= 4 * laneCount ? max(1, 4 / side) : 1
  }

  func slotKey(_ id: Int) -> EmissionScope.Key {
    let element = graph.reductions[id].types[0]
    return key(graph.make(.reduced(reduction: id, slot: 0, element)))
  }

  private func declare(
    _ id: Int, _ isOverLanes: Bool, _ names: inout [EmissionScope.Key: [String]]
  ) {
    let reduction = graph.reductions[id]
    for (slot, element) in reduction.types.enumerated() {
      let node = graph.make(.accumulator(reduction: id, slot: slot, element))
      let isVector = isOverLanes || varies(node)
      let type = VectorType(element: element, width: isVector ? width : 1)
      let name = freshName("s")
      let initial = operand(reduction.initial[slot], varying: isVector)
      line("\(type.name) \(name) = \(initial);")
      names[slotKey(id), default: []].append(name)
    }
  }

  /// The accumulators of one copy.
  func accumulators(
    _ id: Int, _ number: Int, _ names: [EmissionScope.Key: [String]]
  ) -> [String] {
    let slots = graph.reductions[id].types.count
    let all = names[slotKey(id)] ?? []
    return Array(all[(number * slots)..<((number + 1) * slots)])
  }

  func nest(_ id: Int, _ variables: [LoopVariable], _ body: () -> Void) {
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
  func step(
    _ id: Int, number: Int, _ names: [EmissionScope.Key: [String]], valid: String? = nil
  ) {
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

  private func stepOverLanes(
    _ id: Int, _ variable: LoopVariable, _ unrolled: Int, _ names: [EmissionScope.Key: [String]]
  ) {
    let extent = arguments.name(of: graph.extent(of: variable))
    let name = freshName("i")
    let hasRounds = !isGroup || unrolled > 1
    line("\(index.rawValue) \(name) = \(hasRounds ? "0" : "lane");")
    if unrolled > 1 { copies[variable] = unrolled }
    let stride = laneCount * unrolled
    if hasRounds {
      block(
        "for (; \(name) + \(stride) <= \(extent); \(name) += \(stride))", binding: [variable]
      ) {
        innermost.lane = variable
        innermost.laneCount = nil
        for number in 0..<unrolled {
          let own = unrolled == 1 ? name : freshName("i")
          if unrolled > 1 {
            let first = isGroup ? "\(name) + lane" : name
            line("const \(index.rawValue) \(own) = \(first) + \(number * laneCount);")
          }
          variableNames[EmissionScope.Copy(variable: variable, number: number)] = own
        }
        for number in 0..<unrolled {
          if unrolled > 1 { copy[variable] = number }
          step(id, number: number, names)
        }
        copy[variable] = nil
      }
      copies[variable] = nil
      if let constant = graph.extent(of: variable).constant, constant % stride == 0 { return }
    }
    variableNames[EmissionScope.Copy(variable: variable, number: 0)] = name
    let start = isGroup && hasRounds ? "\(name) += lane" : ""
    block("for (\(start); \(name) < \(extent); \(name) += \(laneCount))", binding: [variable]) {
      bindLanes(of: variable, from: name, extent)
      guard let count = innermost.laneCount else { return step(id, number: 0, names) }
      let valid = freshName("m")
      line(
        "const int\(width) \(valid) = \(VectorType.laneNumbers("int", width)) < (int\(width))(\(count));"
      )
      step(id, number: 0, names, valid: valid)
    }
  }
}
