/// The partial results of a reduction: variables, or elements of arrays where they are many.
extension KernelEmitter {
  struct Partials {
    let id: Int
    let count: Int
    /// Whether each copy has an array for each slot.
    let isArray: Bool
    let names: Accumulators
  }

  /// Arrays of accumulators, one for each slot.
  func declareArrays(_ id: Int, _ count: Int, isOverLanes: Bool) -> [String] {
    let number = freshName("r")
    var names: [String] = []
    var starts: [String] = []
    for slot in graph.reductions[id].types.indices {
      let type = accumulatorType(id, slot, isOverLanes: isOverLanes)
      let initial = operand(graph.reductions[id].initial[slot], varying: type.isVector)
      names.append(freshName("s"))
      line("\(type.name) \(names[slot])[\(count)];")
      starts.append("\(names[slot])[\(number)] = \(initial);")
    }
    block("for (int \(number) = 0; \(number) < \(count); ++\(number))", binding: []) {
      starts.forEach(line)
    }
    return names
  }

  /// One step of all copies, of the partial results at a place in the arrays.
  func step(_ id: Int, at place: String, in arrays: Accumulators, valid: String? = nil) {
    var own: Accumulators = [:]
    var stores: [String] = []
    forEachCopy(of: graph.reductions[id].free) {
      own[slotKey(id)] = arrays[slotKey(id)]?.enumerated().map { slot, array in
        let name = freshName("t")
        let type = accumulatorType(id, slot, isOverLanes: false)
        line("\(type.name) \(name) = \(array)[\(place)];")
        stores.append("\(array)[\(place)] = \(name);")
        return name
      }
    }
    step(id, number: 0, own, valid: valid)
    stores.forEach(line)
  }
}
