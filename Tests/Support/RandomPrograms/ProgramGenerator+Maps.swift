import Synchronization

@testable import VMap

extension ProgramGenerator {
  /// A map in the middle of a program: over a dimension of one value, or of two.
  func nestedMap() throws -> [RandomValue]? {
    guard innerAxes.count < 2, let x = pick(where: { !$0.shape.isEmpty && $0.count > 0 }) else {
      return nil
    }
    let dimension = choices.below(x.shape.count)
    let size = x.shape[dimension]
    let axis = trace.makeAxis(name: nil, extent: .constant(size))
    innerAxes.append(axis)
    defer { innerAxes.removeLast() }
    func bound(_ value: RandomValue, _ dimension: Int) -> RandomValue {
      let handle = trace.emit(BindAxis(axis: axis, dimension: dimension), [value.handle])[0]
      return RandomValue(handle, magnitude: value.magnitude, digits: value.digits)
    }
    let outer = (pool, budget)
    defer { (pool, budget) = outer }
    let other = choices.chance(40) ? pick(where: { $0.shape.first == size }) : nil
    pool.append(bound(x, dimension))
    if let other { pool.append(bound(other, 0)) }
    let first = pool.count
    budget = choices.number(in: 1...3)
    try grow()
    var results: [RandomValue] = []
    for value in pool[(first - 1)...].reversed().prefix(choices.number(in: 1...2)) {
      guard value.count * size <= options.greatestCount else { continue }
      let place = choices.below(value.shape.count + 1)
      let handle = trace.emit(UnbindAxis(axis: axis, dimension: place), [value.handle])[0]
      results.append(RandomValue(handle, magnitude: value.magnitude, digits: value.digits))
    }
    return results.isEmpty ? nil : results
  }

  /// What combines the examples along an axis, or tells them apart.
  func collective() throws -> [RandomValue]? {
    // In a region it would keep examples in step.
    guard depth == 0 || choices.chance(20) else { return nil }
    let open = axes.map { ($0.id, true) } + innerAxes.map { ($0, false) }
    guard !open.isEmpty else { return nil }
    let (axis, isOuter) = choices.element(of: open)
    if choices.chance(25) {
      let handle = trace.emit(AxisIndex(axis: axis), [])[0]
      return [RandomValue(handle, magnitude: 64, digits: 0)]
    }
    guard let x = pick() else { return nil }
    let extent = trace.state.withLock { $0.program.axes[axis].extent.constant }
    if choices.chance(35), let extent, fits(x.shape + [extent]) {
      usesOtherExamples = usesOtherExamples || isOuter
      let dimension = choices.below(x.shape.count + 1)
      let handle = trace.emit(AllGather(axis: axis, dimension: dimension), [x.handle])[0]
      return [RandomValue(handle, magnitude: x.magnitude, digits: x.digits)]
    }
    var kinds = [Reduce.Kind.sum, .sum, .maximum, .minimum, .and, .or]
    // Products of more numbers would be too large or too small; those of integers wrap.
    if extent.map({ $0 <= 3 }) ?? false || !x.element.isInexact { kinds.append(.product) }
    let kind = choices.element(of: kinds)
    // Of no example the greatest is infinite, and what does not vary is itself.
    let varies = trace.type(of: try trace.value(for: x.handle)).axes.contains(axis)
    if kind != .sum, extent == nil, x.element.isInexact || !varies { return nil }
    let operation = AxisReduce(kind: kind, axis: axis)
    guard (try? operation.resultTypes([x.type])) != nil else { return nil }
    usesOtherExamples = usesOtherExamples || isOuter
    let handle = trace.emit(operation, [x.handle])[0]
    let count = Double(extent ?? 64)
    let isInexact = x.element.isInexact
    let grown =
      switch kind {
      case .sum: x.magnitude * count
      case .product: (0..<Int(count)).reduce(1) { size, _ in size * max(x.magnitude, 1) }
      default: x.magnitude
      }
    let magnitude = isInexact ? grown : x.element.greatestMagnitude
    return [shrunk(RandomValue(handle, magnitude: magnitude, digits: x.digits), to: 64)]
  }
}
