/// What an iteration of a loop writes into its state.
extension KernelEmitter {
  /// Computes what is written; what comes back takes it over, after all of the iteration is computed.
  func prepared(_ write: ArrayWrite, into id: Int, _ mask: String?) -> () -> Void {
    let type = arrayType(id)
    guard let name = arrayName(id) else { return {} }
    let new = freshName("t")
    let count = write.variables.reduce(1) { $0 * (graph.extent(of: $1).constant ?? 1) }
    if write.variables.isEmpty {
      line("const \(type.name) \(new) = \(operand(write.value, varying: type.isVector));")
    } else {
      line("\(type.name) \(new)[\(max(1, count))];")
      nest(write.variables[...]) {
        let position = indexText(graph.rowMajor(write.variables))
        line("\(new)[\(position)] = \(operand(write.value, varying: type.isVector));")
      }
    }
    let place = place(of: write, mask)
    return { [self] in
      nest(write.variables[...]) {
        let position = graph.rowMajor(write.variables)
        let value = write.variables.isEmpty ? new : "\(new)[\(indexText(position))]"
        assign(value, into: id, name, place, indexText(write.distance(graph)))
      }
    }
  }

  /// Where a write goes, by names that stay what they are while state is taken over.
  private struct Place {
    /// The index of the first element, or those of the lanes.
    let base: String
    let baseVaries: Bool
    /// Whether anything is written at all; the lanes that write.
    let condition: String?
    let mask: String?
  }

  private func place(of write: ArrayWrite, _ mask: String?) -> Place {
    let baseVaries = width > 1 && varies(write.base)
    var base = "0"
    if baseVaries {
      base = indexVector(write.base)
    } else if graph.constant(write.base) != 0 {
      base = freshName("p")
      line("const \(index.rawValue) \(base) = \(indexText(write.base));")
    }
    var (condition, lanes): (String?, String?) = (nil, mask)
    if let covers = write.covers {
      let isMask = varies(covers)
      let name = freshName("w")
      let text = value(covers)
      line("const int\(isMask ? "\(width)" : "") \(name) = \(text);")
      if isMask { lanes = mask.map { "(\($0) & \(name))" } ?? name } else { condition = name }
    }
    return Place(base: base, baseVaries: baseVaries, condition: condition, mask: lanes)
  }

  private func assign(
    _ value: String, into id: Int, _ name: String, _ place: Place, _ distance: String
  ) {
    let type = arrayType(id)
    let condition = place.condition.map { "if (\($0)) " } ?? ""
    let isElement = graph.arrays[id].extents.isEmpty
    guard place.baseVaries else {
      let position = place.base == "0" ? distance : "\(place.base) + \(distance)"
      let old = isElement ? name : element(id, name, position)
      let isMasked = type.isVector && place.mask != nil
      let new = isMasked ? type.select(place.mask ?? "", value, old) : value
      return line("\(condition)\(old) = \(new);")
    }
    // Each lane writes to a place of its own.
    for lane in 0..<width {
      let component = VectorType.component(lane)
      let target = laneElement(
        id, name, "(\(place.base).\(component) + \(distance))", lane)
      let test = place.mask.map { "if (\($0).\(component)) " } ?? ""
      line("\(condition)\(test)\(target) = \(value).\(component);")
    }
  }
}

extension ExpressionGraph {
  /// The number of an iteration of loops inside each other.
  fileprivate func rowMajor(_ variables: [LoopVariable]) -> Expression {
    rowMajor(variables.map(index), variables.map(extent(of:)))
  }
}

extension ArrayWrite {
  /// How far from the first element the one of an iteration lies.
  fileprivate func distance(_ graph: ExpressionGraph) -> Expression {
    zip(variables, strides).reduce(graph.index(0)) { distance, loop in
      graph.add(distance, graph.multiply(graph.index(loop.0), loop.1))
    }
  }
}
