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
    // Each accumulator is a number somewhere: an element, or a part of a complex one.
    let places = kernel.roots.flatMap { root in
      (0..<root.element.partCount).map { part in
        (
          buffer: root.buffer, type: root.element.part,
          offset: graph.partOffset(replacement.offset, part, of: root.element)
        )
      }
    }
    // What no work-item shares out is gone through for each window, innermost: elements keep their order.
    let serial = kernel.roots[0].serial.filter(reduction.free.contains)
    nest(id, reduction.variables + serial) {
      for (slot, place) in places.enumerated() {
        let type = VectorType(element: place.type, width: isVector ? width : 1)
        helpers.use(storageOf: type)
        let name = freshName("s")
        let text = load(place.buffer, place.offset, place.type, type, isShared: false)
        line("\(type.name) \(name) = \(text);")
        let node = graph.make(.accumulator(reduction: id, slot: slot, place.type))
        innermost.names[key(node)] = name
      }
      replacedReduction = id
      defer { replacedReduction = nil }
      let values = reduction.step.map { operand($0, varying: isVector) }
      for (place, value) in zip(places, values) {
        let type = VectorType(element: place.type, width: isVector ? width : 1)
        if isVector, varies(replacement.covers) {
          line(
            storedVector(value, at: place.offset, in: place.buffer, type, if: replacement.covers))
        } else {
          let text =
            isVector
            ? storedVector(value, at: place.offset, in: place.buffer, type)
            : stored(value, at: place.offset, in: place.buffer, type)
          line("if (\(self.value(replacement.covers))) \(text)")
        }
      }
    }
  }

  /// The statement that stores those lanes for which a mask holds, each in a place of its own.
  private func storedVector(
    _ value: String, at offset: Expression, in buffer: ValueID, _ type: VectorType,
    if mask: Expression
  ) -> String {
    let count = currentLaneCount() ?? "\(width)"
    let places = indexVector(offset)
    return "\(helpers.name(.scatterMasked(index), type))"
      + "(\(name(ofBuffer: buffer)), \(places), \(value), \(self.value(mask)), \(count));"
  }

  /// Whether an expression is made of the element that is being replaced.
  func readsReplaced(_ expression: Expression) -> Bool {
    guard let replacedReduction else { return false }
    var known: [Expression: Bool] = [:]
    func visit(_ expression: Expression) -> Bool {
      if let result = known[expression] { return result }
      let result: Bool
      switch graph[expression] {
      case .accumulator(let id, _, _): result = id == replacedReduction
      default: result = graph.operands(of: graph[expression]).contains(where: visit)
      }
      known[expression] = result
      return result
    }
    return visit(expression)
  }
}
