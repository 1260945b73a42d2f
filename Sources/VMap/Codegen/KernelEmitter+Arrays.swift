/// Where private arrays are: in the work-item, or in memory of all work-items.
extension KernelEmitter {
  /// The declaration of an array of more than one element.
  func declaration(of id: Int, _ type: VectorType, _ name: String) -> String {
    if let place = graph.arrays[id].place {
      return "global \(VectorType.scalarName(graph.arrays[id].element))* const \(name) = "
        + "\(self.name(ofBuffer: place.buffer)) + \(indexText(place.first));"
    }
    let count = max(1, graph.arrays[id].count)
    if isRow(id) {
      // The last vector may end beyond the array; the next row, if there is one, is written over it.
      let bytes = graph.arrays[id].element.computeType.byteCount * width
      return "\(type.name) \(name)[\(count + width)] __attribute__((aligned(\(bytes))));"
    }
    guard let scratch = kernel.scratch(of: id) else { return "\(type.name) \(name)[\(count)];" }
    // Lanes are places of their own there.
    arguments.indices.insert(graph.index(scratch.count))
    let item = kernel.isGroups ? "get_global_id(0)" : "(size_t)g"
    let first = scratch.isInterleaved ? item : "\(item) * \(count)"
    return "global \(type.name)* const \(name) = "
      + "(global \(type.name)*)\(self.name(ofBuffer: scratch.buffer)) + \(first);"
  }

  /// Whether lanes are the elements of an array: it is filled in vectors, and read so by loops that
  /// go along it.
  func isRow(_ id: Int) -> Bool {
    let array = graph.arrays[id]
    guard array.isStage, kernel.lanes == .inner, width > 1, let last = array.variables.last else {
      return false
    }
    return kernel.laneVariables.contains(last)
  }

  /// Whether the lanes of an index are the elements of a vector that was written as one.
  func isAlongRow(_ index: Expression, _ array: LocalArray) -> Bool {
    guard let lane, let length = array.extents.last,
      graph.stride(index, along: lane) == .by(graph.index(1))
    else { return false }
    let own = graph.index(lane)
    return graph.terms(index).allSatisfy { term in
      term.atoms == [own] ? term.coefficient == 1 : term.coefficient % length == 0
    }
  }

  /// An element of an array, or a vector of those of all lanes.
  func element(_ id: Int, _ name: String, _ position: String) -> String {
    kernel.scratch(of: id)?.isInterleaved == true
      ? "\(name)[(size_t)(\(position)) * get_global_size(0)]" : "\(name)[\(position)]"
  }

  /// The element of one lane, of an array that has vectors.
  func laneElement(_ id: Int, _ name: String, _ position: String, _ lane: Int) -> String {
    let space = kernel.scratch(of: id) == nil ? "private" : "global"
    let scalar = VectorType.scalarName(graph.arrays[id].element)
    return "((\(space) \(scalar)*)\(name))[\(position) * \(width) + \(lane)]"
  }
}
