extension LoopBuilder {
  /// Runs a loop on private state: while the condition holds, the state is replaced.
  ///
  /// - Parameters:
  ///   - state: The per-example type of each slot, with constant extents.
  ///   - initial: The element of a slot before the first iteration.
  ///   - condition: Whether to go on, from the state.
  ///   - update: What an iteration makes of each slot.
  /// - Returns: Readers of the final state.
  func iterate(
    state: [TensorType],
    initial: (_ slot: Int, _ index: [Expression]) -> Expression,
    condition: (_ state: [ElementReader]) -> Expression,
    update: (_ state: [ElementReader]) -> [StateUpdate]
  ) -> [ElementReader] {
    let id = graph.iterations.count
    let first = graph.arrays.count
    // The state of a complex number is two arrays.
    let types = state.map(\.element)
    let slots = state.indices.flatMap { slot in
      (0..<types[slot].partCount).map { part in (slot: slot, part: part) }
    }
    let arrays = slots.indices.map { first + $0 }
    let variable = graph.makeVariable(isBranch ? .constant(1) : .symbol(Symbol(id: -1)))
    graph.iterations.append(Iteration(arrays: arrays, variable: variable))
    // Slots of one shape have the same loops: what they have in common is computed once.
    var loops: [[Int]: [LoopVariable]] = [:]
    for (slot, _) in slots {
      let shape = state[slot].shape
      let isRows = shape.hasRagged
      let variables =
        isRows ? [] : loops[shape] ?? shape.map { graph.makeVariable(.constant($0)) }
      loops[shape] = variables
      graph.arrays.append(
        LocalArray(
          element: types[slot].part, extents: shape, variables: variables, iteration: id,
          isRows: isRows))
    }
    /// An index in a slot's array.
    func place(_ index: [Expression], in slot: Int) -> [Expression] {
      guard let axis = state[slot].shape.first?.raggedAxis else { return index }
      return [row(index[0], along: axis)] + index.dropFirst()
    }
    func readers(_ phase: LocalPhase) -> [ElementReader] {
      types.indices.map { slot in
        let own = arrays.filter { slots[$0 - first].slot == slot }
        return { [graph] index in
          graph.element(
            types[slot],
            from: own.map { graph.read(array: $0, at: place(index, in: slot), phase) })
        }
      }
    }
    let current = readers(.iterating)
    for (array, (slot, part)) in zip(arrays, slots) where !graph.arrays[array].isRows {
      let index = graph.arrays[array].variables.map(graph.index)
      graph.arrays[array].value = graph.parts(of: initial(slot, index))[part]
    }
    graph.openIterations.append(variable)
    let condition = condition(current)
    graph.iterations[id].condition = condition
    let next = update(current)
    let updates = zip(arrays, slots).map { array, slot in
      writes(into: array, next[slot.slot], part: slot.part) { place($0, in: slot.slot) }
    }
    let sources = zip(arrays, slots).map { source(of: $0, next[$1.slot], part: $1.part) }
    graph.openIterations.removeLast()
    graph.iterations[id].updates = updates
    graph.iterations[id].sources = sources
    // A loop inside another runs only when the outer one does: it might not end otherwise.
    var free = graph.variables[condition.id]
    if let outer = graph.openIterations.last { free.insert(outer) }
    for source in sources.compactMap({ $0 }) {
      free.formUnion(graph.arrays[source].iteration.map { graph.iterations[$0].free } ?? [])
    }
    for (array, writes) in zip(arrays, updates) {
      let array = graph.arrays[array]
      if let value = array.value {
        free.formUnion(graph.variables[value.id].subtracting(array.variables))
      }
      for write in writes {
        for expression in write.expressions {
          free.formUnion(graph.variables[expression.id].subtracting(write.variables))
        }
      }
    }
    graph.iterations[id].free = free.subtracting([variable])
    return readers(.complete)
  }

  /// What an iteration writes into the array of one part of a slot's elements.
  ///
  /// - Parameter place: What an index of the slot is in the array.
  private func writes(
    into array: Int, _ update: StateUpdate, part: Int, _ place: ([Expression]) -> [Expression]
  ) -> [ArrayWrite] {
    let array = graph.arrays[array]
    switch update {
    case .elements(let reader):
      // Rows are written by windows alone; what else would be, is read for those who want to know.
      let index = array.isRows ? array.extents.map { _ in graph.index(0) } : nil
      let element = reader(index ?? array.variables.map(graph.index))
      return [
        ArrayWrite(
          variables: array.variables,
          strides: array.isRows ? [] : array.extents.rowMajorStrides,
          base: graph.index(0), covers: nil, value: graph.parts(of: element)[part])
      ]
    case .windows(let windows, _):
      return windows.map { window in
        ArrayWrite(
          variables: window.variables,
          strides: window.dimensions.map { array.extents.rowMajorStrides[$0] },
          base: graph.rowMajor(place(window.start), array.extents.map(Extent.constant)),
          covers: window.covers, value: graph.parts(of: window.value)[part])
      }
    }
  }

  /// The state of a loop inside that an array takes over.
  private func source(of array: Int, _ update: StateUpdate, part: Int) -> Int? {
    guard case .windows(_, let reader?) = update else { return nil }
    let first = graph.arrays[array].extents.map { _ in graph.index(0) }
    guard case .local(let source, _, .complete, _) = graph[graph.parts(of: reader(first))[part]]
    else { return nil }
    return source
  }
}

/// What an iteration of a loop makes of one tensor of its state.
enum StateUpdate {
  case elements(ElementReader)
  /// Windows are replaced one after another; the rest stays as it is, or as a loop inside has left it.
  case windows([ReplacedWindow], of: ElementReader?)
}

extension [Int] {
  /// How far apart elements lie along each dimension of an array of this shape, in row-major order.
  var rowMajorStrides: [Int] {
    indices.map { self[($0 + 1)...].saturatingProduct() }
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
