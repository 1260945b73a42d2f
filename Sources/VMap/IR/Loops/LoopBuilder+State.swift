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
    let arrays = state.indices.map { first + $0 }
    let variable = graph.makeVariable(.symbol(Symbol(id: -1)))
    graph.iterations.append(Iteration(arrays: arrays, variable: variable))
    for type in state {
      let variables = type.shape.map { graph.makeVariable(.constant($0)) }
      graph.arrays.append(
        LocalArray(
          element: type.element, extents: type.shape, variables: variables, iteration: id))
    }
    func readers(_ phase: LocalPhase) -> [ElementReader] {
      arrays.map { array in
        { [graph] index in graph.read(array: array, at: index, phase) }
      }
    }
    let current = readers(.iterating)
    for (slot, array) in arrays.enumerated() {
      let index = graph.arrays[array].variables.map(graph.index)
      graph.arrays[array].value = initial(slot, index)
    }
    graph.openIterations.append(variable)
    let condition = condition(current)
    graph.iterations[id].condition = condition
    let next = update(current)
    var updates: [Expression?] = []
    for (slot, array) in arrays.enumerated() {
      updates.append(next[slot]?(graph.arrays[array].variables.map(graph.index)))
    }
    graph.openIterations.removeLast()
    graph.iterations[id].updates = updates
    // A loop inside another runs only when the outer one does: it might not end otherwise.
    var free = graph.variables[condition.id]
    if let outer = graph.openIterations.last { free.insert(outer) }
    for (slot, array) in arrays.enumerated() {
      for expression in [graph.arrays[array].value, updates[slot]].compactMap({ $0 }) {
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
