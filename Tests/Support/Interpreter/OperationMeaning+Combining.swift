@testable import VMap

/// Elements combined or compared by functions, written down as StableHLO's specification has them.
extension OperationMeaning {
  typealias Function = ([ReferenceScalar]) throws -> [ReferenceScalar]

  /// All results of an operation whose regions are functions of elements.
  static func results(
    of operation: any Operation, _ operands: [ReferenceTensor], _ regions: [Function],
    as type: ElementType
  ) throws -> [ReferenceTensor] {
    switch operation {
    case let operation as ReduceWith: return try reduce(operation, operands, regions[0])
    case let operation as ReduceWindow:
      return try reduceWindow(operation.window, operands, regions[0])
    case let operation as SelectAndScatter:
      return [
        try selectAndScatter(
          operation.window, operands, select: regions[0], scatter: regions[1])
      ]
    case let operation as Sort: return try sort(operation, operands, regions[0])
    case is Map:
      let rows = try operands[0].values.indices.map { position in
        try regions[0](operands.map { $0.values[position] })[0]
      }
      return [ReferenceTensor(type, operands[0].shape, rows)]
    default: throw InterpreterError("the interpreter does not know \(operation.name)")
    }
  }

  /// All results of a reduction by any function.
  static func reduce(
    _ operation: ReduceWith, _ operands: [ReferenceTensor], _ combine: Function
  ) throws -> [ReferenceTensor] {
    let count = operands.count / 2
    let whole = operands[0].shape
    let kept = whole.indices.filter { !operation.dimensions.contains($0) }
    let shape = kept.map { whole[$0] }
    var results = (0..<count).map { number in
      ReferenceTensor(operands[number].element, shape) { _ in operands[count + number].values[0] }
    }
    // In row-major order, each element into the result that it belongs to.
    try ReferenceTensor.forEachIndex(of: whole) { index in
      let place = kept.reduce(0) { $0 * whole[$1] + index[$1] }
      let old = results.map { $0.values[place] }
      let new = try combine(old + operands[..<count].map { $0[index] })
      for number in 0..<count { results[number].values[place] = new[number] }
    }
    return results
  }

  /// All results of a reduction of windows: of slices of the padded tensors.
  static func reduceWindow(
    _ window: Window, _ operands: [ReferenceTensor], _ combine: Function
  ) throws -> [ReferenceTensor] {
    let count = operands.count / 2
    let initial = operands[count...].map { $0.values[0] }
    let padded = zip(operands, initial).map { pad($0, window, $1) }
    let shape = windowCounts(window, padded[0].shape)
    var results = operands[..<count].map { ReferenceTensor($0.element, shape, []) }
    try ReferenceTensor.forEachIndex(of: shape) { number in
      var accumulators = Array(initial)
      try ReferenceTensor.forEachIndex(of: window.size) { offset in
        let index = number.indices.map {
          number[$0] * window.strides[$0] + offset[$0] * window.windowDilation[$0]
        }
        accumulators = try combine(accumulators + padded.map { $0[index] })
      }
      for slot in 0..<count { results[slot].values.append(accumulators[slot]) }
    }
    return results
  }

  static func selectAndScatter(
    _ window: Window, _ operands: [ReferenceTensor], select: Function, scatter: Function
  ) throws -> ReferenceTensor {
    let (x, source) = (operands[0], operands[1])
    var result = ReferenceTensor(x.element, x.shape) { _ in operands[2].values[0] }
    // Every window gives its source to the place that it selects.
    try ReferenceTensor.forEachIndex(of: source.shape) { number in
      var selected: [Int]?
      try ReferenceTensor.forEachIndex(of: window.size) { offset in
        let index = number.indices.map {
          number[$0] * window.strides[$0] + offset[$0] - window.padding[$0][0]
        }
        guard zip(index, x.shape).allSatisfy({ (0..<$1).contains($0) }) else { return }
        guard let known = selected else { return selected = index }
        let keeps = try select([x[known], x[index]])[0]
        guard keeps.isCertain else {
          throw InterpreterError("rounding decides what is selected: choose other inputs")
        }
        if keeps.bits == 0 { selected = index }
      }
      guard let selected else { return }
      let place = zip(selected, x.shape).reduce(0) { $0 * $1.1 + $1.0 }
      result.values[place] = try scatter([result.values[place], source[number]])[0]
    }
    return result
  }

  static func cumulative(
    _ operation: Cumulative, _ x: ReferenceTensor
  ) throws -> ReferenceTensor {
    let name = "reduce_" + operation.kind.rawValue.dropFirst(3)
    return try ReferenceTensor(x.element, x.shape) { index in
      let size = x.shape[operation.dimension]
      let own = index[operation.dimension]
      let range = operation.isReversed ? Array((own..<size).reversed()) : Array(0...own)
      let elements = range.map { position in
        var index = index
        index[operation.dimension] = position
        return x[index]
      }
      if operation.kind == .logSumExp { return try logSumExp(elements, x.element) }
      return try Reductions.reduce(name, x.element, elements)
    }
  }

  /// One after another: log(eᵃ + eᵇ) of what was found so far and the next element.
  private static func logSumExp(
    _ elements: [ReferenceScalar], _ type: ElementType
  ) throws -> ReferenceScalar {
    func apply(_ name: String, _ x: ReferenceScalar...) throws -> ReferenceScalar {
      try ErrorBounds.apply(name, type, x)
    }
    return try elements.reduce(ReferenceScalar(bits: type.bits(-Double.infinity))) { a, b in
      let difference = try apply("sub", a, b)
      if type.number(difference.bits).isNaN { return try apply("add", a, b) }
      let distance = try apply("neg", apply("abs", difference))
      return try apply("add", apply("max", a, b), apply("log1p", apply("exp", distance)))
    }
  }

  /// The tensors sorted by insertion: each element goes before those that it comes before.
  static func sort(
    _ operation: Sort, _ operands: [ReferenceTensor], _ isBefore: Function
  ) throws -> [ReferenceTensor] {
    let shape = operands[0].shape
    var results = operands
    var lines = shape
    lines[operation.dimension] = min(1, shape[operation.dimension])
    try ReferenceTensor.forEachIndex(of: lines) { start in
      func element(_ tensor: ReferenceTensor, _ position: Int) -> ReferenceScalar {
        var index = start
        index[operation.dimension] = position
        return tensor[index]
      }
      var order: [Int] = []
      for position in 0..<shape[operation.dimension] {
        var place = order.count
        while place > 0 {
          let other = order[place - 1]
          let wins = try isBefore(
            operands.flatMap { [element($0, position), element($0, other)] })[0]
          guard wins.isCertain else {
            throw InterpreterError("rounding decides an order: choose other inputs")
          }
          if wins.bits == 0 { break }
          place -= 1
        }
        order.insert(position, at: place)
      }
      for (position, source) in order.enumerated() {
        var index = start
        index[operation.dimension] = position
        let place = zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }
        for slot in operands.indices {
          results[slot].values[place] = element(operands[slot], source)
        }
      }
    }
    return results
  }

  /// The greatest elements and their indices.
  static func topK(_ operation: TopK, _ x: ReferenceTensor) -> [ReferenceTensor] {
    let size = x.shape[x.shape.count - 1]
    let shape = x.shape.dropLast() + [operation.count]
    var (values, places): ([ReferenceScalar], [ReferenceScalar]) = ([], [])
    ReferenceTensor.forEachIndex(of: Array(x.shape.dropLast())) { outer in
      let row = (0..<size).map { x[outer + [$0]] }
      let order = row.indices.sorted { a, b in
        let (p, q) = (row[a], row[b])
        if !x.element.isFloating {
          let (i, j) = (x.element.integer(p.bits), x.element.integer(q.bits))
          return i == j ? a < b : i > j
        }
        let (i, j) = (x.element.number(p.bits), x.element.number(q.bits))
        return i.isTotallyOrdered(belowOrEqualTo: j)
          ? j.isTotallyOrdered(belowOrEqualTo: i) && a < b : true
      }
      let isOpen = zip(order, order.dropFirst()).contains { a, b in
        mayBeEqual(row[a], row[b], x.element)
      }
      for place in order.prefix(operation.count) {
        values.append(row[place])
        places.append(ReferenceScalar(bits: UInt64(place), bound: isOpen ? .infinity : 0))
      }
    }
    return [
      ReferenceTensor(x.element, Array(shape), values),
      ReferenceTensor(.int32, Array(shape), places),
    ]
  }

  /// Whether rounding decides which of two elements is the greater one.
  private static func mayBeEqual(
    _ a: ReferenceScalar, _ b: ReferenceScalar, _ type: ElementType
  ) -> Bool {
    let slack = a.bound + b.bound
    guard slack > 0 else { return false }
    return !slack.isFinite || (type.number(a.bits) - type.number(b.bits)).magnitude <= slack
  }

  /// How many elements are on the left of the place of each value.
  static func searchSorted(
    _ operation: SearchSorted, _ sorted: ReferenceTensor, _ values: ReferenceTensor
  ) -> ReferenceTensor {
    func isLeft(_ a: ReferenceScalar, _ b: ReferenceScalar) -> Bool {
      let type = sorted.element
      if !type.isFloating {
        let (x, y) = (type.integer(a.bits), type.integer(b.bits))
        return operation.isRight ? x <= y : x < y
      }
      let (x, y) = (type.number(a.bits), type.number(b.bits))
      if y.isNaN { return operation.isRight || !x.isNaN }
      return operation.isRight ? x <= y : x < y
    }
    return ReferenceTensor(
      .int32, values.shape,
      values.values.map { value in
        let count = sorted.values.prefix { isLeft($0, value) }.count
        // Of elements that are not sorted, where the search looks decides.
        let isSorted = !sorted.values.dropFirst(count).contains { isLeft($0, value) }
        let isOpen = sorted.values.contains { mayBeEqual($0, value, sorted.element) }
        return ReferenceScalar(bits: UInt64(count), bound: isSorted && !isOpen ? 0 : .infinity)
      })
  }

  /// A tensor with what surrounds it and lies between its elements.
  private static func pad(
    _ x: ReferenceTensor, _ window: Window, _ padding: ReferenceScalar
  ) -> ReferenceTensor {
    let shape = x.shape.indices.map { d in
      max(0, (x.shape[d] - 1) * window.baseDilation[d] + min(1, x.shape[d]))
        + window.padding[d][0] + window.padding[d][1]
    }
    return ReferenceTensor(x.element, shape) { index in
      var source: [Int] = []
      for d in index.indices {
        let (quotient, remainder) = (index[d] - window.padding[d][0])
          .quotientAndRemainder(dividingBy: window.baseDilation[d])
        guard remainder == 0, x.shape[d] > quotient, quotient >= 0 else { return padding }
        source.append(quotient)
      }
      return x[source]
    }
  }

  private static func windowCounts(_ window: Window, _ shape: [Int]) -> [Int] {
    shape.indices.map { d in
      let reach = (window.size[d] - 1) * window.windowDilation[d] + 1
      return reach > shape[d] ? 0 : (shape[d] - reach) / window.strides[d] + 1
    }
  }
}
