@testable import VMap

extension ProgramGenerator {
  func reduce() -> [RandomValue]? {
    let kinds: [Reduce.Kind] = [.sum, .sum, .sum, .maximum, .minimum, .product, .and, .or]
    let kind = choices.element(of: kinds)
    guard let x = pick(where: { !$0.shape.isEmpty && kind.accepts($0.element) }) else { return nil }
    var dimensions = choices.subset(of: Array(x.shape.indices), 60)
    if dimensions.isEmpty { dimensions = [choices.below(x.shape.count)] }
    return reduced(x, kind, dimensions).map { [$0] }
  }

  func reduced(_ x: RandomValue, _ kind: Reduce.Kind, _ dimensions: [Int]) -> RandomValue? {
    let count = dimensions.reduce(1) { $0 * x.shape[$1] }
    let isInexact = x.element.isInexact
    switch kind {
    case .sum:
      let most = x.magnitude * Double(max(1, count))
      let magnitude = isInexact ? most : min(most, x.element.greatestMagnitude)
      return emit(Reduce(kind: kind, dimensions: dimensions), [x], magnitude: magnitude)
    case .product:
      let operand = isInexact ? factors(x, count) : x
      return emit(
        Reduce(kind: kind, dimensions: dimensions), [operand],
        magnitude: isInexact ? 16 : x.element.greatestMagnitude, digits: .some(isInexact ? nil : 0))
    case .maximum, .minimum:
      // Of nothing it is infinite.
      if count == 0, isInexact { return nil }
      return emit(
        Reduce(kind: kind, dimensions: dimensions), [x],
        magnitude: count == 0 ? x.element.greatestMagnitude : x.magnitude)
    case .and, .or:
      return emit(
        Reduce(kind: kind, dimensions: dimensions), [x], magnitude: x.element.greatestMagnitude)
    }
  }

  /// Numbers around 1, so that a product of so many stays small.
  private func factors(_ x: RandomValue, _ count: Int) -> RandomValue {
    let small = shrunk(x, to: 1 / Double(max(2, count)))
    return apply(
      "add", small, constant(1, x.element), magnitude: 1 + small.magnitude)
  }

  func argReduce() -> [RandomValue]? {
    guard let x = ordered(where: { !$0.shape.contains(0) }) else { return nil }
    let dimension = choices.below(x.shape.count)
    return emit(
      ArgReduce(isMaximum: choices.chance(50), dimension: dimension), [x],
      magnitude: Double(x.shape[dimension]), digits: 0
    ).map { [$0] }
  }

  /// A value whose elements can be compared without anything being decided by rounding.
  func ordered(where accepts: (RandomValue) -> Bool = { _ in true }) -> RandomValue? {
    let found = pick {
      !$0.shape.isEmpty && !$0.element.isComplex && accepts($0)
        && ($0.isExact || $0.element.isFloating)
    }
    guard let found, !found.isExact else { return found }
    // What is rounded is cut into a few steps, so that hardly any element lies at the edge of one.
    let steps = apply("mul", found, constant(2.125, found.element))
    return converted(steps, to: .int32)
  }

  func cumulative() -> [RandomValue]? {
    guard let x = pick(where: { !$0.shape.isEmpty }) else { return nil }
    let kinds: [Cumulative.Kind] = [.sum, .sum, .maximum, .minimum, .product, .logSumExp]
    return accumulated(x, choices.element(of: kinds), choices.below(x.shape.count)).map { [$0] }
  }

  func accumulated(
    _ x: RandomValue, _ kind: Cumulative.Kind, _ dimension: Int
  ) -> RandomValue? {
    let count = x.shape[dimension]
    let operation = Cumulative(
      kind: kind, dimension: dimension, isReversed: choices.chance(30))
    let isInexact = x.element.isInexact
    switch kind {
    case .sum:
      let most = x.magnitude * Double(max(1, count))
      return emit(
        operation, [x], magnitude: isInexact ? most : min(most, x.element.greatestMagnitude))
    case .product:
      return emit(
        operation, [isInexact ? factors(x, count) : x],
        magnitude: isInexact ? 16 : x.element.greatestMagnitude, digits: .some(isInexact ? nil : 0))
    case .maximum, .minimum: return emit(operation, [x])
    case .logSumExp: return emit(operation, [x], magnitude: x.magnitude + 8, digits: .some(nil))
    }
  }

  func topK() -> [RandomValue]? {
    guard let x = ordered(), let size = x.shape.last else { return nil }
    // Zeros of both signs are equal, but not in the order of all bits.
    let operand = x.element.isFloating ? apply("abs", x) : x
    let count =
      choices.chance(50) ? min(size, choices.number(in: 1...3)) : choices.number(in: 0...size)
    let operation = TopK(count: count, rank: x.shape.count)
    guard (try? operation.resultTypes([operand.type])) != nil else { return nil }
    let results = trace.emit(operation, [operand.handle])
    return [
      RandomValue(results[0], magnitude: x.magnitude, digits: x.digits),
      RandomValue(results[1], magnitude: Double(size), digits: 0),
    ]
  }

  func searchSorted() -> [RandomValue]? {
    guard let x = ordered() else { return nil }
    let sorted: RandomValue
    switch choices.below(4) {
    case 0 where x.shape.count == 1:
      guard let made = sortedOnce([x], 0)?.first else { return nil }
      sorted = made
    case 1:
      let count = choices.size()
      guard x.element != .bool, Double(count) < x.element.greatestMagnitude,
        let made = emit(
          Iota(type: TensorType(element: x.element, shape: [count]), dimension: 0), [],
          magnitude: Double(count), digits: 0)
      else { return nil }
      sorted = made
    default:
      let values = value(x.element, [choices.size()])
      guard values.isExact, let made = sortedOnce([values], 0)?.first else { return nil }
      sorted = made
    }
    guard x.isExact, sorted.isExact else { return nil }
    let operation = SearchSorted(isRight: choices.chance(50))
    return emit(operation, [sorted, x], magnitude: 512, digits: 0).map { [$0] }
  }

  /// A row less its greatest element, its exponential, and that divided by the sum.
  func softmax() -> [RandomValue]? {
    guard let x = pick(where: { !$0.shape.isEmpty && $0.element.isFloating && $0.count > 0 }) else {
      return nil
    }
    let dimension = choices.below(x.shape.count)
    let others = x.shape.indices.filter { $0 != dimension }
    func spread(_ value: RandomValue) -> RandomValue? {
      emit(Broadcast(shape: x.shape, dimensions: Array(others)), [value])
    }
    guard let greatest = reduced(x, .maximum, [dimension]), let most = spread(greatest) else {
      return nil
    }
    let shifted = apply("sub", x, most, magnitude: 2 * x.magnitude)
    let weights = apply("exp", shifted, magnitude: 1, digits: .some(nil))
    guard let sum = reduced(weights, .sum, [dimension]), let total = spread(sum) else { return nil }
    return [apply("div", weights, total, magnitude: 1, digits: .some(nil))]
  }
}
