extension KernelEmitter {
  /// Writes a sorting network: Batcher's merge exchange, for any number of elements.
  ///
  /// Which places are compared depends on the number alone, so that lanes never part.
  func sort(_ id: Int) {
    let network = graph.networks[id]
    if isGroup { return sortTogether(network) }
    for array in network.arrays {
      if let value = graph.arrays[array].value { declare(array: array, filledWith: value) }
    }
    guard network.count > 1, let swaps = network.swaps else { return }
    let (p, k, j, low) = (freshName("p"), freshName("k"), freshName("j"), freshName("i"))
    let (count, type) = (network.count, index.rawValue)
    variableNames[EmissionScope.Copy(variable: network.low, number: 0)] = low
    variableNames[EmissionScope.Copy(variable: network.high, number: 0)] = "(\(low) + \(k))"
    block("for (\(type) \(p) = 1; \(p) < \(count); \(p) *= 2)", binding: []) {
      block("for (\(type) \(k) = \(p); \(k) > 0; \(k) /= 2)", binding: []) {
        let rows = "\(type) \(j) = \(k) % \(p); \(j) + \(k) < \(count); \(j) += 2 * \(k)"
        block("for (\(rows))", binding: []) {
          line("const \(type) end\(low) = min(\(j) + \(k), \(count) - \(k));")
          // A row that crosses from one pair of runs to the next is none.
          let first = "\(j) / (2 * \(p)) == (\(j) + \(k)) / (2 * \(p)) ? \(j) : end\(low)"
          block(
            "for (\(type) \(low) = \(first); \(low) < end\(low); ++\(low))",
            binding: [network.low, network.high]
          ) { exchange(network, swaps) }
        }
      }
    }
  }

  /// Writes a network whose arrays are in local memory: a group's work-items take turns at the exchanges
  /// of each step, and meet after it.
  private func sortTogether(_ network: Network) {
    let (count, type) = (network.count, index.rawValue)
    for array in network.arrays {
      guard let value = graph.arrays[array].value, let variable = graph.arrays[array].variables.last
      else { continue }
      let name = sharedArray(array)
      overLanes(of: variable) { line("\(name)[\(variableName(variable))] = \(self.value(value));") }
      innermost.arrays[array] = name
    }
    line(KernelEmitter.barrier)
    guard count > 1, let swaps = network.swaps else { return }
    // The exponents of the runs that are merged and of the distance between the places compared.
    let (p, k, t) = (freshName("p"), freshName("k"), freshName("t"))
    let (row, low) = (freshName("j"), freshName("i"))
    block("for (int \(p) = 0; ((\(type))1 << \(p)) < \(count); ++\(p))", binding: []) {
      block("for (int \(k) = \(p); \(k) >= 0; --\(k))", binding: []) {
        let distance = freshName("d")
        line("const \(type) \(distance) = (\(type))1 << \(k);")
        let end = "((\(count) >> (\(k) + 1)) + 1) << \(k)"
        let turns = "\(type) \(t) = lane; \(t) < (\(end)); \(t) += \(laneCount)"
        block("for (\(turns))", binding: []) {
          let first = "(\(t) >> \(k) << (\(k) + 1)) + (\(k) == \(p) ? 0 : \(distance))"
          line("const \(type) \(row) = \(first);")
          line("const \(type) \(low) = \(row) + (\(t) & (\(distance) - 1));")
          variableNames[EmissionScope.Copy(variable: network.low, number: 0)] = low
          variableNames[EmissionScope.Copy(variable: network.high, number: 0)] =
            "(\(low) + \(distance))"
          // A row that crosses from one pair of runs to the next is none.
          let isRow = "\(row) >> (\(p) + 1) == (\(row) + \(distance)) >> (\(p) + 1)"
          block(
            "if (\(low) + \(distance) < \(count) && \(isRow))",
            binding: [network.low, network.high]
          ) { exchange(network, swaps) }
        }
        line(KernelEmitter.barrier)
      }
    }
  }

  private func exchange(_ network: Network, _ swaps: Expression) {
    var pairs: [(array: Int, low: String, high: String)] = []
    for array in network.arrays {
      let name = name(ofArray: array)
      let type = arrayType(array)
      func element(_ variable: LoopVariable) -> String {
        let own = freshName("v")
        line("const \(type.name) \(own) = \(name)[\(variableName(variable))];")
        return own
      }
      pairs.append((array, element(network.low), element(network.high)))
    }
    let test = value(swaps)
    let isVarying = varies(swaps)
    for (array, low, high) in pairs {
      let (name, type) = (name(ofArray: array), arrayType(array))
      func choose(_ a: String, _ b: String) -> String {
        isVarying ? type.select(test, a, b) : "(\(test) ? \(a) : \(b))"
      }
      line("\(name)[\(variableName(network.low))] = \(choose(high, low));")
      line("\(name)[\(variableName(network.high))] = \(choose(low, high));")
    }
  }

  /// Whether a sorted array differs from lane to lane: where the order does, all of them do.
  func networkVaries(_ id: Int, _ array: Int) -> Bool {
    if let known = varyingSlots[array] { return known }
    let network = graph.networks[id]
    for slot in network.arrays {
      varyingSlots[slot] = graph.arrays[slot].value.map(varies) ?? false
    }
    varyingMemo = [:]
    varyingReductions = [:]
    if network.swaps.map(varies) ?? false {
      for slot in network.arrays { varyingSlots[slot] = true }
    }
    varyingMemo = [:]
    varyingReductions = [:]
    return varyingSlots[array] ?? false
  }
}
