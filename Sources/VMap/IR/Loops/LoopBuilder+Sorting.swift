extension LoopBuilder {
  /// The places of elements in sorted order: a reader of where the element for a position lies.
  ///
  /// Elements that come before none of each other keep their order.
  ///
  /// - Parameters:
  ///   - count: How many elements there are.
  ///   - types: The types of what an element consists of.
  ///   - element: A slot of an element.
  ///   - isBefore: Whether one element comes before another one.
  func sortedPlaces(
    _ count: Int, _ types: [ElementType],
    element: (_ slot: Int, _ index: Expression) -> Expression,
    isBefore compare: (_ a: [Expression], _ b: [Expression]) -> Expression
  ) -> (_ position: Expression) -> Expression {
    hasReduced = true
    // A complex number is two real ones.
    let slots = types.indices.flatMap { slot in types[slot].parts.indices.map { (slot, $0) } }
    func part(_ number: Int, _ index: Expression) -> Expression {
      let (slot, part) = slots[number]
      return graph.parts(of: element(slot, index))[part]
    }
    func isBefore(_ a: [Expression], _ b: [Expression]) -> Expression {
      compare(graph.elements(of: types, from: a), graph.elements(of: types, from: b))
    }
    let parts = types.flatMap(\.parts)
    let id = graph.networks.count
    let low = graph.makeVariable(.constant(count))
    let high = graph.makeVariable(.constant(count))
    graph.networks.append(Network(arrays: [], count: count, low: low, high: high))
    func makeArray(_ type: ElementType) -> Int {
      graph.arrays.append(
        LocalArray(
          element: type, extents: [count], variables: [graph.makeVariable(.constant(count))],
          network: id))
      return graph.arrays.count - 1
    }
    func read(_ array: Int, _ variable: LoopVariable) -> Expression {
      graph.read(array: array, at: [graph.index(variable)], .iterating)
    }
    func fill(_ array: Int, _ value: (_ index: Expression) -> Expression) {
      graph.arrays[array].value = value(graph.index(graph.arrays[array].variables[0]))
    }
    var keys = parts.map(makeArray)
    func order(_ a: LoopVariable, _ b: LoopVariable) -> Expression {
      isBefore(keys.map { read($0, a) }, keys.map { read($0, b) })
    }
    var (forward, backward) = (order(low, high), order(high, low))
    if let key = sharedKey(forward, backward) {
      // What the comparison makes of each element alone is made once, and sorted in its place.
      let type = graph.elementType(of: key.low) ?? .int32
      let array = makeArray(type)
      fill(array) { index in
        let other = keys.map { read($0, high) }
        let made = isBefore(parts.indices.map { part($0, index) }, other)
        guard case .apply(_, let operands, _) = graph[made] else { return made }
        return operands[0]
      }
      keys = [array]
      let (a, b) = (read(array, low), read(array, high))
      forward = apply(key.function, [a, b], .bool)
      backward = apply(key.function, [b, a], .bool)
    } else {
      let used = keys.indices.filter { usesArray(keys[$0], in: forward) }
      for number in used { fill(keys[number]) { part(number, $0) } }
      keys = used.map { keys[$0] }
    }
    let places = makeArray(.int32)
    fill(places) { self.element($0, .int32) }
    let isLater = apply(.less, [read(places, high), read(places, low)], .bool)
    let ties = apply(.and, [apply(.not, [forward], .bool), isLater], .bool)
    let swaps = apply(.or, [backward, ties], .bool)
    let arrays = keys + [places]
    var free = graph.variables[swaps.id]
    for array in arrays {
      guard let value = graph.arrays[array].value else { continue }
      free.formUnion(graph.variables[value.id].subtracting(graph.arrays[array].variables))
    }
    var network = Network(arrays: arrays, count: count, low: low, high: high)
    network.swaps = swaps
    network.free = free.subtracting([low, high])
    graph.networks[id] = network
    return { [graph] position in
      graph.make(.index(of: graph.read(array: places, at: [position], .complete)))
    }
  }

  /// The function that compares what is made of each of two elements alone in the same way.
  private func sharedKey(
    _ forward: Expression, _ backward: Expression
  ) -> (function: ScalarFunction, low: Expression)? {
    guard case .apply(let function, let a, _) = graph[forward], a.count == 2,
      case .apply(function, let b, _) = graph[backward], a[0] == b[1], a[1] == b[0], a[0] != a[1],
      graph.variables[a[0].id].isDisjoint(with: graph.variables[a[1].id])
    else { return nil }
    return (function, a[0])
  }

  private func usesArray(_ array: Int, in expression: Expression) -> Bool {
    if case .local(array, _, _, _) = graph[expression] { return true }
    return graph.operands(of: graph[expression]).contains { usesArray(array, in: $0) }
  }
}
