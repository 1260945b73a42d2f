extension KernelEmitter {
  /// Whether the lanes are the work-items of a group, each of which holds the scalars of its own.
  var isGroup: Bool { kernel.lanes == .group }

  /// How many lanes there are.
  var laneCount: Int { kernel.schedule.laneCount }

  /// Partial results in local memory: those of one slot of reductions.
  struct PartialResults: Hashable {
    let element: ElementType
    let slot: Int
    /// Whether it is for every second reduction.
    let isSecond: Bool
  }

  static let barrier = "barrier(CLK_LOCAL_MEM_FENCE);"

  /// Merges the partial results of a group's work-items, by halves as those of a vector's lanes, and
  /// lets all of them know what comes out.
  ///
  /// Two sets of local memory take turns: who writes into one again has passed the barriers of the
  /// other, so nobody still reads it.
  func mergeGroup(_ id: Int, _ own: [String]) -> [String] {
    let types = graph.reductions[id].types.map { VectorType(element: $0, width: 1) }
    groupMerges += 1
    let memory = types.enumerated().map { slot, type in
      partialResults(
        PartialResults(element: type.element, slot: slot, isSecond: groupMerges % 2 == 0))
    }
    func read(_ position: String) -> [String] {
      zip(memory, types).map { memory, type in
        let name = freshName("v")
        line("const \(type.name) \(name) = \(memory)[\(position)];")
        return name
      }
    }
    func write(_ values: [String]) {
      for (memory, value) in zip(memory, values) { line("\(memory)[lane] = \(value);") }
    }
    write(own)
    line(KernelEmitter.barrier)
    var lanes = laneCount
    while lanes > 1 {
      lanes /= 2
      block("if (lane < \(lanes))", binding: []) {
        write(merge(id, read("lane"), read("lane + \(lanes)"), 1))
      }
      line(KernelEmitter.barrier)
    }
    return read("0")
  }

  private func partialResults(_ results: PartialResults) -> String {
    if let name = localMemory.first(where: { $0.results == results })?.name { return name }
    let name = freshName("p")
    localMemory.append((results, name))
    return name
  }

  /// The local memory in which an array is that a group shares.
  func sharedArray(_ id: Int) -> String {
    if let known = sharedArrays.first(where: { $0.array == id })?.name { return known }
    let name = freshName("a")
    sharedArrays.append((id, name))
    return name
  }

  /// The local memory of the kernel, and which work-item of its group this is.
  func groupHeader() -> String {
    let memory = localMemory.map { results, name in
      let type = VectorType(element: results.element, width: 1)
      return "  local \(type.name) \(name)[\(laneCount)];\n"
    }
    let arrays = sharedArrays.map { id, name in
      let type = VectorType(element: graph.arrays[id].element, width: 1)
      return "  local \(type.name) \(name)[\(graph.arrays[id].count)];\n"
    }
    return memory.joined() + arrays.joined() + stageMemory()
      + "  const \(index.rawValue) g = get_group_id(0);\n"
      + "  const int lane = get_local_id(0);\n"
  }
}
