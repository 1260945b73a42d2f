/// Reductions at whose iterations lanes take turns: as many of them as there are partial results at a
/// time, and then what is left.
extension KernelEmitter {
  /// Steps over the loop at whose iterations lanes take turns.
  func stepOverLanes(_ partials: Partials, _ variable: LoopVariable) {
    let (start, end) = range(of: variable)
    let name = freshName("i")
    let stride = laneCount * partials.count
    if isGroup, partials.count == 1 {
      line("\(index.rawValue) \(name) = \(start) + lane;")
    } else {
      line("\(index.rawValue) \(name) = \(start);")
      block(
        "for (; \(name) + \(stride) <= \(end); \(name) += \(stride))",
        binding: partials.isArray ? [] : [variable]
      ) {
        if partials.isArray {
          stepOverArray(partials, variable, from: name)
        } else {
          stepOverRound(partials, variable, from: name)
        }
      }
      copies[variable] = nil
    }
    let extent = ranges[variable] == nil ? graph.extent(of: variable).constant : nil
    let rest = extent.map { $0 % stride }
    if rest == 0, !isGroup || partials.count > 1 { return }
    let isWhole = extent.map { $0 % laneCount == 0 } ?? false
    if isGroup, partials.count > 1 {
      return stepOverRest(ofGroup: partials, variable, from: name, end)
    }
    // Any partial result can take in what is left where the order does not matter.
    let isFirst =
      partials.count == 1 || graph.reductions[partials.id].isExact
      || rest.map { $0 <= laneCount } ?? false
    if isFirst, !partials.isArray {
      block("for (; \(name) < \(end); \(name) += \(laneCount))", binding: [variable]) {
        let valid = bindRest(of: variable, from: name, end, isWhole: isWhole)
        step(partials.id, number: 0, partials.names, valid: valid)
      }
      return
    }
    if let rest, !partials.isArray, isCheap(partials.id, rest.dividedUp(by: laneCount)) {
      for number in 0..<rest.dividedUp(by: laneCount) {
        block("", binding: [variable]) {
          let isFull = (number + 1) * laneCount <= rest
          let valid = bindRest(of: variable, from: name, end, isWhole: isFull)
          step(partials.id, number: number, partials.names, valid: valid)
        }
        line("\(name) += \(laneCount);")
      }
      return
    }
    // Of many short rows much is left.
    if graph.ends[variable] != nil, !partials.isArray,
      isCheap(partials.id, partials.count, atMost: KernelEmitter.mostRaggedRestCost)
    {
      for number in 0..<partials.count {
        block("if (\(name) < \(end))", binding: [variable]) {
          let valid = bindRest(of: variable, from: name, end, isWhole: false)
          step(partials.id, number: number, partials.names, valid: valid)
          line("\(name) += \(laneCount);")
        }
      }
      return
    }
    stepOverRest(partials, variable, from: name, end, isWhole: isWhole)
  }

  /// Whether a step may be written some times more.
  private func isCheap(
    _ id: Int, _ times: Int, atMost most: Int = KernelEmitter.mostRestCost
  ) -> Bool {
    return times * graph.reductions[id].step.reduce(0) { $0 + graph.cost(of: $1) }
      <= most
  }

  /// How much is written for what is left of a loop, in fused multiply-adds.
  private static let mostRestCost = 32
  private static let mostRaggedRestCost = 160

  /// As many vectors as there are partial results, each in variables of its own.
  private func stepOverRound(
    _ partials: Partials, _ variable: LoopVariable, from name: String
  ) {
    innermost.lane = variable
    innermost.laneCount = nil
    let count = partials.count
    if count > 1 { copies[variable] = count }
    for number in 0..<count {
      let own = count == 1 ? name : freshName("i")
      if count > 1 {
        let first = isGroup ? "\(name) + lane" : name
        line("const \(index.rawValue) \(own) = \(first) + \(number * laneCount);")
      }
      variableNames[EmissionScope.Copy(variable: variable, number: number)] = own
    }
    for number in 0..<count {
      if count > 1 { copy[variable] = number }
      step(partials.id, number: number, partials.names)
    }
    copy[variable] = nil
  }

  /// As many vectors as there are partial results, one after another.
  private func stepOverArray(
    _ partials: Partials, _ variable: LoopVariable, from name: String
  ) {
    let (number, own) = (freshName("r"), freshName("i"))
    block(
      "for (int \(number) = 0; \(number) < \(partials.count); ++\(number))", binding: [variable]
    ) {
      innermost.lane = variable
      innermost.laneCount = nil
      let first = isGroup ? "\(name) + lane" : name
      line("const \(index.rawValue) \(own) = \(first) + \(number) * \(laneCount);")
      variableNames[EmissionScope.Copy(variable: variable, number: 0)] = own
      step(partials.id, at: number, in: partials.names)
    }
  }

  /// What is left at the end, by vectors, the last of which may be shorter: meanwhile the partial results
  /// are in arrays, so that it is written once.
  private func stepOverRest(
    _ partials: Partials, _ variable: LoopVariable, from name: String, _ end: String, isWhole: Bool
  ) {
    let reduction = graph.reductions[partials.id]
    var arrays = partials.names
    if !partials.isArray {
      forEachCopy(of: reduction.free) {
        arrays[slotKey(partials.id)] = reduction.types.indices.map { slot in
          let type = accumulatorType(partials.id, slot, isOverLanes: true)
          let own = (0..<partials.count).map { accumulators(partials.id, $0, partials.names)[slot] }
          let array = freshName("s")
          line("\(type.name) \(array)[\(partials.count)] = {\(own.joined(separator: ", "))};")
          return array
        }
      }
    }
    let number = freshName("r")
    block(
      "for (int \(number) = 0; \(name) < \(end); ++\(number), \(name) += \(laneCount))",
      binding: [variable]
    ) {
      let valid = bindRest(of: variable, from: name, end, isWhole: isWhole)
      step(partials.id, at: number, in: arrays, valid: valid)
    }
    if partials.isArray { return }
    forEachCopy(of: reduction.free) {
      let own = arrays[slotKey(partials.id)] ?? []
      for number in 0..<partials.count {
        for (name, array) in zip(accumulators(partials.id, number, partials.names), own) {
          line("\(name) = \(array)[\(number)];")
        }
      }
    }
  }

  /// Makes what is left of a loop the lanes of the current block; which of them hold an iteration, if
  /// not all do.
  private func bindRest(
    of variable: LoopVariable, from name: String, _ end: String, isWhole: Bool
  ) -> String? {
    variableNames[EmissionScope.Copy(variable: variable, number: 0)] = name
    bindLanes(of: variable, from: name, end)
    if isWhole { innermost.laneCount = nil }
    guard let count = innermost.laneCount else { return nil }
    let valid = freshName("m")
    line(
      "const int\(width) \(valid) = \(VectorType.laneNumbers("int", width)) < (int\(width))(\(count));"
    )
    return valid
  }

  /// What is left at the end, for each work-item of a group.
  private func stepOverRest(
    ofGroup partials: Partials, _ variable: LoopVariable, from name: String, _ end: String
  ) {
    line("\(name) += lane;")
    if partials.isArray {
      let number = freshName("r")
      return block(
        "for (int \(number) = 0; \(name) < \(end); ++\(number), \(name) += \(laneCount))",
        binding: [variable]
      ) {
        variableNames[EmissionScope.Copy(variable: variable, number: 0)] = name
        innermost.lane = variable
        step(partials.id, at: number, in: partials.names)
      }
    }
    for number in 0..<partials.count {
      block("if (\(name) < \(end))", binding: [variable]) {
        variableNames[EmissionScope.Copy(variable: variable, number: 0)] = name
        innermost.lane = variable
        step(partials.id, number: number, partials.names)
      }
      line("\(name) += \(laneCount);")
    }
  }
}
