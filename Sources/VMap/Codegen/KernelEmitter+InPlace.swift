/// Elements that are replaced one after another where they are stored.
extension KernelEmitter {
  /// Writes the replacements of a work-item, after it has stored its elements.
  ///
  /// With lanes along a loop that work-items share out, each lane replaces elements of its own; inside
  /// of other loops the order is that of one work-item without lanes.
  func replace(_ replacement: Kernel.Replacement) {
    let id = replacement.reduction
    let reduction = graph.reductions[id]
    let isVector = width > 1 && lane != nil
    // The elements there are as different as their places.
    if let lane, isVector { varyingReductions[lane, default: [:]][id] = true }
    // Each accumulator is a number somewhere: an element, or a part of a complex one.
    let places = kernel.roots.flatMap { root in
      (0..<root.element.partCount).map { part in
        (
          buffer: root.buffer, type: root.element.part,
          offset: graph.partOffset(replacement.offset, part, of: root.element)
        )
      }
    }
    nest(id, reduction.variables[...]) {
      for (slot, place) in places.enumerated() {
        let type = VectorType(element: place.type, width: isVector ? width : 1)
        helpers.use(storageOf: type)
        let name = freshName("s")
        let text = load(place.buffer, place.offset, place.type, type, isShared: false)
        line("\(type.name) \(name) = \(text);")
        let node = graph.make(.accumulator(reduction: id, slot: slot, place.type))
        innermost.names[key(node)] = name
      }
      let values = reduction.step.map { operand($0, varying: isVector) }
      for (place, value) in zip(places, values) {
        let type = VectorType(element: place.type, width: isVector ? width : 1)
        let buffer = "b\(place.buffer)"
        let text =
          isVector
          ? storedVector(value, at: place.offset, in: buffer, type, if: replacement.covers)
          : stored(value, at: place.offset, in: buffer, type)
        let isMasked = isVector && varies(replacement.covers)
        line(isMasked ? text : "if (\(self.value(replacement.covers))) \(text)")
      }
    }
  }

  private func stored(
    _ value: String, at offset: Expression, in buffer: String, _ type: VectorType
  ) -> String {
    let stored = type.element == .bool ? "(uchar)(\(value) != 0)" : type.encoded(value)
    return "\(buffer)[\(indexText(offset))] = \(stored);"
  }

  /// The store of a vector whose lanes go to places of their own: where the mask says so, if it differs
  /// from lane to lane.
  private func storedVector(
    _ value: String, at offset: Expression, in buffer: String, _ type: VectorType,
    if mask: Expression
  ) -> String {
    let count = currentLaneCount() ?? "\(width)"
    if varies(mask) {
      let places = indexVector(offset)
      return "\(helpers.name(.scatterMasked(index), type))"
        + "(\(buffer), \(places), \(value), \(self.value(mask)), \(count));"
    }
    let pointer = "\(buffer) + \(indexText(offset))"
    switch lane.map({ graph.stride(offset, along: $0, ofVectors: width) }) ?? .none {
    case .by(let distance) where graph.constant(distance) == 1:
      return "\(helpers.name(.store, type))(\(pointer), \(value), \(count));"
    case .by(let distance):
      return "\(helpers.name(.storeStrided(index), type))"
        + "(\(pointer), \(indexText(distance)), \(value), \(count));"
    default:
      let places = indexVector(offset)
      return "\(helpers.name(.scatter(index), type))"
        + "(\(buffer), \(places), \(value), \(count));"
    }
  }
}
