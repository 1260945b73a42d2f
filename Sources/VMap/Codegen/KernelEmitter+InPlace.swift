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
    nest(id, reduction.variables[...]) {
      for (slot, (root, element)) in zip(kernel.roots, reduction.types).enumerated() {
        let type = VectorType(element: element, width: isVector ? width : 1)
        let name = freshName("s")
        let text = load(root.buffer, replacement.offset, root.element, type)
        line("\(type.name) \(name) = \(text);")
        let node = graph.make(.accumulator(reduction: id, slot: slot, element))
        innermost.names[key(node)] = name
      }
      let values = reduction.step.map { operand($0, varying: isVector) }
      for (root, value) in zip(kernel.roots, values) {
        store(value, in: root, replacement, isVector: isVector)
      }
    }
  }

  private func store(
    _ value: String, in root: Kernel.Root, _ replacement: Kernel.Replacement, isVector: Bool
  ) {
    let buffer = "b\(root.buffer)"
    let type = VectorType(element: root.element, width: isVector ? width : 1)
    helpers.use(storageOf: type)
    guard isVector else {
      let stored = root.element == .bool ? "(uchar)(\(value) != 0)" : type.encoded(value)
      let place = "\(buffer)[\(indexText(replacement.offset))]"
      return line("if (\(self.value(replacement.covers))) \(place) = \(stored);")
    }
    let count = currentLaneCount() ?? "\(width)"
    if varies(replacement.covers) {
      let arguments =
        "\(indexVector(replacement.offset)), \(value), "
        + "\(self.value(replacement.covers)), \(count)"
      return line("\(helpers.name(.scatterMasked(index), type))(\(buffer), \(arguments));")
    }
    let text = stored(value, at: replacement.offset, in: buffer, type, count)
    line("if (\(self.value(replacement.covers))) \(text)")
  }
}
