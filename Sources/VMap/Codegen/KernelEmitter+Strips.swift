/// Kernels whose work-items take strips of a loop: many vectors side by side, with the accumulators
/// in a private array, so that memory is read in long runs.
extension KernelEmitter {
  /// What is known of the strip of this work-item, by name.
  struct Strip {
    let variable: LoopVariable
    /// The first iteration, the number of all, and the strip's length and whole vectors.
    let base: String
    let extent: String
    let vectors: String
    let whole: String
  }

  /// Writes how long strips are: as ``Kernel/Strip`` computes it.
  func stripLength(_ strip: Kernel.Strip, _ extent: String) -> (vectors: String, items: String) {
    let (all, parts, vectors) = (freshName("q"), freshName("q"), freshName("q"))
    let type = index.rawValue
    let limit = strip.units * Kernel.Strip.capacity
    line("const \(type) \(all) = (\(extent) + \(width - 1)) / \(width);")
    line("const \(type) \(parts) = \(strip.units) * ((\(all) + \(limit - 1)) / \(limit));")
    line("const \(type) \(vectors) = (\(all) + \(parts) - 1) / \(parts);")
    return (vectors, "((\(all) + \(vectors) - 1) / \(vectors))")
  }

  /// Names the strip whose number is given.
  func bindStrip(_ strip: Kernel.Strip, number: String, vectors: String, extent: String) {
    let (base, whole) = (freshName("i"), freshName("n"))
    line("const \(index.rawValue) \(base) = \(number) * \(vectors) * \(width);")
    let rest = "(\(extent) - \(base)) / \(width)"
    line(
      "const int \(whole) = \(clamped(rest, to: index == .int32 ? "(int)\(vectors)" : vectors));")
    self.strip = Strip(
      variable: strip.variable, base: base, extent: extent, vectors: vectors, whole: whole)
  }

  /// Stores all roots for the whole vectors of a strip, and then for what is left of the last one.
  func store(_ strip: Strip, reduction id: Int) {
    let reduction = graph.reductions[id]
    let arrays = declare(strip, id)
    if let length = reduction.block {
      forEachBlock(of: reduction.variables[0], length) {
        let own = declare(strip, id)
        nest(id, reduction.variables.dropLast()) { sum(strip, id, into: own) }
        forEachVector(strip) { vector in
          let merged = merge(
            id, arrays.map { "\($0)[\(vector)]" }, own.map { "\($0)[\(vector)]" }, width)
          for (array, value) in zip(arrays, merged) { line("\(array)[\(vector)] = \(value);") }
        }
      }
    } else {
      nest(id, reduction.variables.dropLast()) { sum(strip, id, into: arrays) }
    }
    forEachVector(strip) { vector in
      for (slot, element) in reduction.types.enumerated() {
        let result = graph.make(.reduced(reduction: id, slot: slot, element))
        innermost.names[key(result)] = "\(arrays[slot])[\(vector)]"
      }
      kernel.roots.forEach(store)
    }
    let (rest, count) = (freshName("i"), freshName("count"))
    line("const \(index.rawValue) \(rest) = \(strip.base) + \(strip.whole) * \(width);")
    line("const int \(count) = \(clamped("\(strip.extent) - \(rest)", to: "\(width)"));")
    block(
      "if (\(strip.whole) < \(strip.vectors) && \(count) > 0)", binding: [strip.variable]
    ) {
      variableNames[EmissionScope.Copy(variable: strip.variable, number: 0)] = rest
      innermost.laneCount = count
      kernel.roots.forEach(store)
    }
  }

  /// Accumulators for all vectors of a strip, an array for each slot.
  private func declare(_ strip: Strip, _ id: Int) -> [String] {
    let reduction = graph.reductions[id]
    let arrays = reduction.types.map { element in
      let name = freshName("s")
      let type = VectorType(element: element, width: width)
      line("\(type.name) \(name)[\(Kernel.Strip.capacity)];")
      return name
    }
    forEachVector(strip) { vector in
      for (array, initial) in zip(arrays, reduction.initial) {
        line("\(array)[\(vector)] = \(operand(initial, varying: true));")
      }
    }
    return arrays
  }

  /// Writes the innermost loop of a reduction: a few of its rows for each vector in turn.
  private func sum(_ strip: Strip, _ id: Int, into arrays: [String]) {
    let reduction = graph.reductions[id]
    guard let last = reduction.variables.last else { return }
    let (start, extent) = range(of: last)
    let (name, rows) = (freshName("i"), 4)
    line("\(index.rawValue) \(name) = \(start);")
    copies[last] = rows
    block("for (; \(name) + \(rows) <= \(extent); \(name) += \(rows))", binding: [last]) {
      for number in 0..<rows {
        variableNames[EmissionScope.Copy(variable: last, number: number)] =
          number == 0 ? name : "(\(name) + \(number))"
      }
      step(strip, id, arrays, rows: 0..<rows)
    }
    copies[last] = nil
    copy[last] = nil
    block("for (; \(name) < \(extent); ++\(name))", binding: [last]) {
      step(strip, id, arrays, rows: 0..<1)
    }
  }

  private func step(_ strip: Strip, _ id: Int, _ arrays: [String], rows: Range<Int>) {
    guard let last = graph.reductions[id].variables.last else { return }
    forEachVector(strip) { vector in
      let own = zip(arrays, graph.reductions[id].types).map { array, element in
        let name = freshName("t")
        let type = VectorType(element: element, width: width)
        line("\(type.name) \(name) = \(array)[\(vector)];")
        return name
      }
      for row in rows {
        if rows.count > 1 { copy[last] = row }
        step(id, number: 0, [slotKey(id): own])
      }
      for (array, name) in zip(arrays, own) { line("\(array)[\(vector)] = \(name);") }
    }
  }

  private func forEachVector(_ strip: Strip, _ body: (_ vector: String) -> Void) {
    let (vector, position) = (freshName("v"), freshName("i"))
    block(
      "for (int \(vector) = 0; \(vector) < \(strip.whole); ++\(vector))",
      binding: [strip.variable]
    ) {
      line("const \(index.rawValue) \(position) = \(strip.base) + \(vector) * \(width);")
      variableNames[EmissionScope.Copy(variable: strip.variable, number: 0)] = position
      body(vector)
    }
  }
}
