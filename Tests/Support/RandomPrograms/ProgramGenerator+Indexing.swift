@testable import VMap

extension ProgramGenerator {
  func take() -> [RandomValue]? {
    guard let x = pick(where: { !$0.shape.isEmpty }) else { return nil }
    let dimension = choices.below(x.shape.count)
    let shape = choices.element(of: [[], [choices.size()], [choices.size()], [2, 3]])
    return emit(Take(dimension: dimension), [x, index(below: x.shape[dimension], nil, shape)])
      .map { [$0] }
  }

  func dynamicSlice() -> [RandomValue]? {
    guard let x = pick(where: { !$0.shape.isEmpty }) else { return nil }
    let sizes = x.shape.map { choices.chance(30) ? $0 : choices.number(in: min(1, $0)...$0) }
    return emit(DynamicSlice(sizes: sizes), [x] + starts(x.shape)).map { [$0] }
  }

  func dynamicUpdateSlice() -> [RandomValue]? {
    guard let x = pick(where: { !$0.shape.isEmpty }) else { return nil }
    let sizes = x.shape.map { choices.chance(30) ? $0 : choices.number(in: min(1, $0)...$0) }
    let update = value(x.element, sizes)
    return emit(
      DynamicUpdateSlice(), [x, update] + starts(x.shape),
      magnitude: max(x.magnitude, update.magnitude), digits: .some(greatestDigits([x, update]))
    ).map { [$0] }
  }

  /// A scalar of one integer type for each dimension.
  private func starts(_ shape: [Int]) -> [RandomValue] {
    let type = choices.integerType()
    return shape.map { size in
      choices.chance(30)
        ? constant(Double(choices.below(size + 1)), type) : index(below: size, type)
    }
  }

  func gather() -> [RandomValue]? {
    guard let x = pick(where: { !$0.shape.isEmpty }), let windows = windowDimensions(x.shape) else {
      return nil
    }
    let indices = index(below: x.shape.max() ?? 1, nil, windows.indices)
    return emit(
      Gather(dimensions: windows.dimensions, sizes: windows.sizes), [x, indices],
      magnitude: x.magnitude, digits: .some(x.digits)
    ).map { [$0] }
  }

  struct RandomWindows {
    var dimensions: WindowDimensions
    var sizes: [Int]
    /// The shape of the indices.
    var indices: [Int]
  }

  /// Windows of a shape in any order of dimensions; nil where it has no element.
  func windowDimensions(_ shape: [Int]) -> RandomWindows? {
    guard !shape.contains(0) else { return nil }
    var (collapsed, batching, indexed): ([Int], [Int], [Int]) = ([], [], [])
    var sizes = shape
    for (dimension, size) in shape.enumerated() {
      switch choices.below(10) {
      case 0 where shape.count > 1:
        batching.append(dimension)
        sizes[dimension] = 1
      case 1...5:
        collapsed.append(dimension)
        indexed.append(dimension)
        sizes[dimension] = 1
      case 6, 7:
        indexed.append(dimension)
        sizes[dimension] = choices.number(in: 1...size)
      default: break
      }
    }
    if indexed.isEmpty {
      let dimension = choices.below(shape.count)
      guard !batching.contains(dimension) else { return nil }
      indexed = [dimension]
      sizes[dimension] = choices.number(in: 1...shape[dimension])
    }
    indexed = shuffled(indexed.count).map { indexed[$0] }
    // The dimensions of the indices: pairs of those that run along, others that count windows, and
    // the index vector.
    var extents = (0..<choices.weighted([(2, 0), (6, 1), (2, 2)])).map { _ in choices.size() }
    var places: [Int] = []
    for dimension in batching {
      let place = choices.below(extents.count + 1)
      extents.insert(shape[dimension], at: place)
      places = places.map { $0 >= place ? $0 + 1 : $0 } + [place]
    }
    var vector = extents.count
    if indexed.count > 1 || choices.chance(50) {
      vector = choices.chance(60) ? extents.count : choices.below(extents.count + 1)
      extents.insert(indexed.count, at: vector)
      places = places.map { $0 >= vector ? $0 + 1 : $0 }
    }
    guard fits(extents) else { return nil }
    let kept = shape.indices.filter { !collapsed.contains($0) && !batching.contains($0) }.count
    let rank = extents.count - (vector < extents.count ? 1 : 0) + kept
    let window = Array(shuffled(rank).prefix(kept)).sorted()
    let dimensions = WindowDimensions(
      window: choices.chance(60) ? Array(rank - kept..<rank) : window, collapsed: collapsed,
      operandBatching: batching, indexBatching: places, indexed: indexed, vector: vector)
    return RandomWindows(dimensions: dimensions, sizes: sizes, indices: extents)
  }
}
