@testable import VMap

extension ProgramGenerator {
  func iota() -> [RandomValue]? {
    let type = choices.type()
    var shape = randomShape()
    if shape.isEmpty { shape = [choices.size()] }
    guard type != .bool else { return nil }
    let dimension = choices.below(shape.count)
    let made = emit(
      Iota(type: TensorType(element: type, shape: shape), dimension: dimension), [],
      magnitude: Double(shape[dimension]), digits: 0)
    return made.map { [shrunk($0, to: 40)] }
  }

  func broadcast() -> [RandomValue]? {
    guard let x = pick() else { return nil }
    var shape = x.shape.map { $0 == 1 && choices.chance(60) ? choices.size() : $0 }
    var dimensions = Array(shape.indices)
    for _ in 0..<choices.number(in: shape == x.shape ? 1...2 : 0...1) {
      let place = choices.below(shape.count + 1)
      shape.insert(choices.size(), at: place)
      dimensions = dimensions.map { $0 >= place ? $0 + 1 : $0 }
    }
    return emit(Broadcast(shape: shape, dimensions: dimensions), [x]).map { [$0] }
  }

  func barrier() -> [RandomValue]? {
    pick().flatMap { emit(Barrier(number: choices.below(100)), [$0]) }.map { [$0] }
  }

  func reshape() -> [RandomValue]? {
    guard let x = pick() else { return nil }
    var shape = choices.chance(50) ? [x.count] : x.shape
    if let place = shape.indices.last(where: { shape[$0] > 3 }) {
      let size = shape[place]
      let divisors = (2..<size).filter { size.isMultiple(of: $0) }
      if !divisors.isEmpty {
        let divisor = choices.element(of: divisors)
        shape.replaceSubrange(place...place, with: [divisor, size / divisor])
      }
    }
    if choices.chance(30) { shape.insert(1, at: choices.below(shape.count + 1)) }
    return shape == x.shape ? nil : emit(Reshape(shape: shape), [x]).map { [$0] }
  }

  func transpose() -> [RandomValue]? {
    guard let x = pick(where: { $0.shape.count > 1 }) else { return nil }
    return emit(Transpose(permutation: shuffled(x.shape.count)), [x]).map { [$0] }
  }

  /// The numbers below a count in another order.
  func shuffled(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for place in order.indices.reversed() { order.swapAt(place, choices.below(place + 1)) }
    return order
  }

  func slice() -> [RandomValue]? {
    guard let x = pick(where: { !$0.shape.isEmpty }) else { return nil }
    var (starts, limits, strides): ([Int], [Int], [Int]) = ([], [], [])
    for size in x.shape {
      let start = choices.chance(50) ? 0 : choices.below(size + 1)
      starts.append(min(start, max(0, size - 1)))
      limits.append(choices.chance(50) ? size : choices.number(in: starts[starts.count - 1]...size))
      strides.append(choices.chance(70) ? 1 : choices.number(in: 1...3))
    }
    return emit(Slice(starts: starts, limits: limits, strides: strides), [x]).map { [$0] }
  }

  func reverse() -> [RandomValue]? {
    guard let x = pick(where: { !$0.shape.isEmpty }) else { return nil }
    return reversed(x).map { [$0] }
  }

  func reversed(_ x: RandomValue) -> RandomValue? {
    var dimensions = choices.subset(of: Array(x.shape.indices), 50)
    if dimensions.isEmpty { dimensions = [choices.below(x.shape.count)] }
    return emit(Reverse(dimensions: dimensions), [x])
  }

  func pad() -> [RandomValue]? {
    guard let x = pick(where: { !$0.shape.isEmpty }) else { return nil }
    func amounts() -> [Int] {
      x.shape.map { size in
        choices.chance(40) ? 0 : choices.number(in: (size > 2 ? -1 : 0)...3)
      }
    }
    let interior = x.shape.map { _ in choices.chance(75) ? 0 : choices.number(in: 1...2) }
    return emit(
      Pad(low: amounts(), high: amounts(), interior: interior), [x, value(x.element, [])]
    ).map { [$0] }
  }

  func concatenate() -> [RandomValue]? {
    guard let x = pick(where: { !$0.shape.isEmpty }) else { return nil }
    let dimension = choices.below(x.shape.count)
    var operands = [x]
    for _ in 0..<choices.number(in: 1...2) {
      if choices.chance(20) {
        operands.append(x)
      } else {
        var shape = x.shape
        shape[dimension] = choices.size()
        operands.append(value(x.element, shape))
      }
    }
    if choices.chance(50) { operands.reverse() }
    return emit(Concatenate(dimension: dimension), operands).map { [$0] }
  }

  /// The elements moved along a dimension, those that leave at one end coming in at the other.
  func rolled(_ x: RandomValue, by amount: Int, _ dimension: Int) -> RandomValue? {
    let size = x.shape[dimension]
    guard size > 1 else { return nil }
    let cut = ((size - amount) % size + size) % size
    guard cut > 0 else { return x }
    func part(_ range: Range<Int>) -> RandomValue? {
      var (starts, limits) = (x.shape.map { _ in 0 }, x.shape)
      starts[dimension] = range.lowerBound
      limits[dimension] = range.upperBound
      return emit(Slice(starts: starts, limits: limits, strides: x.shape.map { _ in 1 }), [x])
    }
    guard let tail = part(cut..<size), let head = part(0..<cut) else { return nil }
    return emit(Concatenate(dimension: dimension), [tail, head])
  }
}
