@testable import VMap

/// Gather, scatter and dynamic slices, written down as StableHLO's specification does.
extension OperationMeaning {
  static func gather(
    _ operation: Gather, _ x: ReferenceTensor, _ indices: ReferenceTensor
  ) -> ReferenceTensor {
    let numbers = operation.dimensions
    let own = x.shape.indices.filter {
      !numbers.collapsed.contains($0) && !numbers.operandBatching.contains($0)
    }
    var shape = indices.shape
    if numbers.vector < shape.count { shape.remove(at: numbers.vector) }
    for (dimension, position) in zip(own, numbers.window) {
      shape.insert(operation.sizes[dimension], at: position)
    }
    return ReferenceTensor(x.element, shape) { index in
      let (batch, offsets) = Self.split(index, numbers.window)
      var source = [Int](repeating: 0, count: x.shape.count)
      var isCertain = true
      for dimension in x.shape.indices {
        if let number = numbers.indexed.firstIndex(of: dimension) {
          let start = Self.number(number, of: batch, numbers.vector, indices)
          isCertain = isCertain && start.isCertain
          let last = Int128(x.shape[dimension] - operation.sizes[dimension])
          source[dimension] = Int(min(max(0, start.value), last))
        }
        if let pair = numbers.operandBatching.firstIndex(of: dimension) {
          let position = numbers.indexBatching[pair]
          source[dimension] = batch[position - (numbers.vector < position ? 1 : 0)]
        }
      }
      for (dimension, offset) in zip(own, offsets) { source[dimension] += offset }
      var element = x[source]
      if !isCertain { element.bound = .infinity }
      return element
    }
  }

  /// All results of a scatter.
  ///
  /// - Parameter combine: The function of elements, of those there and those of the updates.
  static func scatter(
    _ operation: Scatter, _ operands: [ReferenceTensor],
    _ combine: ([ReferenceScalar]) throws -> [ReferenceScalar]
  ) throws -> [ReferenceTensor] {
    let numbers = operation.dimensions
    let count = operands.count / 2
    var results = Array(operands[..<count])
    let (indices, updates) = (operands[count], Array(operands[(count + 1)...]))
    let shape = results[0].shape
    let own = shape.indices.filter {
      !numbers.collapsed.contains($0) && !numbers.operandBatching.contains($0)
    }
    var isCertain = true
    // The windows in the order of their indices; inside one no element comes twice.
    let rank = updates[0].shape.count
    let order = (0..<rank).filter { !numbers.window.contains($0) } + numbers.window
    try ReferenceTensor.forEachIndex(of: order.map { updates[0].shape[$0] }) { ordered in
      var index = ordered
      for (dimension, position) in zip(order, ordered) { index[dimension] = position }
      let (batch, offsets) = Self.split(index, numbers.window)
      var place = [Int128](repeating: 0, count: shape.count)
      var isInside = true
      for (number, dimension) in numbers.indexed.enumerated() {
        let start = Self.number(number, of: batch, numbers.vector, indices)
        isCertain = isCertain && start.isCertain
        place[dimension] = start.value
        let own = own.firstIndex(of: dimension).map { updates[0].shape[numbers.window[$0]] } ?? 1
        isInside =
          isInside && start.value >= 0 && start.value + Int128(own) <= Int128(shape[dimension])
      }
      for (dimension, position) in zip(numbers.operandBatching, numbers.indexBatching) {
        place[dimension] = Int128(batch[position - (numbers.vector < position ? 1 : 0)])
      }
      for (dimension, offset) in zip(own, offsets) { place[dimension] += Int128(offset) }
      // A window is dropped as a whole, as XLA has it.
      guard isInside else { return }
      let position = zip(place, shape).reduce(0) { $0 * $1.1 + Int($1.0) }
      let new = try combine(
        results.map { $0.values[position] } + updates.map { $0[index] })
      for number in results.indices { results[number].values[position] = new[number] }
    }
    if !isCertain {
      for number in results.indices {
        for position in results[number].values.indices {
          results[number].values[position].bound = .infinity
        }
      }
    }
    return results
  }

  static func dynamicSlice(
    _ operation: DynamicSlice, _ x: ReferenceTensor, _ starts: ArraySlice<ReferenceTensor>
  ) -> ReferenceTensor {
    let starts = Self.starts(starts, x.shape, operation.sizes)
    return ReferenceTensor(x.element, operation.sizes) { index in
      var element = x[zip(starts.values, index).map { $0 + $1 }]
      if !starts.areCertain { element.bound = .infinity }
      return element
    }
  }

  static func dynamicUpdateSlice(
    _ x: ReferenceTensor, _ update: ReferenceTensor, _ starts: ArraySlice<ReferenceTensor>
  ) -> ReferenceTensor {
    let starts = Self.starts(starts, x.shape, update.shape)
    var result = x
    ReferenceTensor.forEachIndex(of: update.shape) { index in
      let position = zip(zip(starts.values, index), x.shape).reduce(0) {
        $0 * $1.1 + $1.0.0 + $1.0.1
      }
      result.values[position] = update[index]
    }
    if !starts.areCertain {
      for position in result.values.indices { result.values[position].bound = .infinity }
    }
    return result
  }

  private static func starts(
    _ starts: ArraySlice<ReferenceTensor>, _ shape: [Int], _ sizes: [Int]
  ) -> (values: [Int], areCertain: Bool) {
    let values = zip(starts, zip(shape, sizes)).map { start, sizes in
      Int(
        min(max(0, start.element.integer(start.values[0].bits)), Int128(sizes.0 - sizes.1)))
    }
    return (values, starts.allSatisfy { $0.values[0].isCertain })
  }

  /// An index of the windows' tensor as that of a window and that in it.
  private static func split(_ index: [Int], _ window: [Int]) -> (batch: [Int], inside: [Int]) {
    let batch = index.indices.filter { !window.contains($0) }.map { index[$0] }
    return (batch, window.map { index[$0] })
  }

  /// One number of an index vector.
  private static func number(
    _ number: Int, of batch: [Int], _ vector: Int, _ indices: ReferenceTensor
  ) -> (value: Int128, isCertain: Bool) {
    var index = batch
    if vector < indices.shape.count { index.insert(number, at: vector) }
    let scalar = indices[index]
    return (indices.element.integer(scalar.bits), scalar.isCertain)
  }
}
