extension LoopBuilder {
  /// Runs a loop on private state: while the condition holds, the state is replaced.
  ///
  /// - Parameters:
  ///   - state: The per-example type of each slot, with constant extents.
  ///   - initial: The element of a slot before the first iteration.
  ///   - condition: Whether to go on, from the state.
  ///   - update: Readers of the next state; nil for a slot that never changes.
  /// - Returns: Readers of the final state.
  func iterate(
    state: [TensorType],
    initial: (_ slot: Int, _ index: [Expression]) -> Expression,
    condition: (_ state: [ElementReader]) -> Expression,
    update: (_ state: [ElementReader]) -> [ElementReader?]
  ) -> [ElementReader] {
    let id = graph.iterations.count
    let first = graph.arrays.count
    // The state of a complex number is two arrays.
    let types = state.map(\.element)
    let slots = state.indices.flatMap { slot in
      (0..<types[slot].partCount).map { part in (slot: slot, part: part) }
    }
    let arrays = slots.indices.map { first + $0 }
    let variable = graph.makeVariable(.symbol(Symbol(id: -1)))
    graph.iterations.append(Iteration(arrays: arrays, variable: variable))
    for (slot, _) in slots {
      let shape = state[slot].shape
      let variables = shape.map { graph.makeVariable(.constant($0)) }
      graph.arrays.append(
        LocalArray(
          element: types[slot].part, extents: shape, variables: variables, iteration: id))
    }
    func readers(_ phase: LocalPhase) -> [ElementReader] {
      types.indices.map { slot in
        let own = arrays.filter { slots[$0 - first].slot == slot }
        return { [graph] index in
          graph.element(
            types[slot], from: own.map { graph.read(array: $0, at: index, phase) })
        }
      }
    }
    let current = readers(.iterating)
    for (array, (slot, part)) in zip(arrays, slots) {
      let index = graph.arrays[array].variables.map(graph.index)
      graph.arrays[array].value = graph.parts(of: initial(slot, index))[part]
    }
    graph.openIterations.append(variable)
    let condition = condition(current)
    graph.iterations[id].condition = condition
    let next = update(current)
    var updates: [Expression?] = []
    for (array, (slot, part)) in zip(arrays, slots) {
      let element = next[slot]?(graph.arrays[array].variables.map(graph.index))
      updates.append(element.map { graph.parts(of: $0)[part] })
    }
    graph.openIterations.removeLast()
    graph.iterations[id].updates = updates
    // A loop inside another runs only when the outer one does: it might not end otherwise.
    var free = graph.variables[condition.id]
    if let outer = graph.openIterations.last { free.insert(outer) }
    for (array, update) in zip(arrays, updates) {
      for expression in [graph.arrays[array].value, update].compactMap({ $0 }) {
        free.formUnion(graph.variables[expression.id].subtracting(graph.arrays[array].variables))
      }
    }
    graph.iterations[id].free = free.subtracting([variable])
    return readers(.complete)
  }
}

extension ExpressionGraph {
  /// The element of a private array.
  func read(array: Int, at index: [Expression], _ phase: LocalPhase) -> Expression {
    let offset = rowMajor(index, arrays[array].extents.map(Extent.constant))
    return make(.local(array: array, index: offset, phase: phase, arrays[array].element))
  }

  /// The offset of an index in row-major order.
  func rowMajor(_ index: [Expression], _ extents: [Extent]) -> Expression {
    var offset = self.index(0)
    for (i, extent) in zip(index, extents) {
      offset = add(multiply(offset, self.index(extent)), i)
    }
    return offset
  }
}
